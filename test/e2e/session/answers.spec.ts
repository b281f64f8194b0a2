import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PrimitiveClaim, Session } from 'latchkey';
import { clearsCookies, clearsHeaders, cookiesSet, saysNothingOfTokens } from '../../support/answers.js';
import { tampered } from '../../support/forged-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const plan = new PrimitiveClaim<string>({ key: 'plan', fetchValue: () => 'free' });

@Controller('premium')
class PremiumController {
  @Get()
  @Session({
    overrideGlobalClaimValidators: (others) => [
      ...others,
      plan.validators.hasValue('pro'),
      { id: 'second', validate: () => ({ isValid: false, reason: 'never' }) },
    ],
  })
  premium() {
    return { done: true };
  }
}

const refresh = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/auth/session/refresh`, { method: 'POST', headers });

describe.each(frameworks)('answers to requests without a good session on %s', (framework) => {
  const controllers = [PremiumController];
  let app: SessionApp;
  let configured: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers });
    configured = await startSessionApp(framework, {
      controllers,
      session: { sessionExpiredStatusCode: 440, invalidClaimStatusCode: 418 },
    });
  });
  afterAll(() => Promise.all([app.close(), configured.close()]));

  test('no access token: 401 without clearing, since another tab may be refreshing', async () => {
    for (const headers of [
      {},
      { cookie: 'sAccessToken=' },
      { cookie: 'other=1' },
      { authorization: 'Bearer' },
    ] as Record<string, string>[]) {
      const response = await fetch(`${app.url}/me`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await response.json()).toEqual({ message: 'unauthorised' });
      expect(saysNothingOfTokens(response)).toBe(true);
    }
  });

  test('an unreadable access token: 401 without clearing', async () => {
    const response = await fetch(`${app.url}/me`, { headers: { cookie: 'sAccessToken=garbage' } });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'unauthorised' });
    expect(saysNothingOfTokens(response)).toBe(true);
  });

  test('a refresh without a token: 401 with clearing, of cookies where some came', async () => {
    for (const headers of [{}, { cookie: 'sRefreshToken=' }, { cookie: 'sAccessToken=x' }] as Record<
      string,
      string
    >[]) {
      const response = await refresh(app.url, headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'unauthorised' });
      expect([clearsCookies(response), clearsHeaders(response)]).toEqual(['cookie' in headers, true]);
      expect(response.headers.get('front-token')).toBe('remove');
    }
  });

  test('cookies are cleared at the path and with the attributes they were set with', async () => {
    const { client, response } = await app.signedIn('cookie');
    const set = cookiesSet(response);
    const cleared = cookiesSet(await client.signOut());
    const scope = (cookies: typeof set) => cookies.map((cookie) => ({ ...cookie, value: '', expires: undefined }));
    expect(scope(cleared)).toEqual(scope(set));
    expect(cleared.map(({ value, expires }) => [value, expires?.getTime()])).toEqual([
      ['', 0],
      ['', 0],
    ]);
  });

  test('requirements not met: 403 with everything that is wrong', async () => {
    const { client } = await app.signedIn();
    const response = await client.get('/premium');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      message: 'invalid claim',
      claimValidationErrors: [
        { id: 'plan', reason: { message: 'wrong value', expectedValue: 'pro', actualValue: 'free' } },
        { id: 'second', reason: 'never' },
      ],
    });
    expect(response.headers.get('front-token')).not.toBe('remove');
  });

  test('a configured status code stands for every kind of missing session', async () => {
    const { client } = await configured.signedIn('header');
    const { accessToken, refreshToken } = client.tokens;
    const get = (token: string) => fetch(`${configured.url}/me`, { headers: { authorization: `Bearer ${token}` } });

    const answers = [
      [await fetch(`${configured.url}/me`), 'unauthorised'],
      [await get(tampered(accessToken!, {}, { sub: 'admin' })), 'try refresh token'],
      [await refresh(configured.url), 'unauthorised'],
    ] as const;
    await client.refresh();
    await client.refresh();
    const theft = await refresh(configured.url, { authorization: `Bearer ${refreshToken}` });

    for (const [response, message] of [...answers, [theft, 'token theft detected'] as const]) {
      expect(response.status).toBe(440);
      expect(await response.json()).toEqual({ message });
    }
  });

  test('a configured status code stands for requirements that are not met', async () => {
    const { client } = await configured.signedIn();
    const response = await client.get('/premium');
    expect(response.status).toBe(418);
    expect(await response.json()).toMatchObject({ message: 'invalid claim' });
  });

  test('answers tell nothing of the reason why a token was refused', async () => {
    const { client } = await app.signedIn();
    const bodies = await Promise.all(
      [
        tampered(client.tokens.accessToken!, { kid: 'd-unknown' }),
        tampered(client.tokens.accessToken!, { alg: 'none' }),
        tampered(client.tokens.accessToken!, {}, { exp: 1 }),
      ].map(async (token) => {
        const response = await fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${token}` } });
        return response.text();
      }),
    );
    expect(new Set(bodies)).toEqual(new Set(['{"message":"try refresh token"}']));
  });

  test('the refresh and sign-out routes are POST only', async () => {
    for (const path of ['session/refresh', 'signout']) {
      expect((await fetch(`${app.url}/auth/${path}`)).status).toBe(404);
    }
  });
});
