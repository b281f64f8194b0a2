import { Controller, Get, UseInterceptors, type CallHandler, type ExecutionContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { map } from 'rxjs';
import {
  EmailPasswordApi,
  Session,
  SessionApi,
  type EmailExistsGETInput,
  type GeneratePasswordResetTokenPOSTInput,
  type SignInPOSTInput,
  type SignUpPOSTInput,
  type VerifySessionInput,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';

const DAY_MS = 86_400_000;

class OwnResponses extends EmailPasswordApi {
  /** An answer of its own, with a status, a header and a cookie. */
  override async emailExistsGET({ options: { res } }: EmailExistsGETInput) {
    res.setStatusCode(418);
    res.setHeader('x-own', 'one', false);
    res.setHeader('x-own', 'two', true);
    res.setCookie('own', 'a b', undefined, false, true, Date.now() + DAY_MS, '/', 'strict');
    res.sendJSONResponse({ message: 'my custom response' });
    return { status: 'OK' as const, exists: false };
  }

  /** Runs the real thing, and tells it in other words. */
  override async signUpPOST(input: SignUpPOSTInput) {
    const result = await super.signUpPOST(input);
    input.options.res.setStatusCode(201);
    input.options.res.sendJSONResponse({ welcome: result.status });
    return result;
  }

  /** Decides first, and signs in afterwards. */
  override async signInPOST(input: SignInPOSTInput) {
    input.options.res.sendJSONResponse(['first']);
    input.options.res.sendJSONResponse(['second']);
    return super.signInPOST(input);
  }

  override async generatePasswordResetTokenPOST({ options }: GeneratePasswordResetTokenPOSTInput) {
    options.res.sendJSONResponse(JSON.parse(options.req.getHeaderValue('x-content')!));
    return { status: 'OK' as const };
  }
}

class OwnVerification extends SessionApi {
  override async verifySession(input: VerifySessionInput) {
    const { req, res } = input.options;
    if (req.getHeaderValue('x-robot') !== undefined) {
      res.setStatusCode(429);
      res.sendJSONResponse({ message: 'robots wait' });
      return undefined;
    }
    return super.verifySession(input);
  }
}

class Wrapping {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((body: unknown) => ({ wrapped: body })));
  }
}

@Controller('guarded')
class GuardedController {
  calls = 0;

  @Get()
  @Session()
  @UseInterceptors(Wrapping)
  read() {
    return ++this.calls;
  }
}

describe.each(frameworks)('Answers of their own by options.res on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: { override: { apis: OwnVerification } },
      emailPassword: { override: { apis: OwnResponses } },
      application: { controllers: [GuardedController] },
    });
  });
  afterAll(() => auth.app.close());

  it('sends the status, headers, cookies and body of the override, not what it returns', async () => {
    const response = await auth.client().get('/auth/emailpassword/email/exists?email=a@example.com');

    expect(response.status).toBe(418);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('x-own')).toBe('one, two');
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^own=a%20b; (.*; )?Path=\/; (.*; )?HttpOnly; SameSite=Strict$/),
    ]);
    expect(await response.json()).toEqual({ message: 'my custom response' });
  });

  it.each(['cookie', 'header'] as const)('keeps the session that super made, by %s', async (transferMethod) => {
    const client = auth.client({ transferMethod });

    const response = await client.signUp(newEmail(), PASSWORD);

    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ welcome: 'OK' });
    expect((await client.get('/guarded')).status).toBe(200);
  });

  it('sends the first of two answers, and the cookies set after it', async () => {
    const [email, client] = [newEmail(), auth.client({ transferMethod: 'cookie' })];
    await auth.client().signUp(email, PASSWORD);

    const response = await client.signIn(email, PASSWORD);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(['first']);
    expect(client.cookies.get('sAccessToken')).toMatch(/^ey/);
  });

  it.each([[null], ['text'], [0], [false], [[1, 'two']], [{ a: null }]])('sends %j as JSON', async (content) => {
    const body = formFields({ email: newEmail() });
    const headers = { 'x-content': JSON.stringify(content) };

    const response = await auth.client().post('/auth/user/password/reset/token', body, { headers });

    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.text()).toBe(JSON.stringify(content));
  });

  it('an override of verifySession answers instead of a guarded route, which is not reached', async () => {
    const client = auth.client();
    await client.signUp(newEmail(), PASSWORD);
    const { calls } = auth.app.get(GuardedController);

    const response = await client.get('/guarded', { headers: { 'x-robot': 'yes' } });

    expect(response.status).toBe(429);
    expect(await response.json()).toEqual({ message: 'robots wait' });
    expect(auth.app.get(GuardedController).calls).toBe(calls);
    expect(await (await client.get('/guarded')).json()).toEqual({ wrapped: calls + 1 });
  });
});
