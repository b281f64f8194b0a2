import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { AuthDatabase } from '../../lib/core/auth-database.js';
import { StorageUnavailableError } from '../../lib/core/auth.error.js';
import { type RefreshSessionResult, SessionsCore, type SessionWithTokens } from '../../lib/core/sessions.core.js';
import { type PersistentCoreUnderTest } from './cores.js';
import { persistentEmbeddedCores } from './cores.js';

const rotation = 'when-child-is-used';
const DAY_SECONDS = 86_400;

describe.each(persistentEmbeddedCores)('rotation when the child is used: $name', ({ name, create }) => {
  let tested: PersistentCoreUnderTest;
  let sessions: SessionsCore;

  beforeAll(async () => {
    tested = await create({ accessTokenLifetimeSeconds: 2 * DAY_SECONDS, refreshGraceSeconds: 5 });
    sessions = tested.core.port(SessionsCore);
  });
  afterAll(() => tested.close());

  function newSession(enableAntiCsrf = false): Promise<SessionWithTokens> {
    return sessions.createNewSession({
      tenantId: 'public',
      userId: 'user',
      recipeUserId: 'login-method',
      accessTokenPayload: { role: 'admin', nothing: null },
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf,
    });
  }

  function refresh(refreshToken: string, options: object = { rotation }): Promise<RefreshSessionResult> {
    return sessions.refreshSession({ refreshToken, enableAntiCsrf: false, useDynamicSigningKey: true, ...options });
  }

  async function child(refreshToken: string): Promise<SessionWithTokens> {
    const result = await refresh(refreshToken);
    if (result.status !== 'OK') throw new Error(result.status);
    return result;
  }

  function verify(accessToken: string, options: object = { rotation }) {
    const input = { accessToken, checkAntiCsrf: false, checkDatabase: false, useDynamicSigningKey: true };
    return sessions.verifySession({ ...input, ...options });
  }

  async function parentAndChild() {
    const created = await newSession();
    return { parent: created.refreshToken.token, created, first: await child(created.refreshToken.token) };
  }

  const theft = (of: SessionWithTokens) => ({
    status: 'TOKEN_THEFT_DETECTED',
    session: { handle: of.session.handle, userId: 'user', recipeUserId: 'login-method' },
  });

  it('says in the access token which token its use will spend', async () => {
    const { created, first } = await parentAndChild();
    expect(created.session.accessTokenPayload.parentRefreshTokenHash1).toBeNull();
    const { refreshTokenHash1 } = created.session.accessTokenPayload;
    expect(first.session.accessTokenPayload.parentRefreshTokenHash1).toBe(refreshTokenHash1);
  });

  it('lets the parent work long after the grace period, and then for another child', async () => {
    const { parent, created, first } = await parentAndChild();
    tested.clock.moveSeconds(DAY_SECONDS);
    const late = await child(parent);
    expect(late.refreshToken.token).not.toBe(first.refreshToken.token);
    expect((await child(parent)).refreshToken.token).toBe(late.refreshToken.token);
    expect(late.session.accessTokenPayload.parentRefreshTokenHash1).toBe(
      created.session.accessTokenPayload.refreshTokenHash1,
    );
    expect(late.refreshToken.expiry).toBe(first.refreshToken.expiry + DAY_SECONDS * 1000);
  });

  describe.each(['first', 'late'] as const)('of two children, the use of the %s one', (which) => {
    async function twoChildren() {
      const { parent, created, first } = await parentAndChild();
      tested.clock.moveSeconds(60);
      const both = { first, late: await child(parent) };
      return { parent, created, used: both[which], unused: both[which === 'first' ? 'late' : 'first'] };
    }

    it('by a refresh makes the other a stolen one', async () => {
      const { created, used, unused } = await twoChildren();
      expect(await refresh(used.refreshToken.token)).toMatchObject({ status: 'OK' });
      expect(await refresh(unused.refreshToken.token)).toEqual(theft(created));
    });

    it('by its access token makes the other a stolen one, whose access token spends nothing', async () => {
      const { parent, created, used, unused } = await twoChildren();
      expect(await verify(used.accessToken.token)).toMatchObject({ accessToken: { token: expect.any(String) } });
      expect(await verify(unused.accessToken.token)).toEqual({ status: 'OK', session: unused.session });
      expect(await refresh(parent)).toEqual(theft(created));
      expect(await refresh(unused.refreshToken.token)).toEqual(theft(created));
      expect(await refresh(used.refreshToken.token)).toMatchObject({ status: 'OK' });
    });
  });

  it('knows the first child and the latest, however often the parent comes', async () => {
    const { parent, created, first } = await parentAndChild();
    const others: SessionWithTokens[] = [];
    for (let repeated = 0; repeated < 3; repeated++) {
      tested.clock.moveSeconds(60);
      others.push(await child(parent));
    }
    expect(await verify(others[1]!.accessToken.token)).toEqual({ status: 'OK', session: others[1]!.session });
    expect(await refresh(others[1]!.refreshToken.token)).toEqual(theft(created));
    expect(await child(first.refreshToken.token)).toBeDefined();
  });

  it('does not make good again what a refresh of the other kind has spent', async () => {
    const created = await newSession();
    await refresh(created.refreshToken.token, {});
    tested.clock.moveSeconds(5);
    expect(await refresh(created.refreshToken.token)).toEqual(theft(created));
  });

  it('spends the parent when the child refreshes', async () => {
    const { parent, created, first } = await parentAndChild();
    const second = await child(first.refreshToken.token);
    expect(await refresh(parent)).toEqual(theft(created));
    expect(second.refreshToken.token).not.toBe(first.refreshToken.token);
    expect((await child(first.refreshToken.token)).refreshToken.token).toBe(second.refreshToken.token);
  });

  it('spends the parent when the access token of the child is seen, and replaces that once and for all', async () => {
    const { parent, created, first } = await parentAndChild();
    const seen = await verify(first.accessToken.token);
    if (seen.status !== 'OK' || seen.accessToken === undefined) throw new Error('There is no replacement');
    expect(seen.session.accessTokenPayload).toEqual({
      ...first.session.accessTokenPayload,
      iat: expect.any(Number),
      parentRefreshTokenHash1: null,
    });
    expect(seen.accessToken.expiry).toBe(first.accessToken.expiry);
    expect(await verify(seen.accessToken.token)).toEqual({ status: 'OK', session: seen.session });
    expect(await refresh(parent)).toEqual(theft(created));
    expect(await refresh(first.refreshToken.token)).toMatchObject({ status: 'OK' });
  });

  it('replaces the token for each of those that come with it at once or again', async () => {
    const { first } = await parentAndChild();
    const seen = await Promise.all(Array.from({ length: 10 }, () => verify(first.accessToken.token)));
    expect(seen.every((result) => result.status === 'OK' && result.accessToken !== undefined)).toBe(true);
    expect(await verify(first.accessToken.token)).toMatchObject({ accessToken: { token: expect.any(String) } });
  });

  it('takes neither the other rotation, nor a token that fails a check, for a use', async () => {
    const { parent, first } = await parentAndChild();
    const token = first.accessToken.token;
    expect(await verify(token, {})).toEqual({ status: 'OK', session: first.session });
    expect(await verify(token, { rotation: 'in-refresh', checkDatabase: true })).toEqual({
      status: 'OK',
      session: first.session,
    });
    expect(await verify(token, { rotation, useDynamicSigningKey: false })).toMatchObject({
      status: 'TRY_REFRESH_TOKEN',
    });
    expect(await verify(token, { rotation, checkAntiCsrf: true })).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
    expect(await verify(`${token.slice(0, -10)}AAAAAAAAAA`)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
    expect((await child(parent)).refreshToken.token).toBe(first.refreshToken.token);
  });

  it('takes the token of a session that has moved on for what it is', async () => {
    const { first } = await parentAndChild();
    const second = await child(first.refreshToken.token);
    expect(await verify(first.accessToken.token)).toEqual({ status: 'OK', session: first.session });
    // The late sight of an older token has not spent the parent of a later one.
    expect((await child(first.refreshToken.token)).refreshToken.token).toBe(second.refreshToken.token);
  });

  it('is UNAUTHORISED for a session that was revoked', async () => {
    const { first } = await parentAndChild();
    await sessions.revokeSessions([first.session.handle]);
    expect(await verify(first.accessToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
  });

  it('keeps the parent in a token that is regenerated before it was seen', async () => {
    const { parent, created, first } = await parentAndChild();
    const accessToken = first.accessToken.token;
    const regenerated = await sessions.regenerateAccessToken({ accessToken, accessTokenPayload: { role: 'user' } });
    if (regenerated.status !== 'OK') throw new Error(regenerated.status);
    expect(await refresh(parent)).toMatchObject({ status: 'OK' });
    const seen = await verify(regenerated.accessToken.token);
    expect(seen).toMatchObject({ status: 'OK', session: { accessTokenPayload: { role: 'user' } } });
    expect(await refresh(parent)).toEqual(theft(created));
  });

  it('gives one child to twenty that refresh at once in two processes', async () => {
    const { refreshToken } = await newSession();
    const there = (await tested.openAnother()).port(SessionsCore);
    const input = { refreshToken: refreshToken.token, enableAntiCsrf: false, useDynamicSigningKey: true } as const;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, number) => (number % 2 ? there : sessions).refreshSession({ ...input, rotation })),
    );
    const tokens = results.map((result) => (result.status === 'OK' ? result.refreshToken.token : result.status));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/\.V2$/);
  });

  describe('for a client whose requests overlap', () => {
    const overlapping = { rotation, allowsOverlap: true } as const;

    it('lets the parent yield the same child after its use too, for the grace period', async () => {
      const { parent, created, first } = await parentAndChild();
      expect(await verify(first.accessToken.token, overlapping)).toMatchObject({ accessToken: expect.anything() });
      const again = await child(parent);
      expect(again.refreshToken.token).toBe(first.refreshToken.token);
      // It was seen already, so nobody has to be told again.
      expect(again.session.accessTokenPayload.parentRefreshTokenHash1).toBeNull();
      tested.clock.moveSeconds(5);
      expect(await refresh(parent)).toEqual(theft(created));
    });

    it('replaces a token for those that come with it at once, and takes it as it is from then on', async () => {
      const { first } = await parentAndChild();
      const token = first.accessToken.token;
      const seen = await Promise.all(Array.from({ length: 10 }, () => verify(token, overlapping)));
      const replacements = seen.map((result) => result.status === 'OK' && result.accessToken?.token);
      expect([new Set(replacements).size, typeof replacements[0]]).toEqual([1, 'string']);
      expect(await verify(token, overlapping)).toEqual({ status: 'OK', session: first.session });
      await sessions.revokeSessions([first.session.handle]);
      expect(await verify(token, { ...overlapping, checkDatabase: true })).toMatchObject({ status: 'UNAUTHORISED' });
    });

    if (name.includes('SQLite')) {
      it('takes a token while the storage takes no changes, and spends the parent later', async () => {
        const { parent, created, first } = await parentAndChild();
        const token = first.accessToken.token;
        const asItIs = { status: 'OK', session: first.session };
        const database = await tested.core.port(AuthDatabase).current();
        await sql`pragma query_only = on`.execute(database);
        expect(await verify(token, overlapping)).toEqual(asItIs);
        await expect(verify(token, { ...overlapping, checkDatabase: true })).rejects.toThrow(StorageUnavailableError);
        await sql`pragma query_only = off`.execute(database);
        // Nobody waits again at once for what has just failed.
        expect(await verify(token, overlapping)).toEqual(asItIs);
        tested.clock.moveSeconds(5);
        expect(await verify(token, overlapping)).toMatchObject({ accessToken: { token: expect.any(String) } });
        expect(await refresh(parent)).toEqual(theft(created));
      });
    }

    it('lets twenty refresh and use what they got at once, in two processes', async () => {
      const { parent } = await parentAndChild();
      const there = (await tested.openAnother()).port(SessionsCore);
      const results = await Promise.all(
        Array.from({ length: 20 }, async (_, number) => {
          const core = number % 2 ? there : sessions;
          const input = { refreshToken: parent, enableAntiCsrf: false, useDynamicSigningKey: true, rotation } as const;
          const refreshed = await core.refreshSession(input);
          if (refreshed.status !== 'OK') return refreshed.status;
          const { token: accessToken } = refreshed.accessToken;
          const seen = await core.verifySession({
            accessToken,
            checkAntiCsrf: false,
            checkDatabase: false,
            ...overlapping,
          });
          return [seen.status, refreshed.refreshToken.token];
        }),
      );
      expect(new Set(results.map(String)).size).toBe(1);
      expect(results[0]).toEqual(['OK', expect.stringMatching(/\.V2$/)]);
    });
  });

  it('leaves the other one as it was: theft after the grace period, and no parent in the token', async () => {
    const created = await newSession();
    const first = await refresh(created.refreshToken.token, {});
    expect(first).toMatchObject({ session: { accessTokenPayload: { parentRefreshTokenHash1: null } } });
    tested.clock.moveSeconds(5);
    expect(await refresh(created.refreshToken.token, {})).toEqual(theft(created));
  });
});
