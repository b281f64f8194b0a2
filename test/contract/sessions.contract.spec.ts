import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadInputError, UnknownTenantError } from '../../lib/core/auth.error.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import {
  type CreateNewSessionCoreInput,
  PROTECTED_ACCESS_TOKEN_CLAIMS,
  SessionsCore,
  type SessionWithTokens,
} from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { coresAndMemory, type CoreUnderTest, embeddedCores } from './cores.js';
import { splitToken } from '../support/access-tokens.js';

const ISS = 'http://localhost:3000/auth';

describe.each(coresAndMemory)('sessions: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let sessions: SessionsCore;
  let userCount = 0;

  beforeAll(async () => {
    tested = await create({ accessTokenLifetimeSeconds: 100, refreshTokenLifetimeSeconds: 1000 });
    sessions = tested.core.port(SessionsCore);
    await tested.core.port(TenantsCore).createTenant('acme');
  });
  afterAll(() => tested.close());

  function newSession(input: Partial<CreateNewSessionCoreInput> = {}): Promise<SessionWithTokens> {
    const userId = input.userId ?? `user-${++userCount}`;
    return sessions.createNewSession({
      tenantId: 'public',
      userId,
      recipeUserId: userId,
      accessTokenPayload: { iss: ISS },
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
      ...input,
    });
  }

  function verify(accessToken: string, input: Partial<Parameters<SessionsCore['verifySession']>[0]> = {}) {
    return sessions.verifySession({
      accessToken,
      checkAntiCsrf: false,
      checkDatabase: false,
      useDynamicSigningKey: true,
      ...input,
    });
  }

  describe('creation', () => {
    it('gives tokens in the form that clients know', async () => {
      const nowMs = tested.clock.now();
      const created = await newSession({ accessTokenPayload: { iss: ISS, role: null } });
      const { header, payload } = splitToken(created.accessToken.token);
      expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.stringMatching(/^d-/), version: '5' });
      expect(payload).toEqual({
        iss: ISS,
        role: null,
        sub: created.session.userId,
        iat: Math.floor(nowMs / 1000),
        exp: Math.floor(nowMs / 1000) + 100,
        sessionHandle: created.session.handle,
        refreshTokenHash1: expect.stringMatching(/^[0-9a-f]{64}$/),
        parentRefreshTokenHash1: null,
        antiCsrfToken: null,
        tId: 'public',
        rsub: created.session.userId,
      });
      expect(created.session.accessTokenPayload).toEqual(payload);
      expect(created.accessToken).toMatchObject({ createdTime: nowMs, expiry: (payload.exp as number) * 1000 });
      expect(created.refreshToken).toMatchObject({ createdTime: nowMs, expiry: nowMs + 1_000_000 });
      expect(created.refreshToken.token).toMatch(/\.V2$/);
      expect(created).not.toHaveProperty('antiCsrfToken');
    });

    it('puts the tenant into the handle, unless it is the public one', async () => {
      expect((await newSession()).session.handle).toMatch(/^[0-9a-f-]{36}$/);
      const { session } = await newSession({ tenantId: 'acme' });
      expect(session.handle).toMatch(/^[0-9a-f-]{36}_acme$/);
      expect(session.tenantId).toBe('acme');
    });

    it('signs with the static key where asked to', async () => {
      const { accessToken } = await newSession({ useDynamicSigningKey: false });
      expect(splitToken(accessToken.token).header.kid).toMatch(/^s-/);
      expect(await verify(accessToken.token, { useDynamicSigningKey: false })).toMatchObject({ status: 'OK' });
    });

    it.each(PROTECTED_ACCESS_TOKEN_CLAIMS)('refuses the protected claim %s', async (claim) => {
      const refused = new BadInputError('The user payload contains protected field');
      const userId = `protected-${claim}`;
      const accessTokenPayload = { [claim]: null };
      await expect(newSession({ userId, accessTokenPayload })).rejects.toThrow(refused);
      expect(await sessions.getAllSessionHandlesForUser({ userId })).toEqual([]);

      const { session, accessToken } = await newSession({ userId });
      const { handle: sessionHandle } = session;
      await expect(sessions.updateAccessTokenPayload({ sessionHandle, accessTokenPayload })).rejects.toThrow(refused);
      await expect(
        sessions.regenerateAccessToken({ accessToken: accessToken.token, accessTokenPayload }),
      ).rejects.toThrow(refused);
    });

    it.each([
      ['a date', { at: new Date(0) }],
      ['a function', { call: () => 1 }],
      ['a bigint', { count: 1n }],
      ['NaN', { count: Number.NaN }],
      ['undefined in a list', { list: [undefined] }],
      ['a map', { map: new Map() }],
      ['a list in place of an object', []],
    ])('refuses %s, which JSON would change', async (_, value) => {
      const json = value as unknown as JsonObject;
      await expect(newSession({ accessTokenPayload: json })).rejects.toThrow(BadInputError);
      await expect(newSession({ sessionDataInDatabase: json })).rejects.toThrow(BadInputError);
    });

    it('refuses a circle', async () => {
      const circle: JsonObject = {};
      circle.self = circle as never;
      await expect(newSession({ accessTokenPayload: circle })).rejects.toThrow(BadInputError);
    });

    it('keeps special keys, unicode and nulls as they are', async () => {
      const payload = JSON.parse(
        '{"__proto__":{"admin":true},"constructor":{"prototype":null},"näme":"\\ud83d\\udd11","none":null,"list":[null,{}]}',
      ) as JsonObject;
      const { session, accessToken } = await newSession({
        accessTokenPayload: payload,
        sessionDataInDatabase: payload,
      });
      const verified = await verify(accessToken.token);
      if (verified.status !== 'OK') throw new Error(verified.status);
      expect(JSON.stringify(verified.session.accessTokenPayload)).toContain(JSON.stringify(payload).slice(1, -1));
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
      const information = await sessions.getSessionInformation(session.handle);
      expect(JSON.stringify(information?.sessionDataInDatabase)).toBe(JSON.stringify(payload));
      expect(JSON.stringify(information?.customClaimsInAccessTokenPayload)).toBe(JSON.stringify(payload));
    });

    it('writes nothing for an unknown tenant', async () => {
      const userId = 'homeless';
      await expect(newSession({ userId, tenantId: 'nowhere' })).rejects.toThrow(new UnknownTenantError('nowhere'));
      expect(await sessions.getAllSessionHandlesForUser({ userId })).toEqual([]);
    });
  });

  describe('verification', () => {
    it('answers with the session, deeply frozen', async () => {
      const created = await newSession({ accessTokenPayload: { iss: ISS, roles: { admin: ['a'] } } });
      const verified = await verify(created.accessToken.token);
      expect(verified).toEqual({ status: 'OK', session: created.session });
      if (verified.status !== 'OK') throw new Error(verified.status);
      const { roles } = verified.session.accessTokenPayload as { roles: { admin: string[] } };
      expect(() => roles.admin.push('b')).toThrow(TypeError);
      expect(await verify(created.accessToken.token)).toEqual({ status: 'OK', session: created.session });
    });

    it('ends with the lifetime of the token, also for a token that was verified before', async () => {
      const { accessToken } = await newSession();
      const unseen = await newSession();
      expect(await verify(accessToken.token)).toMatchObject({ status: 'OK' });
      tested.clock.moveSeconds(99);
      expect(await verify(accessToken.token)).toMatchObject({ status: 'OK' });
      tested.clock.moveSeconds(1);
      for (const { token } of [accessToken, accessToken, unseen.accessToken]) {
        expect(await verify(token)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
      }
    });

    it('takes only the kind of key that is asked for', async () => {
      const dynamic = await newSession();
      const fixed = await newSession({ useDynamicSigningKey: false });
      const tryRefresh = { status: 'TRY_REFRESH_TOKEN' };
      for (let round = 0; round < 2; round++) {
        expect(await verify(dynamic.accessToken.token, { useDynamicSigningKey: false })).toMatchObject(tryRefresh);
        expect(await verify(fixed.accessToken.token, { useDynamicSigningKey: true })).toMatchObject(tryRefresh);
      }
    });

    it('compares the anti-CSRF token where asked to', async () => {
      const { accessToken, antiCsrfToken } = await newSession({ enableAntiCsrf: true });
      const without = await newSession();
      const other = await newSession({ enableAntiCsrf: true });
      const checked = (antiCsrf?: string, token = accessToken.token) =>
        verify(token, { checkAntiCsrf: true, antiCsrfToken: antiCsrf });
      expect(await checked(antiCsrfToken)).toMatchObject({ status: 'OK' });
      expect(await verify(accessToken.token)).toMatchObject({ status: 'OK' });
      for (const wrong of [undefined, '', 'null', other.antiCsrfToken, `${antiCsrfToken} `]) {
        expect(await checked(wrong)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
        expect(await checked(wrong, without.accessToken.token)).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
      }
    });

    it('asks the storage only where told to', async () => {
      const { session, accessToken } = await newSession();
      expect(await verify(accessToken.token, { checkDatabase: true })).toMatchObject({ status: 'OK' });
      await sessions.revokeSessions([session.handle]);
      // In this process it is known without asking: see revocations.contract.spec.ts.
      expect(await verify(accessToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await verify(accessToken.token, { checkDatabase: true })).toMatchObject({ status: 'UNAUTHORISED' });
    });
  });

  describe('regeneration of the access token', () => {
    it('replaces the claims and keeps the expiry', async () => {
      const { accessToken, session } = await newSession({ enableAntiCsrf: true });
      tested.clock.moveSeconds(10);
      const regenerated = await sessions.regenerateAccessToken({
        accessToken: accessToken.token,
        accessTokenPayload: { iss: ISS, role: 'admin' },
      });
      if (regenerated.status !== 'OK') throw new Error(regenerated.status);
      expect(regenerated.accessToken.expiry).toBe(accessToken.expiry);
      expect(regenerated.session.accessTokenPayload).toEqual({
        ...session.accessTokenPayload,
        iat: Math.floor(tested.clock.now() / 1000),
        role: 'admin',
      });
      expect(await verify(regenerated.accessToken.token)).toEqual({ status: 'OK', session: regenerated.session });
      const information = await sessions.getSessionInformation(session.handle);
      expect(information?.customClaimsInAccessTokenPayload).toEqual({ iss: ISS, role: 'admin' });
    });

    it('signs the stored claims again when none are given, with the same kind of key', async () => {
      const { accessToken, session } = await newSession({ useDynamicSigningKey: false });
      const change = { sessionHandle: session.handle, accessTokenPayload: { role: 'stored' } };
      expect(await sessions.updateAccessTokenPayload(change)).toBe(true);
      const regenerated = await sessions.regenerateAccessToken({ accessToken: accessToken.token });
      if (regenerated.status !== 'OK') throw new Error(regenerated.status);
      expect(regenerated.session.accessTokenPayload).toMatchObject({ role: 'stored' });
      expect(regenerated.session.accessTokenPayload).not.toHaveProperty('iss');
      expect(splitToken(regenerated.accessToken.token).header.kid).toMatch(/^s-/);
    });

    it('refuses when the session is gone, and a token that is not ours', async () => {
      const { accessToken, session } = await newSession();
      await sessions.revokeSessions([session.handle]);
      const regenerate = (token: string, accessTokenPayload?: JsonObject) =>
        sessions.regenerateAccessToken({ accessToken: token, accessTokenPayload });
      const unauthorised = { status: 'UNAUTHORISED' };
      expect(await regenerate(accessToken.token)).toEqual(unauthorised);
      expect(await regenerate(accessToken.token, {})).toEqual(unauthorised);
      expect(await regenerate('garbage', {})).toEqual(unauthorised);
    });
  });

  describe('information, changes and revocation', () => {
    it('tells what is stored', async () => {
      const { session } = await newSession({ tenantId: 'acme', sessionDataInDatabase: { cart: [1, null] } });
      expect(await sessions.getSessionInformation(session.handle)).toEqual({
        sessionHandle: session.handle,
        userId: session.userId,
        recipeUserId: session.recipeUserId,
        tenantId: 'acme',
        timeCreated: tested.clock.now(),
        expiry: tested.clock.now() + 1_000_000,
        sessionDataInDatabase: { cart: [1, null] },
        customClaimsInAccessTokenPayload: { iss: ISS },
      });
    });

    it('changes the data of a session that is there', async () => {
      const { session } = await newSession();
      const change = { sessionHandle: session.handle, sessionData: { step: 2 } };
      expect(await sessions.updateSessionData(change)).toBe(true);
      expect((await sessions.getSessionInformation(session.handle))?.sessionDataInDatabase).toEqual({ step: 2 });
      expect(await sessions.updateSessionData({ ...change, sessionHandle: 'none' })).toBe(false);
      expect(await sessions.updateAccessTokenPayload({ sessionHandle: 'none', accessTokenPayload: {} })).toBe(false);
    });

    it('shows a changed payload from the next refresh on', async () => {
      const { session, refreshToken } = await newSession();
      await sessions.updateAccessTokenPayload({ sessionHandle: session.handle, accessTokenPayload: { step: 2 } });
      const refreshed = await sessions.refreshSession({
        refreshToken: refreshToken.token,
        enableAntiCsrf: false,
        useDynamicSigningKey: true,
      });
      expect(refreshed).toMatchObject({ status: 'OK', session: { accessTokenPayload: { step: 2 } } });
    });

    it('lists and revokes the sessions of a user, of one tenant or of all', async () => {
      const userId = 'busy';
      const here = await newSession({ userId });
      const there = await newSession({ userId, tenantId: 'acme' });
      const stranger = await newSession();
      const handles = (tenantId?: string) => sessions.getAllSessionHandlesForUser({ userId, tenantId });
      expect((await handles()).sort()).toEqual([here.session.handle, there.session.handle].sort());
      expect(await handles('acme')).toEqual([there.session.handle]);

      expect(await sessions.revokeAllSessionsForUser({ userId, tenantId: 'acme' })).toEqual([there.session.handle]);
      expect(await handles()).toEqual([here.session.handle]);
      expect(await sessions.revokeAllSessionsForUser({ userId })).toEqual([here.session.handle]);
      expect(await handles()).toEqual([]);
      expect(await sessions.getSessionInformation(stranger.session.handle)).toBeDefined();
      await expect(handles('nowhere')).rejects.toThrow(UnknownTenantError);
    });

    it('says which of the sessions it revoked', async () => {
      const created = await Promise.all(Array.from({ length: 3 }, () => newSession()));
      const handles = created.map(({ session }) => session.handle);
      await sessions.revokeSessions([handles[0]!]);
      const revoked = await sessions.revokeSessions([...handles, handles[1]!, 'none', "' or 1=1 --"]);
      expect(revoked.sort()).toEqual(handles.slice(1).sort());
      expect(await sessions.revokeSessions([])).toEqual([]);
    });

    it('does not know an expired session any more', async () => {
      const { session, accessToken, refreshToken } = await newSession({ userId: 'sleeper' });
      tested.clock.moveSeconds(1000);
      const sessionHandle = session.handle;
      expect(await sessions.getSessionInformation(sessionHandle)).toBeUndefined();
      expect(await sessions.getAllSessionHandlesForUser({ userId: 'sleeper' })).toEqual([]);
      expect(await sessions.updateSessionData({ sessionHandle, sessionData: {} })).toBe(false);
      expect(await sessions.updateAccessTokenPayload({ sessionHandle, accessTokenPayload: {} })).toBe(false);
      expect(await sessions.regenerateAccessToken({ accessToken: accessToken.token })).toEqual({
        status: 'UNAUTHORISED',
      });
      const refresh = { refreshToken: refreshToken.token, enableAntiCsrf: false, useDynamicSigningKey: true };
      expect(await sessions.refreshSession(refresh)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await sessions.revokeSessions([sessionHandle])).toEqual([]);
    });

    it('tells the lifetimes', async () => {
      expect(await sessions.getAccessTokenLifeTimeMS()).toBe(100_000);
      expect(await sessions.getRefreshTokenLifeTimeMS()).toBe(1_000_000);
    });
  });
});

// On the wire a session is made for a login method; whose it is, the core finds out.
describe.each(embeddedCores)('sessions of a login method: $name', ({ create }) => {
  it('belong to the user that is named with it', async () => {
    const tested = await create();
    try {
      const sessions = tested.core.port(SessionsCore);
      const { session, accessToken, refreshToken } = await sessions.createNewSession({
        tenantId: 'public',
        userId: 'user',
        recipeUserId: 'login-method',
        accessTokenPayload: {},
        sessionDataInDatabase: {},
        useDynamicSigningKey: true,
        enableAntiCsrf: false,
      });
      const names = { userId: 'user', recipeUserId: 'login-method' };
      expect(session).toMatchObject(names);
      expect(splitToken(accessToken.token).payload).toMatchObject({ sub: 'user', rsub: 'login-method' });
      expect(await sessions.getSessionInformation(session.handle)).toMatchObject(names);
      const refresh = { refreshToken: refreshToken.token, enableAntiCsrf: false, useDynamicSigningKey: true };
      expect(await sessions.refreshSession(refresh)).toMatchObject({ status: 'OK', session: names });
    } finally {
      await tested.close();
    }
  });
});
