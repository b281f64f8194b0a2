import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadInputError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import { UserIdMappingCore } from '../../lib/core/user-id-mapping.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { isEmbedded, persistentCores, type PersistentCoreUnderTest } from './cores.js';

describe.each(persistentCores)('active users: $name', (kind) => {
  let tested: PersistentCoreUnderTest;
  let users: UsersCore;
  let sessions: SessionsCore;
  let count = 0;

  beforeAll(async () => {
    tested = await kind.create();
    [users, sessions] = [tested.core.port(UsersCore), tested.core.port(SessionsCore)];
  });
  afterAll(() => tested.close());

  async function newUser(): Promise<string> {
    const credentials = { tenantId: 'public', email: `active-${++count}@example.com`, password: 'first pass 1' };
    const result = await tested.core.port(EmailPasswordCore).signUp(credentials);
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user.id;
  }
  function newSession(userId: string, of = sessions) {
    const input = {
      tenantId: 'public',
      userId,
      recipeUserId: userId,
      accessTokenPayload: {},
      sessionDataInDatabase: {},
    };
    return of.createNewSession({ ...input, useDynamicSigningKey: true, enableAntiCsrf: false });
  }
  /** Nobody before was active so late. */
  function later(): number {
    tested.clock.moveSeconds(10);
    return tested.clock.now();
  }
  const activeSince = (sinceMs: number) => users.getActiveUserCount({ sinceMs });

  it('are those who got a session, or refreshed one, each once', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    const first = later();
    expect(await activeSince(first)).toBe(0);
    const { refreshToken } = await newSession(ann);
    await newSession(ann);
    await newSession(bob);
    await newSession('of-elsewhere');
    expect(await activeSince(first)).toBe(3);

    const second = later();
    expect(await activeSince(second)).toBe(0);
    const refresh = { enableAntiCsrf: false, useDynamicSigningKey: true };
    const refreshed = await sessions.refreshSession({ ...refresh, refreshToken: refreshToken.token });
    expect(refreshed.status).toBe('OK');
    await sessions.refreshSession({ ...refresh, refreshToken: 'made-up' });
    expect([await activeSince(second), await activeSince(first)]).toEqual([1, 3]);
    await sessions.revokeAllSessionsForUser({ userId: ann });
    expect(await activeSince(second)).toBe(1);
  });

  it('count once under whatever id they are shown, and no more when they are deleted', async () => {
    const [userId, externalUserId] = [await newUser(), `external-${count}`];
    const start = later();
    await newSession(userId);
    await tested.core.port(UserIdMappingCore).create({ userId, externalUserId });
    await newSession(externalUserId);
    expect(await activeSince(start)).toBe(1);
    await newSession(externalUserId);
    await users.deleteUser(externalUserId);
    expect(await activeSince(start)).toBe(0);
  });

  it('are known to other processes once this one is closed', async () => {
    // A core service keeps running when a driver is closed.
    if (!isEmbedded(kind)) return;
    const [userId, start] = [await newUser(), later()];
    const another = await tested.openAnother();
    await newSession(userId, another.port(SessionsCore));
    await another.close();
    expect(await activeSince(start)).toBe(1);
  });

  it('does not count what is rolled back', async () => {
    // Only there a transaction is one.
    if (!isEmbedded(kind)) return;
    const [userId, start] = [await newUser(), later()];
    const rolledBack = tested.core.transaction(async () => {
      await newSession(userId);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await activeSince(start)).toBe(0);
  });

  it.each([-1, 0.5, Number.NaN, '5' as never, undefined as never])('since %p is refused', async (sinceMs) => {
    await expect(activeSince(sinceMs)).rejects.toThrow(BadInputError);
  });
});
