import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROTECTED_ACCESS_TOKEN_CLAIMS, SessionFunctions, type JsonObject } from 'latchkey';
import {
  clearsCookies,
  clearsHeaders,
  cookieSet,
  cookiesSet,
  frontTokenOf,
  saysNothingOfTokens,
} from '../../support/answers.js';
import { splitToken } from '../../support/access-tokens.js';
import { onFastify } from '../../support/frameworks.js';
import { LOGIN_METHOD, startSessionApp, type SessionApp, type SignedIn } from '../../support/session-app.js';
import { doWithSession, sessionTask } from '../../support/session-task.js';

const payloadOf = ({ client }: SignedIn) =>
  splitToken((client.tokens.accessToken ?? client.cookies.get('sAccessToken'))!).payload;

describe.each(onFastify)('SessionContainer on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, sessionTask);
  });
  afterAll(() => app.close());

  test('tells whose session it is', async () => {
    const { client, handle } = await app.signedIn('header', { userId: 'ada', recipeUserId: LOGIN_METHOD });
    const { response, body } = await doWithSession(app, client, (session) => [
      session.getUserId(),
      session.getRecipeUserId(),
      session.getTenantId(),
      session.getHandle(),
      session.getAccessToken(),
    ]);
    expect(body.result).toEqual(['ada', LOGIN_METHOD, 'public', handle, client.tokens.accessToken]);
    expect(saysNothingOfTokens(response)).toBe(true);
  });

  test('hands out a payload that nobody can change for others', async () => {
    const { client } = await app.signedIn('header', {
      accessTokenPayload: { roles: ['reader'], address: { city: 'X' } },
    });
    const { body } = await doWithSession(app, client, (session) => {
      const payload = session.getAccessTokenPayload() as JsonObject & { roles: string[]; address: JsonObject };
      const attempts = [
        () => (payload.sub = 'admin'),
        () => payload.roles.push('admin'),
        () => (payload.address.city = 'Y'),
        () => delete payload.exp,
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'changed';
        } catch {
          return 'refused';
        }
      });
    });
    expect(body.result).toEqual(['refused', 'refused', 'refused', 'refused']);
    const me = (await (await client.get('/me')).json()) as { payload: JsonObject };
    expect(me.payload).toMatchObject({ sub: 'ada', roles: ['reader'], address: { city: 'X' } });
  });

  describe.each(['header', 'cookie'] as const)('mergeIntoAccessTokenPayload in %s mode', (mode) => {
    test('sets and removes keys; client and later code see it in the same answer, and after a refresh', async () => {
      const signedIn = await app.signedIn(mode, { accessTokenPayload: { plan: 'free', theme: 'dark' } });
      const before = payloadOf(signedIn);
      const { response, body } = await doWithSession(app, signedIn.client, async (session) => {
        await session.mergeIntoAccessTokenPayload({ plan: 'pro', theme: null, seats: 3 });
        return session.getAccessTokenPayload();
      });
      const expected = { ...before, aud: undefined, theme: undefined, plan: 'pro', seats: 3, iat: expect.any(Number) };
      expect(body.result).toEqual(expected);
      expect(frontTokenOf(response).up).toEqual(expected);
      expect({ ...payloadOf(signedIn), aud: undefined }).toEqual(expected);
      expect(response.headers.has('st-access-token')).toBe(mode === 'header');
      expect(response.headers.has('st-refresh-token')).toBe(false);
      expect(cookiesSet(response).map(({ name }) => name)).toEqual(mode === 'cookie' ? ['sAccessToken'] : []);

      expect((await signedIn.client.get('/me')).status).toBe(200);
      expect((await signedIn.client.refresh()).status).toBe(200);
      expect(payloadOf(signedIn)).toMatchObject({ plan: 'pro', seats: 3 });
      expect(payloadOf(signedIn)).not.toHaveProperty('theme');
    });

    test('of several the last counts, and is sent once', async () => {
      const signedIn = await app.signedIn(mode);
      const { response } = await doWithSession(app, signedIn.client, async (session) => {
        await session.mergeIntoAccessTokenPayload({ step: 1, first: true });
        await session.mergeIntoAccessTokenPayload({ step: 2 });
      });
      expect(payloadOf(signedIn)).toMatchObject({ step: 2, first: true });
      expect(cookiesSet(response, 'sAccessToken')).toHaveLength(mode === 'cookie' ? 1 : 0);
    });

    test('replaceAccessTokenPayload leaves nothing of what was there but what is protected', async () => {
      const signedIn = await app.signedIn(mode, { accessTokenPayload: { plan: 'free', theme: 'dark' } });
      const before = payloadOf(signedIn);
      const { response } = await doWithSession(app, signedIn.client, (session) =>
        session.replaceAccessTokenPayload({ plan: 'pro', seats: 3 }),
      );
      expect(response.status).toBe(200);
      const expected = { ...before, plan: 'pro', seats: 3, iat: expect.any(Number), aud: undefined, theme: undefined };
      expect({ ...payloadOf(signedIn), aud: undefined }).toEqual(expected);
      await signedIn.client.refresh();
      expect(payloadOf(signedIn)).toMatchObject({ plan: 'pro', seats: 3 });
      expect(payloadOf(signedIn)).not.toHaveProperty('theme');

      for (const claim of PROTECTED_ACCESS_TOKEN_CLAIMS) {
        const refused = await doWithSession(app, signedIn.client, (session) =>
          session.replaceAccessTokenPayload({ [claim]: 'forged' }),
        );
        expect([refused.response.status, refused.body.message]).toEqual([400, expect.stringContaining('protected')]);
      }
    });

    test('does not lengthen the life of the access token', async () => {
      const signedIn = await app.signedIn(mode);
      const { exp } = payloadOf(signedIn);
      await doWithSession(app, signedIn.client, (session) => session.mergeIntoAccessTokenPayload({ a: 1 }));
      expect(payloadOf(signedIn).exp).toBe(exp);
    });

    test.each(['sub', 'exp', 'sessionHandle', 'tId', 'rsub'])('refuses %s, and changes nothing', async (claim) => {
      const signedIn = await app.signedIn(mode);
      const before = payloadOf(signedIn);
      const { response, body } = await doWithSession(app, signedIn.client, (session) =>
        session.mergeIntoAccessTokenPayload({ plan: 'pro', [claim]: 'forged' }),
      );
      expect(response.status).toBe(400);
      expect(body.message).toContain('protected');
      expect(saysNothingOfTokens(response)).toBe(true);
      await signedIn.client.refresh();
      expect(Object.keys(payloadOf(signedIn)).sort()).toEqual(Object.keys(before).sort());
      expect(payloadOf(signedIn).sub).toBe('ada');
    });

    test('cannot remove what the core wrote', async () => {
      const signedIn = await app.signedIn(mode);
      const keys = Object.keys(payloadOf(signedIn)).sort();
      const removal = { sub: null, exp: null, antiCsrfToken: null, iss: null, refreshTokenHash1: null };
      await doWithSession(app, signedIn.client, (session) => session.mergeIntoAccessTokenPayload(removal));
      expect(Object.keys(payloadOf(signedIn)).sort()).toEqual(keys);
      expect(payloadOf(signedIn)).toMatchObject({ sub: 'ada', iss: `${app.url}/auth` });
      expect((await signedIn.client.get('/me')).status).toBe(200);
    });
  });

  test('keeps data in the database that the client never sees, also after a refresh', async () => {
    const { client, response } = await app.signedIn('header', {
      sessionDataInDatabase: { cart: ['book'], secret: 'x1y2' },
    });
    expect(JSON.stringify([...response.headers])).not.toContain('x1y2');
    expect(JSON.stringify(splitToken(client.tokens.accessToken!).payload)).not.toContain('x1y2');
    const read = async () => (await doWithSession(app, client, (session) => session.getSessionDataFromDatabase())).body;
    expect((await read()).result).toEqual({ cart: ['book'], secret: 'x1y2' });

    const { response: update } = await doWithSession(app, client, (session) =>
      session.updateSessionDataInDatabase({ cart: [], note: 'Grüße 👋' }),
    );
    expect(saysNothingOfTokens(update)).toBe(true);
    await client.refresh();
    expect((await read()).result).toEqual({ cart: [], note: 'Grüße 👋' });
  });

  test('tells when it was created and when it ends', async () => {
    const before = Date.now();
    const { client } = await app.signedIn();
    const { body } = await doWithSession(app, client, async (session) => ({
      created: await session.getTimeCreated(),
      expiry: await session.getExpiry(),
    }));
    expect(body.result.created).toBeGreaterThanOrEqual(before);
    expect(body.result.created).toBeLessThanOrEqual(Date.now());
    expect(body.result.expiry).toBe(body.result.created + 8_640_000_000);
  });

  describe.each(['header', 'cookie'] as const)('revokeSession in %s mode', (mode) => {
    test('ends the session and clears the client its own way', async () => {
      const { client, handle } = await app.signedIn(mode);
      const { response, body } = await doWithSession(app, client, (session) => session.revokeSession());
      expect([response.status, body]).toEqual([200, { result: null }]);
      expect([clearsCookies(response), clearsHeaders(response)]).toEqual([mode === 'cookie', mode === 'header']);
      expect(response.headers.get('front-token')).toBe('remove');
      const functions = app.app.get(SessionFunctions, { strict: false });
      expect(await functions.getSessionInformation({ sessionHandle: handle })).toBeUndefined();
    });

    test('takes back the tokens that the same answer already had', async () => {
      const { client } = await app.signedIn(mode);
      const { response } = await doWithSession(app, client, async (session) => {
        await session.mergeIntoAccessTokenPayload({ a: 1 });
        await session.revokeSession();
      });
      expect(response.headers.get('front-token')).toBe('remove');
      if (mode === 'cookie') expect(cookieSet(response, 'sAccessToken').value).toBe('');
      if (mode === 'header') expect(response.headers.get('st-access-token')).toBe('');
    });
  });

  test.each<[string, Parameters<typeof doWithSession>[2]]>([
    ['mergeIntoAccessTokenPayload', (session) => session.mergeIntoAccessTokenPayload({ a: 1 })],
    ['getSessionDataFromDatabase', (session) => session.getSessionDataFromDatabase()],
    ['updateSessionDataInDatabase', (session) => session.updateSessionDataInDatabase({})],
    ['getTimeCreated', (session) => session.getTimeCreated()],
    ['getExpiry', (session) => session.getExpiry()],
  ])('%s of a session that has ended meanwhile is a 401 that clears', async (_method, run) => {
    const { client, handle } = await app.signedIn('cookie');
    const { response, body } = await doWithSession(app, client, async (session) => {
      await app.app.get(SessionFunctions, { strict: false }).revokeSession({ sessionHandle: handle });
      return run(session);
    });
    expect([response.status, body]).toEqual([401, { message: 'unauthorised' }]);
    expect(clearsCookies(response)).toBe(true);
  });

  test('shows all tokens to code that asks for them dangerously', async () => {
    const { client } = await app.signedIn('header');
    const sent = client.tokens.accessToken;
    const { body } = await doWithSession(app, client, async (session) => {
      const before = session.getAllSessionTokensDangerously();
      await session.mergeIntoAccessTokenPayload({ a: 1 });
      return { before, after: session.getAllSessionTokensDangerously() };
    });
    expect(body.result.before).toMatchObject({ accessToken: sent, accessAndFrontTokenUpdated: false });
    const { accessToken, frontToken } = client.tokens;
    expect(body.result.after).toMatchObject({ accessToken, frontToken, accessAndFrontTokenUpdated: true });
    expect(accessToken).not.toBe(sent);
  });
});
