import { ConflictException, Controller, Get, HttpException } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadInputError,
  EmailPasswordApi,
  EmailPasswordFunctions,
  Session,
  SessionApi,
  UnauthorisedError,
  type CreateResetPasswordTokenInput,
  type EmailExistsGETInput,
  type PasswordResetPOSTInput,
  type SignInInput,
  type SignInPOSTInput,
  type SignUpPOSTInput,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { RecordedLog } from '../../support/recorded-log.js';

const SECRET = 'postgres://root:hunter2@db';

type Thrower = (() => never) | undefined;
let thrown: Thrower;
let returned: unknown;

class FailingApi extends EmailPasswordApi {
  override async signInPOST(input: SignInPOSTInput) {
    thrown?.();
    return super.signInPOST(input);
  }
  override async emailExistsGET(_input: EmailExistsGETInput) {
    return returned as { status: 'OK'; exists: boolean };
  }
  override async signUpPOST(_input: SignUpPOSTInput) {
    return returned as { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
  }
  override async passwordResetPOST(_input: PasswordResetPOSTInput) {
    return returned as { status: 'OK' };
  }
}

/** Throws before it has returned a promise. */
class FailingFunctions extends EmailPasswordFunctions {
  override createResetPasswordToken(_input: CreateResetPasswordTokenInput): Promise<never> {
    throw new Error(SECRET);
  }
  override async signIn(input: SignInInput) {
    if (input.email === 'function@example.com') throw new TypeError(SECRET);
    return super.signIn(input);
  }
}

class FailingSessionApi extends SessionApi {
  override async signOutPOST(): Promise<never> {
    throw new ConflictException({ reason: 'still busy' });
  }
  override async refreshPOST() {
    return returned as void;
  }
  override async verifySession(): Promise<never> {
    throw new Error(SECRET);
  }
}

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  read() {
    return 'reached';
  }
}

const raise = (error: unknown) => (): never => {
  throw error;
};

describe.each(frameworks)('An override that fails on %s', (framework) => {
  let auth: AuthApp;
  const log = new RecordedLog();

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: { override: { apis: FailingSessionApi } },
      emailPassword: { override: { apis: FailingApi, functions: FailingFunctions } },
      application: { controllers: [GuardedController] },
      logger: log,
    });
  });
  afterEach(() => {
    thrown = undefined;
    returned = undefined;
    log.lines.length = 0;
  });
  afterAll(() => auth.app.close());

  const signIn = (email = newEmail()) => auth.client().signIn(email, PASSWORD);

  it('by an Error is a 500 that gives nothing away, and the log has it', async () => {
    thrown = () => {
      throw new Error(SECRET);
    };

    const response = await signIn();

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('hunter2');
    expect(log.errors().join('\n')).toContain(SECRET);
    expect(log.errors().join('\n')).toContain('signInPOST');
  });

  it.each([['a string'], [undefined], [{ status: 'OK' }]])('by throwing %j is a 500', async (value) => {
    thrown = raise(value);

    const response = await signIn();

    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ message: 'Internal server error' });
  });

  it("by Nest's HttpException has the exception's status and body", async () => {
    thrown = raise(new HttpException('slow down', 429));

    const response = await signIn();
    const signOut = await auth.client().signOut();

    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ message: 'slow down' });
    expect(signOut.status).toBe(409);
    expect(await signOut.json()).toEqual({ reason: 'still busy' });
  });

  it('by an AuthError has the answer of the wire', async () => {
    thrown = raise(new UnauthorisedError());
    const unauthorised = await signIn();
    thrown = raise(new BadInputError('no such thing', { detail: SECRET }));
    const badInput = await signIn();

    expect(unauthorised.status).toBe(401);
    expect(await unauthorised.json()).toEqual({ message: 'unauthorised' });
    expect(unauthorised.headers.get('front-token')).toBe('remove');
    expect(badInput.status).toBe(400);
    expect(await badInput.json()).toEqual({ message: 'no such thing' });
  });

  it('in a function is a 500 that gives nothing away', async () => {
    const response = await signIn('function@example.com');

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('hunter2');
  });

  it('in the function that makes a reset token tells nobody who has an account', async () => {
    const email = newEmail();
    await auth.app.get(EmailPasswordFunctions, { strict: false }).signUp({ email, password: PASSWORD });
    const ask = (address: string) => auth.client().auth('user/password/reset/token', formFields({ email: address }));

    const answers = [];
    for (const response of [await ask(email), await ask(newEmail())]) {
      answers.push({ status: response.status, text: await response.text() });
    }

    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]!.status).toBe(500);
    expect(answers[0]!.text).not.toContain('hunter2');
    expect(log.errors().join('\n')).toContain(SECRET);
  });

  it('in verifySession is a 500, and the guarded route is not reached', async () => {
    const response = await auth.client().get('/guarded');

    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/hunter2|reached/);
  });

  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [true, 'a boolean'],
    ['OK', 'a string'],
    [[], 'a list'],
    [{}, 'an object without a status'],
    [{ status: 1 }, 'an object without a status'],
    [{ ok: true }, 'an object without a status'],
    [{ status: 'OK' }, 'status OK without exists (boolean)'],
    [{ status: 'OK', exists: 'yes' }, 'status OK without exists (boolean)'],
  ])('by returning %j is a 500, and the log says what is wrong and where', async (value, problem) => {
    returned = value;

    const response = await auth.client().get('/auth/emailpassword/email/exists?email=a@example.com');

    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ message: 'Internal server error' });
    expect(log.errors().join('\n')).toContain(
      `FailingApi.emailExistsGET returned ${problem}. Return an answer with a status, such as that of ` +
        'super.emailExistsGET(input), or decide the response by input.options.res.sendJSONResponse(…).',
    );
  });

  it.each([[{ status: 'OK' }], [{ status: 'OK', user: null }], [{ status: 'OK', user: 'ada' }]])(
    'of sign-up by returning %j is a 500 that names what is missing',
    async (value) => {
      returned = value;

      const response = await auth.client().signUp(newEmail(), PASSWORD);

      expect(response.status).toBe(500);
      expect(log.errors().join('\n')).toContain('FailingApi.signUpPOST returned status OK without user (object)');
    },
  );

  it('may return a status that clients do not know yet', async () => {
    returned = { status: 'SIGN_UP_NOT_ALLOWED', reason: 'later' };

    const response = await auth.client().signUp(newEmail(), PASSWORD);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(returned);
  });

  it('may return nothing from refresh, whose answer has no content', async () => {
    const response = await auth.client().auth('session/refresh', {});

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({});
  });

  it('by returning a string from refresh is a 500', async () => {
    returned = 'refreshed';

    const response = await auth.client().auth('session/refresh', {});

    expect(response.status).toBe(500);
    expect(log.errors().join('\n')).toContain('FailingSessionApi.refreshPOST returned a string');
  });
});
