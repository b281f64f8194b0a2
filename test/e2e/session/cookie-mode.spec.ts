import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getRequestFromUserContext, type AppInfo, type BaseRequest, type SessionOptions } from 'latchkey';
import { clearsCookies, cookieSet, cookiesSet } from '../../support/answers.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp, type SignedIn } from '../../support/session-app.js';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

describe.each(frameworks)('session cookies on %s', (framework) => {
  const started: SessionApp[] = [];
  afterAll(() => Promise.all(started.map((app) => app.close())));

  async function signedIn(appInfo: Partial<AppInfo> = {}, session: SessionOptions = {}): Promise<SignedIn> {
    const app = await startSessionApp(framework, { appInfo, session, core: { refreshTokenLifetimeSeconds: 7200 } });
    started.push(app);
    return app.signedIn('cookie');
  }

  describe('with default options', () => {
    let response: Response;
    beforeAll(async () => {
      ({ response } = await signedIn());
    });

    test('the access cookie is for every path and lasts for a year', () => {
      const cookie = cookieSet(response, 'sAccessToken');
      expect(cookie.path).toBe('/');
      expect(Math.abs(cookie.expires!.getTime() - (Date.now() + YEAR_MS))).toBeLessThan(20_000);
    });

    test('the refresh cookie is for the refresh path only and lasts as long as the refresh token', () => {
      const cookie = cookieSet(response, 'sRefreshToken');
      expect(cookie.path).toBe('/auth/session/refresh');
      expect(Math.abs(cookie.expires!.getTime() - (Date.now() + 7_200_000))).toBeLessThan(20_000);
    });

    test('scripts cannot read them', () => {
      expect(cookiesSet(response).map(({ httpOnly }) => httpOnly)).toEqual([true, true]);
    });

    test('they have no Domain, so that no other host receives them', () => {
      expect(cookiesSet(response).map(({ domain }) => domain)).toEqual([undefined, undefined]);
    });

    test('nothing but the front token is sent in headers', () => {
      expect(response.headers.get('front-token')).not.toBeNull();
      for (const name of ['st-access-token', 'st-refresh-token', 'anti-csrf']) {
        expect(response.headers.has(name)).toBe(false);
      }
    });
  });

  test.each([
    ['https://api.example.com', 'https://www.example.com', true, 'lax'],
    ['https://api.example.com', 'https://www.example.org', true, 'none'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:4000', false, 'lax'],
    ['http://127.0.0.1:3000', 'http://localhost:4000', false, 'lax'],
  ] as const)('API %s with website %s: Secure %s, SameSite %s', async (apiDomain, websiteDomain, secure, sameSite) => {
    const { response } = await signedIn({ apiDomain, websiteDomain });
    const cookies = cookiesSet(response);
    expect(cookies.map((cookie) => cookie.secure ?? false)).toEqual([secure, secure]);
    expect(cookies.map((cookie) => cookie.sameSite)).toEqual([sameSite, sameSite]);
  });

  test('a website told by a function decides SameSite for each request', async () => {
    const app = await startSessionApp(framework, {
      appInfo: {
        apiDomain: 'https://api.example.com',
        websiteDomain: (request) => request?.getHeaderValue('origin') ?? 'https://www.example.com',
        allowedOrigins: ['https://*.example.com', 'https://example.org'],
      },
    });
    started.push(app);
    const near = await app.client('cookie').post('/login', {}, { headers: { origin: 'https://a.example.com' } });
    const far = await app.client('cookie').post('/login', {}, { headers: { origin: 'https://example.org' } });
    expect(cookieSet(near, 'sAccessToken').sameSite).toBe('lax');
    expect(cookieSet(far, 'sAccessToken').sameSite).toBe('none');
  });

  test('configured domain, Secure and SameSite win', async () => {
    const { response } = await signedIn(
      { apiDomain: 'https://api.example.com', websiteDomain: 'https://example.com' },
      { cookieDomain: '.example.com', cookieSecure: true, cookieSameSite: 'strict' },
    );
    for (const cookie of cookiesSet(response)) {
      expect(cookie).toMatchObject({ domain: '.example.com', secure: true, sameSite: 'strict', httpOnly: true });
    }
    expect(cookiesSet(response)).toHaveLength(2);
  });

  test('cookies that browsers would drop are refused with the fix in the log, not silently sent', async () => {
    const app = await startSessionApp(framework, {
      appInfo: { apiDomain: 'http://api.example.com', websiteDomain: 'http://www.example.org' },
    });
    started.push(app);
    const response = await app.client('cookie').post('/login', {});
    expect(response.status).toBe(500);
    expect(cookiesSet(response)).toEqual([]);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  test('the refresh path follows a configured apiBasePath', async () => {
    const { client, response } = await signedIn({ apiBasePath: '/accounts/v2' });
    expect(cookieSet(response, 'sRefreshToken').path).toBe('/accounts/v2/session/refresh');
    expect((await client.refresh()).status).toBe(200);
  });

  test('a client that only keeps cookies gets in, refreshes and signs out', async () => {
    const { client } = await signedIn();
    expect((await client.get('/me')).status).toBe(200);
    const refreshed = await client.refresh();
    expect(refreshed.status).toBe(200);
    expect(cookiesSet(refreshed).map(({ name }) => name)).toEqual(['sAccessToken', 'sRefreshToken']);
    expect((await client.get('/me')).status).toBe(200);
    expect((await client.signOut()).status).toBe(200);
    expect(client.cookies.get('sAccessToken')).toBeUndefined();
    expect(client.cookies.get('sRefreshToken')).toBeUndefined();
    expect((await client.get('/me')).status).toBe(401);
  });

  test.each([
    ['__Host-', '__Host-sAccessToken', '__Secure-sRefreshToken'],
    ['__Secure-', '__Secure-sAccessToken', '__Secure-sRefreshToken'],
  ] as const)(
    'cookiePrefix %s names them %s and %s, and planted ones of the plain names count for nothing',
    async (...names) => {
      const [cookiePrefix, access, refresh] = names;
      const https = { apiDomain: 'https://api.example.com', websiteDomain: 'https://example.com' };
      const { client, response } = await signedIn(https, { cookiePrefix });
      expect(cookiesSet(response).map(({ name, secure, domain }) => [name, secure, domain])).toEqual([
        [access, true, undefined],
        [refresh, true, undefined],
      ]);
      const planted = await client.get('/me', { headers: { cookie: `sAccessToken=${client.cookies.get(access)}` } });
      expect(planted.status).toBe(401);
      client.cookies.set('sAccessToken', 'planted');
      client.cookies.set('sRefreshToken', 'planted');
      client.cookies.set('sIdRefreshToken', 'planted');
      expect((await client.get('/me')).status).toBe(200);
      expect((await client.refresh()).status).toBe(200);
      const cleared = cookiesSet(await client.signOut()).map(({ name, value }) => [name, value]);
      expect(cleared).toEqual([
        [access, ''],
        [refresh, ''],
      ]);
    },
  );

  test('names that the application chooses: cookies and headers of other names count for nothing', async () => {
    const { client, response } = await signedIn(
      {},
      {
        exposeAccessTokenToFrontendInCookieBasedAuth: true,
        getCookieNameForTokenType: (req, type) => `${req.getHeaderValue('host') ? 'acme' : ''}-${type}`,
        getResponseHeaderNameForTokenType: (_req, type, userContext) =>
          getRequestFromUserContext(userContext) === undefined ? '' : `X-Acme-${type}`,
      },
    );
    expect(cookiesSet(response).map(({ name }) => name)).toEqual(['acme-access', 'acme-refresh']);
    expect(response.headers.get('x-acme-access')).toBe(cookieSet(response, 'acme-access').value);
    expect(response.headers.has('st-access-token')).toBe(false);
    expect(response.headers.get('access-control-expose-headers')).toContain('X-Acme-access');

    client.cookies.set('sAccessToken', 'planted');
    client.cookies.set('sRefreshToken', 'planted');
    expect((await client.get('/me')).status).toBe(200);
    expect((await client.refresh()).status).toBe(200);
    const signedOut = await client.signOut();
    expect(cookiesSet(signedOut).map(({ name, value }) => [name, value])).toEqual([
      ['acme-access', ''],
      ['acme-refresh', ''],
    ]);
    expect(signedOut.headers.get('x-acme-access')).toBe('');
  });

  test('names that cannot be make no session', async () => {
    const chosen =
      (header: string, access: string, refresh: string) => (req: BaseRequest, type: 'access' | 'refresh') =>
        (JSON.parse(req.getHeaderValue(header) ?? JSON.stringify({ access, refresh })) as Record<string, string>)[
          type
        ]!;
    const app = await startSessionApp(framework, {
      session: {
        getCookieNameForTokenType: chosen('x-cookies', 'a', 'r'),
        getResponseHeaderNameForTokenType: chosen('x-headers', 'x-a', 'x-r'),
      },
    });
    started.push(app);
    const login = (headers: Record<string, string>) => app.client('cookie').post('/login', {}, { headers });
    expect(cookiesSet(await login({})).map(({ name }) => name)).toEqual(['a', 'r']);
    for (const names of [{ access: 'a', refresh: 'A' }, { access: 'a b', refresh: 'r' }, { access: 'a' }, {}]) {
      for (const header of ['x-cookies', 'x-headers']) {
        const response = await login({ [header]: JSON.stringify(names) });
        expect([response.status, cookiesSet(response)]).toEqual([500, []]);
      }
    }
    const taken = await login({ 'x-headers': JSON.stringify({ access: 'Front-Token', refresh: 'x-r' }) });
    expect(taken.status).toBe(500);
  });

  test('accessTokenPath is where the access cookie goes, and is taken from', async () => {
    const { client, response } = await signedIn({ apiBasePath: '/api/auth' }, { accessTokenPath: '/api/' });
    expect(cookieSet(response, 'sAccessToken').path).toBe('/api');
    expect(cookieSet(response, 'sRefreshToken').path).toBe('/api/auth/session/refresh');
    expect(cookieSet(await client.signOut(), 'sAccessToken')).toMatchObject({ path: '/api', value: '' });
  });

  test.each(['/ap', '/other', '/api/auth/session'])(
    'accessTokenPath %s, without the auth routes, stops the boot',
    async (path) => {
      const boot = startSessionApp(framework, {
        appInfo: { apiBasePath: '/api/auth' },
        session: { accessTokenPath: path },
      });
      await expect(boot).rejects.toThrow(/option accessTokenPath is '.*'.* are below \/api\/auth\. Give a path/);
    },
  );

  test('the access token is also sent as a header where that is configured', async () => {
    const { client, response } = await signedIn({}, { exposeAccessTokenToFrontendInCookieBasedAuth: true });
    expect(response.headers.get('st-access-token')).toBe(cookieSet(response, 'sAccessToken').value);
    expect(response.headers.has('st-refresh-token')).toBe(false);
    const signedOut = await client.signOut();
    expect(clearsCookies(signedOut)).toBe(true);
    expect(signedOut.headers.get('st-access-token')).toBe('');
  });
});
