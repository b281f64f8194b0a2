import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadInputError } from '../../lib/core/auth.error.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import { SessionsCore, type SessionGroup, type SessionWithTokens } from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { isEmbedded, persistentCores, type PersistentCoreUnderTest } from './cores.js';

describe.each(persistentCores)('claims of stored sessions: $name', (kind) => {
  let tested: PersistentCoreUnderTest;
  let sessions: SessionsCore;
  let count = 0;

  beforeAll(async () => {
    tested = await kind.create();
    sessions = tested.core.port(SessionsCore);
    await tested.core.port(TenantsCore).createTenant('acme');
  });
  afterAll(() => tested.close());

  function newSession(input: { userId?: string; tenantId?: string; accessTokenPayload?: JsonObject } = {}) {
    const { userId = `user-${++count}`, tenantId = 'public', accessTokenPayload = {} } = input;
    const flags = { useDynamicSigningKey: true, enableAntiCsrf: false, sessionDataInDatabase: {} };
    return sessions.createNewSession({ userId, recipeUserId: userId, tenantId, accessTokenPayload, ...flags });
  }
  const stored = async (sessionHandle: string) =>
    (await sessions.getSessionInformation(sessionHandle))?.customClaimsInAccessTokenPayload;
  const merge = (accessToken: string, accessTokenPayloadUpdate: JsonObject, ifUnchangedSince?: JsonObject) =>
    sessions.regenerateAccessToken({ accessToken, accessTokenPayloadUpdate, ifUnchangedSince });

  it('keep what four merges by one token set at once, and the new token has what is stored', async () => {
    const { session, accessToken } = await newSession({ accessTokenPayload: { old: 1 } });
    const results = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => merge(accessToken.token, { [name]: { v: 1 }, old: null })),
    );
    expect(results).toMatchObject(results.map(() => ({ status: 'OK', isApplied: true })));
    const value = { v: 1 };
    expect(await stored(session.handle)).toEqual({ a: value, b: value, c: value, d: value });
    expect(await merge(accessToken.token, { last: 2 })).toMatchObject({
      session: { accessTokenPayload: { a: value, d: value, last: 2 } },
    });
  });

  it('do not come back through a token that has them still', async () => {
    const { session, accessToken } = await newSession({ accessTokenPayload: { role: 'admin' } });
    await sessions.updateAccessTokenPayload({ sessionHandle: session.handle, accessTokenPayload: {} });
    const merged = await merge(accessToken.token, { theme: 'dark' });
    expect(merged).not.toHaveProperty('session.accessTokenPayload.role');
    expect(await stored(session.handle)).toEqual({ theme: 'dark' });
  });

  it('keep an update out that was made from what is stored no longer', async () => {
    const { session, accessToken } = await newSession({ accessTokenPayload: { role: 'admin', seen: 1 } });
    const since = { role: 'admin', seen: 1 };
    await sessions.updateAccessTokenPayload({ sessionHandle: session.handle, accessTokenPayload: { seen: 2 } });
    expect(await merge(accessToken.token, { role: 'admin' }, since)).toMatchObject({
      status: 'OK',
      isApplied: false,
      session: { accessTokenPayload: { seen: 2 } },
    });
    expect(await merge(accessToken.token, { theme: 'dark' }, since)).toMatchObject({ isApplied: true });
    expect(await stored(session.handle)).toEqual({ seen: 2, theme: 'dark' });
  });

  it('are not merged into a session that is revoked, nor by what the core itself writes', async () => {
    const { session, accessToken } = await newSession();
    await expect(merge(accessToken.token, { sub: 'somebody else' })).rejects.toThrow(BadInputError);
    const both = { accessToken: accessToken.token, accessTokenPayload: {}, accessTokenPayloadUpdate: {} };
    await expect(sessions.regenerateAccessToken(both)).rejects.toThrow(BadInputError);
    await sessions.revokeSessions([session.handle]);
    expect(await merge(accessToken.token, { a: 1 })).toEqual({ status: 'UNAUTHORISED' });
    expect(await stored(session.handle)).toBeUndefined();
  });

  it('are updated for all sessions of a user, fetched once for each tenant, and for nobody else', async () => {
    const userId = `user-${++count}`;
    const accessTokenPayload = { old: { v: 1, kept: true }, mine: 1 };
    const created = [];
    for (let at = 0; at < 20; at++) {
      created.push(await newSession({ userId, accessTokenPayload, tenantId: at === 0 ? 'acme' : 'public' }));
    }
    const other = await newSession({ accessTokenPayload });
    const requests: SessionGroup[] = [];
    await sessions.updateClaims({ userId }, async (group) => {
      requests.push(group);
      return { old: { v: group.tenantId } };
    });
    const groups = [
      { userId, recipeUserId: userId, tenantId: 'acme' },
      { userId, recipeUserId: userId, tenantId: 'public' },
    ];
    expect(requests.toSorted((left, right) => (left.tenantId < right.tenantId ? -1 : 1))).toEqual(groups);
    const claims = await Promise.all(created.map(({ session }) => stored(session.handle)));
    const inTenant = (v: string) => ({ old: { v }, mine: 1 });
    expect(claims).toEqual([inTenant('acme'), ...claims.slice(1).map(() => inTenant('public'))]);
    expect(await stored(other.session.handle)).toEqual(accessTokenPayload);
  });

  it('of a new session are those that changed while they were fetched', async () => {
    if (!isEmbedded(kind)) return;
    const userId = `user-${++count}`;
    let role: string | null = 'admin';
    let fetches = 0;
    const { session } = await sessions.createNewSession({
      userId,
      recipeUserId: userId,
      tenantId: 'public',
      accessTokenPayload: { plan: 'pro' },
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
      async fetchClaims() {
        const fetched = role;
        if (++fetches === 1) {
          role = null;
          await sessions.updateClaims({ userId }, async () => ({ role }));
          await sessions.updateClaims({ userId }, async () => ({ told: true }));
        }
        return { role: fetched };
      },
    });
    expect(fetches).toBe(1);
    expect(await stored(session.handle)).toEqual({ plan: 'pro', told: true });
    expect(session.accessTokenPayload).not.toHaveProperty('role');
  });

  it('are those that were written last, for all sessions at once or for one', async () => {
    const userId = `user-${++count}`;
    const created = [];
    for (let at = 0; at < 3; at++)
      created.push(await newSession({ userId, accessTokenPayload: { role: 'admin', mine: at } }));
    const [first, second, third] = created as [SessionWithTokens, SessionWithTokens, SessionWithTokens];
    const change = (update: JsonObject) => sessions.updateClaims({ userId }, async () => update);
    await change({ role: null, seen: 1 });
    await merge(second.accessToken.token, { role: 'editor' });
    await sessions.updateAccessTokenPayload({
      sessionHandle: third.session.handle,
      accessTokenPayload: { mine: 'all' },
    });
    await change({ seen: 2 });
    const { refreshToken } = first;
    const flags = { enableAntiCsrf: false, useDynamicSigningKey: true };
    expect(await sessions.refreshSession({ refreshToken: refreshToken.token, ...flags })).toMatchObject({
      session: { accessTokenPayload: { mine: 0, seen: 2 } },
    });
    const handles = created.map(({ session }) => session.handle);
    expect(await Promise.all(handles.map(stored))).toEqual([
      { mine: 0, seen: 2 },
      { mine: 1, role: 'editor', seen: 2 },
      { mine: 'all', seen: 2 },
    ]);
    const { session } = await newSession({ userId, accessTokenPayload: { seen: 'as it was fetched' } });
    expect(await stored(session.handle)).toEqual({ seen: 'as it was fetched' });
  });
});
