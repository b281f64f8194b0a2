import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BaseRequest,
  BaseResponse,
  EmailPasswordApi,
  EmailPasswordFunctions,
  Session,
  SessionApi,
  SessionFunctions,
  type APIOptions,
  type EmailExistsGETInput,
  type SignOutPOSTInput,
  type SignUpPOSTInput,
  type VerifySessionInput,
} from 'latchkey';
import { frameworks } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';

class OwnFunctions extends EmailPasswordFunctions {}
class OwnSessionFunctions extends SessionFunctions {}

class OptionsOfEmailPassword extends EmailPasswordApi {
  seen: EmailExistsGETInput[] = [];
  signUps: SignUpPOSTInput[] = [];

  override async emailExistsGET(input: EmailExistsGETInput) {
    this.seen.push(input);
    return super.emailExistsGET(input);
  }

  override async signUpPOST(input: SignUpPOSTInput) {
    this.signUps.push(input);
    return super.signUpPOST(input);
  }
}

class OptionsOfSession extends SessionApi {
  signOuts: SignOutPOSTInput[] = [];
  verified: VerifySessionInput[] = [];

  override async signOutPOST(input: SignOutPOSTInput) {
    this.signOuts.push(input);
    return super.signOutPOST(input);
  }

  override async verifySession(input: VerifySessionInput) {
    this.verified.push(input);
    return super.verifySession(input);
  }
}

@Controller('guarded')
class GuardedController {
  @Get()
  @Session({ sessionRequired: false, antiCsrfCheck: true })
  read() {
    return 'read';
  }
}

const members = (options: APIOptions) => Object.keys(options).sort();

describe.each(frameworks)('What API methods receive on %s', (framework) => {
  let auth: AuthApp;
  let emailPassword: OptionsOfEmailPassword;
  let session: OptionsOfSession;

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: {
        invalidClaimStatusCode: 409,
        override: { apis: OptionsOfSession, functions: OwnSessionFunctions },
      },
      emailPassword: {
        signUpFeature: { formFields: [{ id: 'name', optional: true }] },
        override: { apis: OptionsOfEmailPassword, functions: OwnFunctions },
      },
      auth: { isInServerlessEnv: true },
      application: { controllers: [GuardedController] },
    });
    emailPassword = auth.app.get(EmailPasswordApi, { strict: false }) as OptionsOfEmailPassword;
    session = auth.app.get(SessionApi, { strict: false }) as OptionsOfSession;
  });
  afterAll(() => auth.app.close());

  const ALL = ['config', 'isInServerlessEnv', 'recipeId', 'recipeImplementation', 'req', 'res'];

  it('options hold all their members, of the recipe the method belongs to', async () => {
    await auth.client().get('/auth/emailpassword/email/exists?email=Ada@Example.com&email2=x');
    const { options, email, tenantId } = emailPassword.seen.at(-1)!;

    expect(members(options)).toEqual(ALL);
    expect(options.recipeImplementation).toBeInstanceOf(OwnFunctions);
    expect(options.recipeImplementation).toBe(auth.app.get(EmailPasswordFunctions, { strict: false }));
    expect(options.recipeId).toBe('emailpassword');
    expect(options.isInServerlessEnv).toBe(true);
    expect(options.config.signUpFormFields.map(({ id, optional }) => [id, optional])).toEqual([
      ['email', false],
      ['password', false],
      ['name', true],
    ]);
    expect({ email, tenantId }).toEqual({ email: 'ada@example.com', tenantId: 'public' });
  });

  it('options.req reads the request as its framework has it', async () => {
    await auth.client().get('/auth/public/emailpassword/email/exists?email=a@example.com&x=1&x=2', {
      headers: { 'x-mine': 'yes', cookie: 'a=1; b=%20two; a=3' },
    });
    const { req, res } = emailPassword.seen.at(-1)!.options;

    expect(req).toBeInstanceOf(BaseRequest);
    expect(res).toBeInstanceOf(BaseResponse);
    expect(req.getMethod()).toBe('get');
    expect(req.getOriginalURL()).toBe('/auth/public/emailpassword/email/exists?email=a@example.com&x=1&x=2');
    expect(await req.getKeyValueFromQuery('email')).toBe('a@example.com');
    expect(await req.getKeyValueFromQuery('x')).toBeUndefined();
    expect(await req.getKeyValueFromQuery('constructor')).toBeUndefined();
    expect(req.getHeaderValue('X-Mine')).toBe('yes');
    expect(req.getHeaderValue('absent')).toBeUndefined();
    expect(req.getCookieValue('a')).toBe('1');
    expect(req.getCookieValue('b')).toBe(' two');
    expect(req.getCookieValue('c')).toBeUndefined();
    expect(req.original.headers['x-mine']).toBe('yes');
    expect(typeof (res.original as { send?: unknown }).send).toBe('function');
  });

  it('options.req has the parsed body', async () => {
    const email = newEmail();
    await auth.client().signUp(` ${email.toUpperCase()} `, PASSWORD);
    const { options, formFields } = emailPassword.signUps.at(-1)!;

    expect(await options.req.getJSONBody()).toEqual({
      formFields: [
        { id: 'email', value: ` ${email.toUpperCase()} ` },
        { id: 'password', value: PASSWORD },
      ],
    });
    expect(options.req.getMethod()).toBe('post');
    expect(formFields).toEqual([
      { id: 'email', value: email },
      { id: 'password', value: PASSWORD },
    ]);
  });

  it('the Session recipe gets its own functions and config', async () => {
    await auth.client().signOut();
    const { options } = session.signOuts.at(-1)!;

    expect(members(options)).toEqual(ALL);
    expect(options.recipeId).toBe('session');
    expect(options.recipeImplementation).toBe(auth.app.get(SessionFunctions, { strict: false }));
    expect(options.recipeImplementation).toBeInstanceOf(OwnSessionFunctions);
    expect(options.config).toMatchObject({ sessionExpiredStatusCode: 401, invalidClaimStatusCode: 409 });
    expect(options.isInServerlessEnv).toBe(true);
  });

  it('verifySession gets them too, with what the route asks for', async () => {
    await auth.client().get('/guarded');
    const { options, verifySessionOptions } = session.verified.at(-1)!;

    expect(members(options)).toEqual(ALL);
    expect(options.recipeId).toBe('session');
    expect(options.recipeImplementation).toBe(auth.app.get(SessionFunctions, { strict: false }));
    expect(options.isInServerlessEnv).toBe(true);
    expect(options.req.getOriginalURL()).toBe('/guarded');
    expect(verifySessionOptions).toEqual({ sessionRequired: false, antiCsrfCheck: true });
  });
});
