import { Controller, Get, HttpCode, Injectable, Post, Req, Res } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  InvalidClaimsError,
  Session,
  SessionApi,
  Sessions,
  type BaseResponse,
  type SessionErrorHandlers,
  type SignOutPOSTInput,
} from 'latchkey';
import { clearsCookies, clearsHeaders, saysNothingOfTokens } from '../../support/answers.js';
import { tampered } from '../../support/forged-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { LOGIN_METHOD, startSessionApp, type SessionApp } from '../../support/session-app.js';

@Controller('own')
class OwnController {
  constructor(private readonly sessions: Sessions) {}

  @Post('refresh')
  @HttpCode(200)
  async refresh(@Req() request: unknown, @Res({ passthrough: true }) response: unknown) {
    await this.sessions.refreshSession(request, response);
    return {};
  }

  @Get('never')
  @Session({
    overrideGlobalClaimValidators: () => [{ id: 'never', validate: () => ({ isValid: false, reason: 'no' }) }],
  })
  never() {
    return {};
  }
}

/** A sign-out with requirements of its own, so that an auth route, too, can fail them. */
@Injectable()
class StrictSignOut extends SessionApi {
  override async signOutPOST(input: SignOutPOSTInput) {
    if (input.options.req.getHeaderValue('x-strict') !== undefined) {
      throw new InvalidClaimsError([{ id: 'never', reason: 'no' }]);
    }
    return super.signOutPOST(input);
  }
}

function answer(response: BaseResponse, statusCode: number, content: object): void {
  response.setStatusCode(statusCode);
  response.setHeader('x-handled', 'yes', false);
  response.sendJSONResponse(content);
}

const inOwnWords: SessionErrorHandlers = {
  onUnauthorised: (_message, request, response) =>
    answer(response, 461, { own: 'unauthorised', method: request.getMethod() }),
  onTryRefreshToken: (_message, _request, response) => answer(response, 462, { own: 'refresh' }),
  onTokenTheftDetected: async (sessionHandle, userId, recipeUserId, _request, response) => {
    await Promise.resolve();
    answer(response, 463, { own: 'theft', sessionHandle, userId, recipeUserId });
  },
  onInvalidClaim: (errors, _request, response) => answer(response, 464, { own: 'claims', errors }),
};

describe.each(frameworks)('error handlers of the application on %s', (framework) => {
  const started: SessionApp[] = [];
  let app: SessionApp;
  beforeAll(async () => {
    app = await appWith(inOwnWords);
  });
  afterAll(() => Promise.all(started.map((other) => other.close())));

  async function appWith(errorHandlers: SessionErrorHandlers): Promise<SessionApp> {
    const other = await startSessionApp(framework, {
      controllers: [OwnController],
      session: { errorHandlers, override: { apis: StrictSignOut } },
    });
    started.push(other);
    return other;
  }
  const post = (path: string, token?: string) =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  test('onUnauthorised answers on a guarded route, without clearing', async () => {
    const response = await fetch(`${app.url}/me`);
    await expectAnswer(response, 461, { own: 'unauthorised', method: 'get' });
    expect(saysNothingOfTokens(response)).toBe(true);
  });

  test('onUnauthorised answers on an auth route, with tokens cleared before', async () => {
    const response = await post('/auth/session/refresh');
    await expectAnswer(response, 461, { own: 'unauthorised', method: 'post' });
    expect([clearsCookies(response), clearsHeaders(response)]).toEqual([false, true]);
  });

  test('onTryRefreshToken answers on a guarded route and on an auth route', async () => {
    const { client } = await app.signedIn();
    const forged = tampered(client.tokens.accessToken!, {}, { sub: 'admin' });
    await expectAnswer(await post('/me', forged), 462, { own: 'refresh' });
    await expectAnswer(await post('/auth/signout', forged), 462, { own: 'refresh' });
  });

  test.each(['/auth/session/refresh', '/own/refresh'])('onTokenTheftDetected answers at %s', async (path) => {
    const { client, handle } = await app.signedIn('header', { userId: 'ada', recipeUserId: LOGIN_METHOD });
    const stolen = client.tokens.refreshToken!;
    await client.refresh();
    await client.refresh();
    const response = await post(path, stolen);
    const theft = { own: 'theft', sessionHandle: handle, userId: 'ada', recipeUserId: LOGIN_METHOD };
    await expectAnswer(response, 463, theft);
    expect([clearsCookies(response), clearsHeaders(response)]).toEqual([true, true]);
  });

  test('onInvalidClaim answers on a guarded route and on an auth route', async () => {
    const { client } = await app.signedIn();
    const errors = [{ id: 'never', reason: 'no' }];
    await expectAnswer(await client.get('/own/never'), 464, { own: 'claims', errors });
    const signOut = await client.post('/auth/signout', {}, { headers: { 'x-strict': '1' } });
    await expectAnswer(signOut, 464, { own: 'claims', errors });
  });

  test('a handler may write to the framework itself', async () => {
    const other = await appWith({
      onUnauthorised: (_message, _request, { original }) => {
        const response = original as { status(code: number): { send(body: unknown): void } };
        response.status(470).send('in plain text');
      },
    });
    for (const response of [await fetch(`${other.url}/me`), await other.client().refresh()]) {
      expect([response.status, await response.text()]).toEqual([470, 'in plain text']);
    }
  });

  test('a handler that answers nothing leaves the usual answer, instead of a request that hangs', async () => {
    const seen: string[] = [];
    const other = await appWith({
      onUnauthorised: (message) => void seen.push(message),
      onTryRefreshToken: (message) => void seen.push(message),
      onTokenTheftDetected: (handle) => void seen.push(handle),
      onInvalidClaim: ([error]) => void seen.push(error!.id),
    });
    const { client, handle } = await other.signedIn();
    const { accessToken, refreshToken } = client.tokens;
    const signal = AbortSignal.timeout(20_000);
    const send = (path: string, token?: string) =>
      fetch(`${other.url}${path}`, {
        method: path === '/own/refresh' ? 'POST' : 'GET',
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        signal,
      });
    const answers = [
      await send('/me'),
      await send('/me', tampered(accessToken!, {}, { sub: 'admin' })),
      await send('/own/never', accessToken),
    ];
    await client.refresh();
    await client.refresh();
    answers.push(await send('/own/refresh', refreshToken));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 401]);
    const messages = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { message: string }).message),
    );
    expect(messages).toEqual(['unauthorised', 'try refresh token', 'invalid claim', 'token theft detected']);
    expect(seen).toEqual([expect.any(String), expect.any(String), 'never', handle]);
  });

  test('a handler that fails ends in a 500 that says nothing, and the application lives on', async () => {
    const other = await appWith({
      onUnauthorised: () => {
        throw new Error('database password is hunter2');
      },
      onTryRefreshToken: () => Promise.reject(new Error('database password is hunter2')),
    });
    const { client } = await other.signedIn();
    const forged = tampered(client.tokens.accessToken!, {}, { sub: 'admin' });
    const answers = [
      await fetch(`${other.url}/me`),
      await client.get('/me', { headers: { authorization: `Bearer ${forged}` } }),
    ];
    for (const response of answers) {
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ message: 'Internal server error' });
    }
    expect((await client.get('/me')).status).toBe(200);
  });
});

async function expectAnswer(response: Response, statusCode: number, content: object): Promise<void> {
  expect(await response.json()).toEqual(content);
  expect(response.status).toBe(statusCode);
  expect(response.headers.get('x-handled')).toBe('yes');
}
