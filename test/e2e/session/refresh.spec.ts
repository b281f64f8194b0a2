import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SessionFunctions } from 'latchkey';
import { clearsCookies, clearsHeaders, frontTokenOf } from '../../support/answers.js';
import { splitToken } from '../../support/access-tokens.js';
import { bootError } from '../../support/auth-app.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onExpress, onFastify } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const exists = async ({ app: nest }: SessionApp, sessionHandle: string) =>
  (await nest.get(SessionFunctions, { strict: false }).getSessionInformation({ sessionHandle })) !== undefined;

describe.each(onFastify)('refreshing on %s', (framework) => {
  let app: SessionApp;
  let withoutGrace: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework);
    withoutGrace = await startSessionApp(framework, { core: { refreshGraceSeconds: 0 } });
  });
  afterAll(() => Promise.all([app.close(), withoutGrace.close()]));

  const refreshWith = (refreshToken: string, url = app.url) =>
    fetch(`${url}/auth/session/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${refreshToken}`, 'st-auth-mode': 'header' },
    });

  test.each(['header', 'cookie'] as const)(
    'in %s mode it answers 200 {} with a front token and new tokens',
    async (mode) => {
      const { client, handle } = await app.signedIn(mode, { accessTokenPayload: { plan: 'pro' } });
      const held = () => ({
        access: client.tokens.accessToken ?? client.cookies.get('sAccessToken'),
        refresh: client.tokens.refreshToken,
        hash: splitToken((client.tokens.accessToken ?? client.cookies.get('sAccessToken'))!).payload.refreshTokenHash1,
      });
      const before = held();
      const response = await client.refresh();
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({});
      expect(frontTokenOf(response)).toMatchObject({ uid: 'ada', up: { plan: 'pro', sessionHandle: handle } });
      expect(held().access).not.toBe(before.access);
      expect(held().hash).not.toBe(before.hash);
      expect((await client.get('/me/checked')).status).toBe(200);
    },
  );

  test('it stays the same session, however often', async () => {
    const { client, handle } = await app.signedIn('cookie');
    const refreshTokens = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const response = await client.refresh();
      refreshTokens.add(response.headers.getSetCookie().find((cookie) => cookie.startsWith('sRefreshToken='))!);
      expect(await (await client.get('/me')).json()).toMatchObject({ userId: 'ada', handle });
    }
    expect(refreshTokens.size).toBe(4);
  });

  test('no body, an empty one and JSON are all fine', async () => {
    const { client } = await app.signedIn('header');
    const headers = () => ({ authorization: `Bearer ${client.tokens.refreshToken}` });
    const send = (init: RequestInit) => client.fetch('/auth/session/refresh', { method: 'POST', ...init });
    expect((await send({ headers: headers() })).status).toBe(200);
    const json = { 'content-type': 'application/json' };
    expect((await send({ headers: { ...headers(), ...json }, body: '{}' })).status).toBe(200);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send({ headers: { ...headers(), ...form }, body: '' })).status).toBe(200);
  });

  describe('within the grace period', () => {
    test('two tabs that refresh at once both win, with the same refresh token', async () => {
      const { client, handle } = await app.signedIn('header');
      const parent = client.tokens.refreshToken!;
      const responses = await Promise.all([1, 2, 3, 4, 5].map(() => refreshWith(parent)));
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      const successors = new Set(responses.map(({ headers }) => headers.get('st-refresh-token')));
      expect(successors.size).toBe(1);
      expect(successors).not.toContain(parent);
      expect((await refreshWith([...successors][0]!)).status).toBe(200);
      expect(await exists(app, handle)).toBe(true);
    });

    test('a lost answer can be asked for again', async () => {
      const { client } = await app.signedIn('header');
      const parent = client.tokens.refreshToken!;
      const lost = await refreshWith(parent);
      const again = await refreshWith(parent);
      expect(again.status).toBe(200);
      expect(again.headers.get('st-refresh-token')).toBe(lost.headers.get('st-refresh-token'));
    });
  });

  describe('a spent refresh token that comes back', () => {
    test('after its successor was used is theft, even within the grace period', async () => {
      const { client, handle } = await app.signedIn('header');
      const stolen = client.tokens.refreshToken!;
      await client.refresh();
      await client.refresh();
      const response = await refreshWith(stolen);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: 'token theft detected' });
      expect(await exists(app, handle)).toBe(false);
    });

    test('after the grace period ends the session for thief and owner, and clears the tokens', async () => {
      const { client, handle } = await withoutGrace.signedIn('header');
      const stolen = client.tokens.refreshToken!;
      expect((await client.refresh()).status).toBe(200);
      await client.get('/me');

      const theft = await refreshWith(stolen, withoutGrace.url);
      expect(theft.status).toBe(401);
      expect(await theft.json()).toEqual({ message: 'token theft detected' });
      expect([clearsCookies(theft), clearsHeaders(theft)]).toEqual([true, true]);
      expect(theft.headers.get('front-token')).toBe('remove');

      expect(await exists(withoutGrace, handle)).toBe(false);
      expect((await client.get('/me/checked')).status).toBe(401);
      const owner = await client.refresh();
      expect(owner.status).toBe(401);
      expect(await owner.json()).toEqual({ message: 'unauthorised' });
    });

    test('ends no other session of the user', async () => {
      const [one, other] = [await withoutGrace.signedIn(), await withoutGrace.signedIn()];
      const stolen = one.client.tokens.refreshToken!;
      await one.client.refresh();
      await one.client.get('/me');
      expect((await refreshWith(stolen, withoutGrace.url)).status).toBe(401);
      expect(await exists(withoutGrace, one.handle)).toBe(false);
      expect((await other.client.get('/me/checked')).status).toBe(200);
    });

    test('once the grace period is over is theft, however often it was good before', async () => {
      const moveClock = clockAhead();
      const brief = await startSessionApp(framework, { core: { refreshGraceSeconds: 100 } });
      try {
        const { client } = await brief.signedIn('header');
        const parent = client.tokens.refreshToken!;
        await client.refresh();
        await client.get('/me');
        expect((await refreshWith(parent, brief.url)).status).toBe(200);
        moveClock(50_000);
        expect((await refreshWith(parent, brief.url)).status).toBe(200);
        moveClock(100_001);
        const theft = await refreshWith(parent, brief.url);
        expect([theft.status, await theft.json()]).toEqual([401, { message: 'token theft detected' }]);
      } finally {
        jest.restoreAllMocks();
        await brief.close();
      }
    });
  });

  describe('by a client that may lose answers', () => {
    if (globalThis.LATCHKEY_TEST_DATABASE === 'Remote') {
      test('needs the core in this process', async () => {
        const start = () => startSessionApp(framework, { session: { refreshTokenRotation: 'when-child-is-used' } });
        expect((await bootError(start)).message).toContain(
          "option refreshTokenRotation is 'when-child-is-used', but the core in another process (core.connectionURI) has 'in-refresh' only",
        );
      });
      return;
    }

    test.each(['header', 'cookie'] as const)(
      'a spent token works until its successor is seen, in %s mode',
      async (mode) => {
        const { client } = await withoutGrace.signedIn(mode);
        const [inHeader, inCookie] = [client.tokens.refreshToken, client.cookies.get('sRefreshToken')];
        await client.refresh();
        // The answer is lost, and the client begins again with what it has.
        if (mode === 'header') client.tokens.refreshToken = inHeader;
        else client.cookies.set('sRefreshToken', inCookie!, '/auth/session/refresh');
        expect((await client.refresh()).status).toBe(200);

        const seen = await client.get('/me');
        expect(seen.status).toBe(200);
        expect(frontTokenOf(seen)).toMatchObject({ uid: 'ada' });
        const again = await client.get('/me');
        expect([again.status, again.headers.get('front-token')]).toEqual([200, null]);
      },
    );

    test('and is taken for stolen from then on', async () => {
      const { client } = await withoutGrace.signedIn('header');
      const parent = client.tokens.refreshToken!;
      await client.refresh();
      expect((await refreshWith(parent, withoutGrace.url)).status).toBe(200);
      await client.get('/me');
      expect((await refreshWith(parent, withoutGrace.url)).status).toBe(401);
      expect((await client.get('/me/checked')).status).toBe(401);
    });

    test('a tab that is slower than the use of what another got stays signed in', async () => {
      const { client, handle } = await app.signedIn('header');
      const parent = client.tokens.refreshToken!;
      await client.refresh();
      expect((await client.get('/me')).status).toBe(200);
      const late = await refreshWith(parent);
      expect([late.status, late.headers.get('st-refresh-token')]).toEqual([200, client.tokens.refreshToken]);
      expect(await exists(app, handle)).toBe(true);
    });
  });

  describe("with refreshTokenRotation: 'in-refresh'", () => {
    let strict: SessionApp;
    beforeAll(async () => {
      const session = { refreshTokenRotation: 'in-refresh' } as const;
      strict = await startSessionApp(framework, { session, core: { refreshGraceSeconds: 0 } });
    });
    afterAll(() => strict.close());

    test('a spent token that comes back is theft, whether its successor was seen or not', async () => {
      const { client } = await strict.signedIn('header');
      const parent = client.tokens.refreshToken!;
      await client.refresh();
      expect((await refreshWith(parent, strict.url)).status).toBe(401);
    });

    test('the first use of what a refresh gave out replaces nothing', async () => {
      const { client } = await strict.signedIn('header');
      await client.refresh();
      const first = await client.get('/me');
      expect([first.status, first.headers.get('front-token')]).toEqual([200, null]);
    });
  });

  test('the refresh token lasts from the latest refresh on', async () => {
    const { client, handle } = await app.signedIn('header');
    const functions = app.app.get(SessionFunctions, { strict: false });
    const expiry = async () => (await functions.getSessionInformation({ sessionHandle: handle }))!.expiry;
    const before = await expiry();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.refresh();
    expect(await expiry()).toBeGreaterThan(before);
  });
});

if (globalThis.LATCHKEY_TEST_DATABASE !== 'Remote') {
  describe.each(onExpress)('refreshing on %s', (framework) => {
    test('repeats a lost answer until a child is seen, which has one more access token, and is theft then', async () => {
      const app = await startSessionApp(framework, { core: { refreshGraceSeconds: 0 } });
      try {
        const { client } = await app.signedIn('cookie');
        const parent = client.cookies.get('sRefreshToken')!;
        const repeat = async () => {
          client.cookies.set('sRefreshToken', parent, '/auth/session/refresh');
          return (await client.refresh()).status;
        };
        expect([await repeat(), await repeat()]).toEqual([200, 200]);
        expect(frontTokenOf(await client.get('/me'))).toMatchObject({ uid: 'ada' });
        expect((await client.get('/me')).headers.get('front-token')).toBeNull();
        expect(await repeat()).toBe(401);
      } finally {
        await app.close();
      }
    });
  });
}
