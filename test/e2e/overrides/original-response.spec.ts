import { Controller, Get } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordApi,
  Session,
  SessionApi,
  type APIOptions,
  type EmailExistsGETInput,
  type GeneratePasswordResetTokenPOSTInput,
  type SignInPOSTInput,
  type SignUpPOSTInput,
  type VerifySessionInput,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';

interface ExpressLike {
  status(code: number): { json(body: unknown): unknown };
}
interface FastifyLike {
  code(code: number): { send(body: unknown): unknown };
}
interface NodeLike {
  setHeader(name: string, value: string): void;
  end(text: string): void;
}

/** What an application writes that has its framework's response before it. */
function sendByFramework({ res }: APIOptions, statusCode: number, body: unknown): void {
  const original = res.original as ExpressLike | FastifyLike;
  if ('code' in original) original.code(statusCode).send(body);
  else original.status(statusCode).json(body);
}

class OriginalResponses extends EmailPasswordApi {
  override async emailExistsGET({ options }: EmailExistsGETInput) {
    sendByFramework(options, 418, { by: 'the framework' });
    return { status: 'OK' as const, exists: true };
  }

  override async signUpPOST(input: SignUpPOSTInput) {
    const result = await super.signUpPOST(input);
    sendByFramework(input.options, 201, { by: 'the framework', status: result.status });
    return result;
  }

  override async signInPOST(input: SignInPOSTInput): Promise<never> {
    sendByFramework(input.options, 202, { by: 'the framework' });
    throw new Error('after the answer');
  }

  override async generatePasswordResetTokenPOST({ options }: GeneratePasswordResetTokenPOSTInput) {
    const original = options.res.original as NodeLike & { raw?: NodeLike; hijack?(): void };
    original.hijack?.();
    const node = original.raw ?? original;
    node.setHeader('content-type', 'text/plain');
    node.end('straight through node');
    return { status: 'OK' as const };
  }
}

class OriginalVerification extends SessionApi {
  override async verifySession({ options }: VerifySessionInput) {
    sendByFramework(options, 402, { pay: true });
  }
}

@Controller('guarded')
class GuardedController {
  calls = 0;

  @Get()
  @Session()
  read() {
    return ++this.calls;
  }
}

describe.each(frameworks)('Answers of their own by options.res.original on %s', (framework) => {
  let auth: AuthApp;
  const log = new RecordedLog();

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: { override: { apis: OriginalVerification } },
      emailPassword: { override: { apis: OriginalResponses } },
      application: { controllers: [GuardedController] },
      logger: log,
    });
  });
  afterAll(async () => {
    await auth.app.close();
    expect(log.errors()).toEqual([]);
    expect(log.warnings().join('\n')).not.toMatch(/already sent/i);
  });

  // An answer sent twice fails after the test, where nobody waits for it: it is logged, or Jest reports it.
  afterEach(() => new Promise((resolve) => setTimeout(resolve, 20)));

  it('leaves the answer alone that the framework has sent', async () => {
    const response = await auth.client().get('/auth/emailpassword/email/exists?email=a@example.com');

    expect(response.status).toBe(418);
    expect(await response.json()).toEqual({ by: 'the framework' });
  });

  it('sends the cookies that super has set with it', async () => {
    const client = auth.client({ transferMethod: 'cookie' });

    const response = await client.signUp(newEmail(), PASSWORD);

    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ by: 'the framework', status: 'OK' });
    expect(client.cookies.get('sAccessToken')).toMatch(/^ey/);
    expect(response.headers.get('front-token')).not.toBeNull();
  });

  it('survives an override that throws after it has answered', async () => {
    const response = await auth.client().signIn(newEmail(), PASSWORD);

    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ by: 'the framework' });
    expect((await auth.client().get('/auth/jwt/jwks.json')).status).toBe(200);
    expect(log.errors().join('\n')).not.toMatch(/headers|already sent/i);
    expect(log.errors().join('\n')).toContain('after the answer');
    log.lines.length = 0;
  });

  it("leaves an answer alone that went out through node's own response", async () => {
    const response = await auth.client().auth('user/password/reset/token', formFields({ email: newEmail() }));

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('straight through node');
  });

  it('an override of verifySession answers a guarded route, which is not reached', async () => {
    const response = await auth.client().get('/guarded');

    expect(response.status).toBe(402);
    expect(await response.json()).toEqual({ pay: true });
    expect(auth.app.get(GuardedController).calls).toBe(0);
  });
});
