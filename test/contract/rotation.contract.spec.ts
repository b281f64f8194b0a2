import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RefreshSessionResult, SessionsCore, type SessionWithTokens } from '../../lib/core/sessions.core.js';
import { type PersistentCoreUnderTest } from './cores.js';
import { persistentEmbeddedCores } from './cores.js';

const rotation = 'when-child-is-used';
const DAY_SECONDS = 86_400;

describe.each(persistentEmbeddedCores)('rotation when the child is used: $name', ({ create }) => {
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

  it('lets the parent work, for one and the same child, long after the grace period', async () => {
    const { parent, first } = await parentAndChild();
    tested.clock.moveSeconds(DAY_SECONDS);
    expect((await child(parent)).refreshToken.token).toBe(first.refreshToken.token);
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

  it('leaves the default as it was: theft after the grace period, and no parent in the token', async () => {
    const created = await newSession();
    const first = await refresh(created.refreshToken.token, {});
    expect(first).toMatchObject({ session: { accessTokenPayload: { parentRefreshTokenHash1: null } } });
    tested.clock.moveSeconds(5);
    expect(await refresh(created.refreshToken.token, {})).toEqual(theft(created));
  });
});
