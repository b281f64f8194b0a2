import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RefreshSessionResult, SessionsCore, type SessionWithTokens } from '../../lib/core/sessions.core.js';
import { cores, type CoreUnderTest, isEmbedded, persistentCores } from './cores.js';

const GRACE_SECONDS = 30;

function newSession(sessions: SessionsCore, enableAntiCsrf = false): Promise<SessionWithTokens> {
  return sessions.createNewSession({
    tenantId: 'public',
    userId: 'user',
    recipeUserId: 'user',
    accessTokenPayload: { iss: 'here' },
    sessionDataInDatabase: {},
    useDynamicSigningKey: true,
    enableAntiCsrf,
  });
}

function refreshWith(sessions: SessionsCore, refreshToken: string): Promise<RefreshSessionResult> {
  return sessions.refreshSession({ refreshToken, enableAntiCsrf: false, useDynamicSigningKey: true });
}

async function successor(sessions: SessionsCore, refreshToken: string): Promise<SessionWithTokens> {
  const result = await refreshWith(sessions, refreshToken);
  if (result.status !== 'OK') throw new Error(result.status);
  return result;
}

describe.each(cores)('refreshing: $name', ({ name, create }) => {
  let tested: CoreUnderTest;
  let sessions: SessionsCore;

  beforeAll(async () => {
    tested = await create({ refreshTokenLifetimeSeconds: 1000, refreshGraceSeconds: GRACE_SECONDS });
    sessions = tested.core.port(SessionsCore);
  });
  afterAll(() => tested.close());

  const isAlive = async ({ session }: SessionWithTokens): Promise<boolean> =>
    (await sessions.getSessionInformation(session.handle)) !== undefined;

  it('gives a new pair and prolongs the session', async () => {
    const created = await newSession(sessions);
    tested.clock.moveSeconds(500);
    const refreshed = await successor(sessions, created.refreshToken.token);
    expect(refreshed.session.handle).toBe(created.session.handle);
    expect(refreshed.refreshToken.token).not.toBe(created.refreshToken.token);
    expect(refreshed.refreshToken.expiry).toBe(tested.clock.now() + 1_000_000);
    expect(refreshed.session.accessTokenPayload).toMatchObject({ iss: 'here', sub: 'user', rsub: 'user' });
    tested.clock.moveSeconds(600);
    expect(await isAlive(created)).toBe(true);
    expect((await successor(sessions, refreshed.refreshToken.token)).session.handle).toBe(created.session.handle);
  });

  it('tells the session of a token that was issued, spent or not, and changes nothing by it', async () => {
    const created = await newSession(sessions);
    const spent = created.refreshToken.token;
    const { refreshToken } = await successor(sessions, spent);
    tested.clock.moveSeconds(GRACE_SECONDS);
    const { handle } = created.session;
    const [forged, unknown] = [
      `${handle}.${'a'.repeat(43)}.${'b'.repeat(43)}.V2`,
      `x.${'a'.repeat(43)}.${'b'.repeat(43)}.V2`,
    ];
    const tokens = [refreshToken.token, spent, forged, unknown, '', 'nonsense'];
    const handles = await Promise.all(tokens.map((token) => sessions.sessionOfRefreshToken(token)));
    // A core elsewhere would spend what it is asked about.
    const expected = isEmbedded({ name }) ? [handle, handle, undefined, undefined] : tokens.slice(0, 4);
    expect(handles).toEqual([...expected, undefined, undefined]);
    expect((await refreshWith(sessions, refreshToken.token)).status).toBe('OK');
    await sessions.revokeSessions([handle]);
    if (isEmbedded({ name })) expect(await sessions.sessionOfRefreshToken(refreshToken.token)).toBeUndefined();
  });

  it('gives one successor to twenty that refresh at once', async () => {
    const { refreshToken } = await newSession(sessions);
    const results = await Promise.all(Array.from({ length: 20 }, () => successor(sessions, refreshToken.token)));
    expect(new Set(results.map((result) => result.refreshToken.token)).size).toBe(1);
    expect(new Set(results.map((result) => result.refreshToken.expiry)).size).toBe(1);
    const next = await successor(sessions, results[0]!.refreshToken.token);
    expect(next.refreshToken.token).not.toBe(results[0]!.refreshToken.token);
  });

  it('answers again with the same successor within the grace period', async () => {
    const { refreshToken } = await newSession(sessions);
    const first = await successor(sessions, refreshToken.token);
    tested.clock.moveSeconds(GRACE_SECONDS - 1);
    const again = await successor(sessions, refreshToken.token);
    expect(again.refreshToken).toEqual(first.refreshToken);
    expect(again.accessToken.createdTime).toBe(tested.clock.now());
  });

  it('reports theft when a spent token comes after the grace period, and leaves the session alone', async () => {
    const created = await newSession(sessions);
    const first = await successor(sessions, created.refreshToken.token);
    tested.clock.moveSeconds(GRACE_SECONDS);
    expect(await refreshWith(sessions, created.refreshToken.token)).toEqual({
      status: 'TOKEN_THEFT_DETECTED',
      session: { handle: created.session.handle, userId: 'user', recipeUserId: 'user' },
    });
    expect(await isAlive(created)).toBe(true);
    expect((await refreshWith(sessions, first.refreshToken.token)).status).toBe('OK');
  });

  it('does not prolong the grace period by asking again', async () => {
    const created = await newSession(sessions);
    await successor(sessions, created.refreshToken.token);
    tested.clock.moveSeconds(GRACE_SECONDS - 1);
    await successor(sessions, created.refreshToken.token);
    tested.clock.moveSeconds(1);
    expect(await refreshWith(sessions, created.refreshToken.token)).toMatchObject({ status: 'TOKEN_THEFT_DETECTED' });
  });

  it('reports theft for the token before the previous one, even within the grace period', async () => {
    const created = await newSession(sessions);
    const first = await successor(sessions, created.refreshToken.token);
    await successor(sessions, first.refreshToken.token);
    expect(await refreshWith(sessions, created.refreshToken.token)).toMatchObject({ status: 'TOKEN_THEFT_DETECTED' });
  });

  it('does not revive a revoked session', async () => {
    const { session, refreshToken } = await newSession(sessions);
    await sessions.revokeSessions([session.handle]);
    expect(await refreshWith(sessions, refreshToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
  });

  it('takes a forged token neither for the session nor for a theft', async () => {
    const created = await newSession(sessions);
    const other = await newSession(sessions);
    const token = created.refreshToken.token;
    const [handle, nonce, mac, version] = token.split('.') as [string, string, string, string];
    const [, otherNonce, otherMac] = other.refreshToken.token.split('.') as [string, string, string];
    const forged = [
      '',
      'x',
      handle,
      `${handle}.V2`,
      [handle, nonce, mac].join('.'),
      [handle, nonce, mac, 'V1'].join('.'),
      [handle, nonce, otherMac, version].join('.'),
      [handle, otherNonce, otherMac, version].join('.'),
      [handle, mac, nonce, version].join('.'),
      [handle, nonce, 'A'.repeat(43), version].join('.'),
      // The same bytes in another spelling.
      [handle, nonce, mac.slice(0, -1) + nextLetter(mac.at(-1)!), version].join('.'),
      [handle.toUpperCase(), nonce, mac, version].join('.'),
      `${token}\n`,
      ` ${token}`,
      `${token}${'.'.repeat(1_000_000)}`,
      'A'.repeat(1_000_000),
      '\u{1f511}',
      `${handle}' or '1'='1.${nonce}.${mac}.V2`,
    ];
    for (const refreshToken of forged) {
      expect(await refreshWith(sessions, refreshToken)).toMatchObject({ status: 'UNAUTHORISED' });
    }
    for (const oddlyTyped of [undefined, null, 5, {}, [token]]) {
      const refreshToken = oddlyTyped as unknown as string;
      expect(await refreshWith(sessions, refreshToken)).toMatchObject({ status: 'UNAUTHORISED' });
    }
    expect((await refreshWith(sessions, token)).status).toBe('OK');
  });

  it('does not take an access token for a refresh token, nor the other way round', async () => {
    const { accessToken, refreshToken } = await newSession(sessions);
    expect(await refreshWith(sessions, accessToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
    const verified = await sessions.verifySession({
      accessToken: refreshToken.token,
      checkAntiCsrf: false,
      checkDatabase: false,
      useDynamicSigningKey: true,
    });
    expect(verified).toMatchObject({ status: 'UNAUTHORISED' });
  });

  function refresh(refreshToken: string, antiCsrfToken?: string) {
    return sessions.refreshSession({ refreshToken, antiCsrfToken, enableAntiCsrf: true, useDynamicSigningKey: true });
  }

  describe('with anti-CSRF by token', () => {
    it('wants the token of the pair, and leaves the session alone without it', async () => {
      const created = await newSession(sessions, true);
      const other = await newSession(sessions, true);
      const { token } = created.refreshToken;
      for (const wrong of [undefined, '', 'x'.repeat(1_000_000), other.antiCsrfToken]) {
        expect(await refresh(token, wrong)).toMatchObject({ status: 'UNAUTHORISED' });
      }
      const first = await refresh(token, created.antiCsrfToken);
      if (first.status !== 'OK') throw new Error(first.status);
      expect(first.antiCsrfToken).toEqual(expect.any(String));
      expect(first.antiCsrfToken).not.toBe(created.antiCsrfToken);
      expect(first.session.accessTokenPayload.antiCsrfToken).toBe(first.antiCsrfToken);
      expect(await refresh(first.refreshToken.token, created.antiCsrfToken)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await refresh(first.refreshToken.token, first.antiCsrfToken)).toMatchObject({ status: 'OK' });
    });

    it('gives one to a session that was made without, and asks for it from then on', async () => {
      const created = await newSession(sessions, false);
      const first = await refresh(created.refreshToken.token);
      if (first.status !== 'OK') throw new Error(first.status);
      expect(first.antiCsrfToken).toEqual(expect.any(String));
      // The parent comes again, as from a second tab: it still was issued without one.
      expect(await refresh(created.refreshToken.token)).toMatchObject({ refreshToken: first.refreshToken });
      expect(await refresh(first.refreshToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await refresh(first.refreshToken.token, first.antiCsrfToken)).toMatchObject({ status: 'OK' });
    });

    it('gives one successor to those who refresh at once with anti-CSRF and without', async () => {
      const { token } = (await newSession(sessions, false)).refreshToken;
      const results = await Promise.all([refreshWith(sessions, token), refresh(token)]);
      const tokens = results.map((result) => (result.status === 'OK' ? result.refreshToken.token : result.status));
      expect(new Set(tokens).size).toBe(1);
      expect(await refreshWith(sessions, tokens[0]!)).toMatchObject({ status: 'OK' });
    });

    it('gives one token to all that refresh at once', async () => {
      const created = await newSession(sessions, true);
      const results = await Promise.all(
        Array.from({ length: 10 }, () => refresh(created.refreshToken.token, created.antiCsrfToken)),
      );
      const tokens = results.map((result) => (result.status === 'OK' ? result.antiCsrfToken : result.status));
      expect(new Set(tokens).size).toBe(1);
      expect(tokens[0]).not.toBe('TOKEN_THEFT_DETECTED');
    });
  });
});

describe.each(cores)('refreshing without a grace period: $name', ({ create }) => {
  it('takes each token once', async () => {
    const tested = await create({ refreshGraceSeconds: 0 });
    try {
      const sessions = tested.core.port(SessionsCore);
      const created = await newSession(sessions);
      const results = await Promise.all(
        Array.from({ length: 10 }, () => refreshWith(sessions, created.refreshToken.token)),
      );
      expect(results.filter(({ status }) => status === 'OK')).toHaveLength(1);
      expect(results.filter(({ status }) => status === 'TOKEN_THEFT_DETECTED')).toHaveLength(9);
    } finally {
      await tested.close();
    }
  });
});

describe.each(persistentCores)('refreshing in several processes: $name', ({ create }) => {
  it('gives one successor', async () => {
    const tested = await create();
    try {
      const both = [tested.core, await tested.openAnother()].map((core) => core.port(SessionsCore));
      const { refreshToken } = await newSession(both[0]!);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, number) => successor(both[number % 2]!, refreshToken.token)),
      );
      expect(new Set(results.map((result) => result.refreshToken.token)).size).toBe(1);
    } finally {
      await tested.close();
    }
  });
});

/** For the last letter of 32 bytes in base64url, of which the lowest two bits mean nothing. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(letter) ^ 1]!;
}
