import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exposedHeaders, frontTokenOf } from '../../support/answers.js';
import { splitToken } from '../../support/access-tokens.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const ORIGIN = 'https://www.example.com';

describe.each(frameworks)('what scripts may read on %s', (framework) => {
  let app: SessionApp;
  let withCors: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework);
    withCors = await startSessionApp(framework, {
      appInfo: { allowedOrigins: [ORIGIN] },
      session: { antiCsrf: 'VIA_TOKEN' },
      configure: (nest) =>
        nest.enableCors({ origin: ORIGIN, credentials: true, exposedHeaders: ['x-request-id', 'front-token'] }),
    });
  });
  afterAll(() => Promise.all([app.close(), withCors.close()]));

  describe('the front token', () => {
    test('holds the user, the expiry in milliseconds and the whole access token payload', async () => {
      const { client, response } = await app.signedIn('header', { userId: 'ada', accessTokenPayload: { plan: 'pro' } });
      const { payload } = splitToken(client.tokens.accessToken!);
      const frontToken = frontTokenOf(response);
      expect(Object.keys(frontToken).sort()).toEqual(['ate', 'uid', 'up']);
      expect(frontToken).toEqual({
        uid: 'ada',
        ate: (payload.exp as number) * 1000,
        up: { ...payload, aud: undefined },
      });
    });

    test('tells the issuing time in seconds, from which clients compute the skew of their clock', async () => {
      const { up } = frontTokenOf((await app.signedIn()).response);
      expect(Math.abs(up.iat - Date.now() / 1000)).toBeLessThan(10);
      expect(Number.isInteger(up.iat)).toBe(true);
      expect(up.exp - up.iat).toBe(3600);
    });

    test('keeps nulls, since clients count keys', async () => {
      const { up } = frontTokenOf((await app.signedIn()).response);
      expect(up).toMatchObject({ antiCsrfToken: null, parentRefreshTokenHash1: null });
    });

    test('is standard base64 of UTF-8, also for claims beyond ASCII', async () => {
      const accessTokenPayload = { name: 'Zoë Ångström', motto: '学而时习之', sign: '🗝️>>>???' };
      for (const transferMethod of ['header', 'cookie'] as const) {
        const { client, response } = await app.signedIn(transferMethod, { accessTokenPayload });
        const header = response.headers.get('front-token')!;
        expect(header).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
        expect(header.length % 4).toBe(0);
        expect(frontTokenOf(response).up).toMatchObject(accessTokenPayload);
        expect(await (await client.get('/me')).json()).toMatchObject({ payload: accessTokenPayload });
      }
    });

    test('comes again with every refresh', async () => {
      const { client } = await app.signedIn('cookie', { accessTokenPayload: { plan: 'pro' } });
      const response = await client.refresh();
      expect(frontTokenOf(response)).toMatchObject({ uid: 'ada', up: { plan: 'pro', sub: 'ada' } });
    });

    test('a refused payload leaves no token behind', async () => {
      const response = await app.client().post('/login', { accessTokenPayload: { sub: 'admin' } });
      expect(response.status).toBe(400);
      expect(response.headers.has('front-token')).toBe(false);
      expect(response.headers.has('st-access-token')).toBe(false);
    });
  });

  describe('Access-Control-Expose-Headers', () => {
    test('names every header that carries a token, once', async () => {
      const { client, response } = await app.signedIn('header');
      expect(exposedHeaders(response).sort()).toEqual(['front-token', 'st-access-token', 'st-refresh-token']);
      expect(exposedHeaders(await client.refresh()).sort()).toEqual([
        'front-token',
        'st-access-token',
        'st-refresh-token',
      ]);
    });

    test('names only the front token where cookies carry the rest', async () => {
      expect(exposedHeaders((await app.signedIn('cookie')).response)).toEqual(['front-token']);
    });

    test('names what is cleared, so that scripts see it', async () => {
      const { client } = await app.signedIn('header');
      expect(exposedHeaders(await client.signOut()).sort()).toEqual([
        'front-token',
        'st-access-token',
        'st-refresh-token',
      ]);
    });

    test("is appended to what the application's CORS settings name, each name once", async () => {
      const response = await withCors
        .client('cookie')
        .post('/login', {}, { headers: { origin: ORIGIN, 'st-auth-mode': 'cookie' } });
      expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(exposedHeaders(response).sort()).toEqual(['anti-csrf', 'front-token', 'x-request-id']);
    });

    test('is appended to them in a refusal, too', async () => {
      const response = await fetch(`${withCors.url}/auth/session/refresh`, {
        method: 'POST',
        headers: { origin: ORIGIN },
      });
      expect(response.status).toBe(401);
      expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(exposedHeaders(response).sort()).toEqual([
        'front-token',
        'st-access-token',
        'st-refresh-token',
        'x-request-id',
      ]);
    });

    test('says nothing of tokens where an answer carries none', async () => {
      const { client } = await app.signedIn('header');
      expect(exposedHeaders(await client.get('/me'))).toEqual([]);
    });
  });
});
