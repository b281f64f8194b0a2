import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TokenTransferMethod } from 'latchkey';
import { clearsCookies, clearsHeaders, cookieSet, cookiesSet } from '../../support/answers.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

describe.each(frameworks)('how tokens travel on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework);
  });
  afterAll(() => app.close());

  const login = (headers: Record<string, string>, url = app.url) => fetch(`${url}/login`, { method: 'POST', headers });

  test('header mode sends both tokens in headers and sets no cookie', async () => {
    const response = await login({ 'st-auth-mode': 'header' });
    expect(response.headers.get('st-access-token')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(response.headers.get('st-refresh-token')).toBeTruthy();
    expect(response.headers.get('front-token')).toBeTruthy();
    expect(cookiesSet(response)).toEqual([]);
  });

  test.each([undefined, '', 'any', 'cookies', 'true', 'cookie, header'])(
    'st-auth-mode %p means header',
    async (mode) => {
      const response = await login(mode === undefined ? {} : { 'st-auth-mode': mode });
      expect(response.status).toBe(200);
      expect(response.headers.get('st-access-token')).toBeTruthy();
      expect(cookiesSet(response)).toEqual([]);
    },
  );

  test('the bearer token opens a guarded route, and the refresh token is not one', async () => {
    const { client } = await app.signedIn('header');
    const { accessToken, refreshToken } = client.tokens;
    const get = (token: string) => fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await get(accessToken!)).status).toBe(200);
    expect((await get(refreshToken!)).status).toBe(401);
    expect((await get('')).status).toBe(401);
  });

  test('an access token is no refresh token', async () => {
    const { client } = await app.signedIn('header');
    const response = await client.post('/auth/session/refresh', {});
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'unauthorised' });
  });

  test('the header comes before the cookie at verification', async () => {
    const [byHeader, byCookie] = [
      await app.signedIn('header', { userId: 'header-user' }),
      await app.signedIn('cookie', { userId: 'cookie-user' }),
    ];
    const response = await byCookie.client.get('/me', {
      headers: { authorization: `Bearer ${byHeader.client.tokens.accessToken}` },
    });
    expect(await response.json()).toMatchObject({ userId: 'header-user' });
  });

  test("somebody else's bearer token beside our cookie does not hide it", async () => {
    const { client } = await app.signedIn('cookie');
    const foreign = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
    for (const authorization of ['Bearer opaque', `Bearer ${foreign}`, 'Basic dXNlcjpwYXNz']) {
      expect((await client.get('/me', { headers: { authorization } })).status).toBe(200);
    }
  });

  describe('creating a session clears what the request carried the other way', () => {
    test('cookies, when the new session travels in headers', async () => {
      const { client } = await app.signedIn('cookie');
      const cookie = `sAccessToken=${client.cookies.get('sAccessToken')}`;
      const response = await login({ 'st-auth-mode': 'header', cookie });
      expect(clearsCookies(response)).toBe(true);
      expect(response.headers.get('st-access-token')).toBeTruthy();
      expect(response.headers.get('front-token')).not.toBe('remove');
    });

    test('headers, when the new session travels in cookies', async () => {
      const { client } = await app.signedIn('header');
      const response = await client.post('/login', {}, { headers: { 'st-auth-mode': 'cookie' } });
      expect(clearsHeaders(response)).toBe(true);
      expect(cookiesSet(response).map(({ name, value }) => [name, value !== ''])).toEqual([
        ['sAccessToken', true],
        ['sRefreshToken', true],
      ]);
      expect(response.headers.get('front-token')).not.toBe('remove');
    });

    test('nothing, when the request carried none', async () => {
      expect(cookiesSet(await login({ 'st-auth-mode': 'header' }))).toEqual([]);
      expect((await login({ 'st-auth-mode': 'cookie' })).headers.has('st-access-token')).toBe(false);
    });
  });

  test('a refresh by header clears the cookies that came along', async () => {
    const [byHeader, byCookie] = [await app.signedIn('header'), await app.signedIn('cookie')];
    const response = await byCookie.client.fetch('/auth/session/refresh', {
      method: 'POST',
      headers: { authorization: `Bearer ${byHeader.client.tokens.refreshToken}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('st-refresh-token')).toBeTruthy();
    expect(clearsCookies(response)).toBe(true);
  });

  describe('getTokenTransferMethod', () => {
    const started: SessionApp[] = [];
    afterAll(() => Promise.all(started.map((other) => other.close())));

    async function appWith(method: TokenTransferMethod): Promise<SessionApp> {
      const other = await startSessionApp(framework, { session: { getTokenTransferMethod: () => method } });
      started.push(other);
      return other;
    }

    test('cookie: the wish for headers is not granted, and a bearer token is not looked at', async () => {
      const cookiesOnly = await appWith('cookie');
      const response = await login({ 'st-auth-mode': 'header' }, cookiesOnly.url);
      expect(cookiesSet(response)).toHaveLength(2);
      expect(response.headers.has('st-access-token')).toBe(false);

      const { value: token } = cookieSet(response, 'sAccessToken');
      const byHeader = await fetch(`${cookiesOnly.url}/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(byHeader.status).toBe(401);
      const byCookie = await fetch(`${cookiesOnly.url}/me`, { headers: { cookie: `sAccessToken=${token}` } });
      expect(byCookie.status).toBe(200);
    });

    test('header: the wish for cookies is not granted, and cookies are not looked at', async () => {
      const headersOnly = await appWith('header');
      const response = await login({ 'st-auth-mode': 'cookie' }, headersOnly.url);
      expect(cookiesSet(response)).toEqual([]);
      const token = response.headers.get('st-access-token')!;
      const byCookie = await fetch(`${headersOnly.url}/me`, { headers: { cookie: `sAccessToken=${token}` } });
      expect(byCookie.status).toBe(401);
      const refresh = await fetch(`${headersOnly.url}/auth/session/refresh`, {
        method: 'POST',
        headers: { cookie: `sRefreshToken=${response.headers.get('st-refresh-token')}` },
      });
      expect(refresh.status).toBe(401);
    });
  });
});
