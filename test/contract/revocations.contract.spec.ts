import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Core } from '../../lib/core/core.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { SqlAuthDatabase } from '../../lib/core/embedded/storage/sql-auth-database.js';
import { EmbeddedRevocationFeed } from '../../lib/core/embedded/embedded-revocation-feed.js';
import { RevocationFeed } from '../../lib/core/revocation-feed.js';
import { SessionsCore, type SessionWithTokens } from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { waitUntil } from '../support/wait-until.js';
import { isEmbedded, persistentCores, persistentEmbeddedCores, type PersistentCoreUnderTest } from './cores.js';

const settings = { accessTokenLifetimeSeconds: 100, maxUserSessions: 3, revocationFeed: { pollIntervalMs: 100 } };

describe.each(persistentCores)('revocations: $name', (kind) => {
  const { name, create } = kind;
  let tested: PersistentCoreUnderTest;
  let replica: Core;
  let count = 0;
  const endedHandles: string[] = [];

  beforeAll(async () => {
    tested = await create(settings);
    replica = await tested.openAnother();
    replica.port(RevocationFeed).onEnded((handles) => void endedHandles.push(...handles));
  });
  afterAll(() => tested.close());

  const sessionsOf = (core: Core) => core.port(SessionsCore);
  async function statusOf({ accessToken }: SessionWithTokens, core = tested.core): Promise<string> {
    const input = { accessToken: accessToken.token, checkAntiCsrf: false, checkDatabase: false };
    return (await sessionsOf(core).verifySession(input)).status;
  }
  const isRefusedBy = (core: Core, session: SessionWithTokens) => async () =>
    (await statusOf(session, core)) === 'UNAUTHORISED';

  async function newUser(): Promise<string> {
    const input = { tenantId: 'public', email: `user-${++count}@example.com`, password: 'a password' };
    const result = await tested.core.port(EmailPasswordCore).signUp(input);
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user.id;
  }

  async function newSession(userId: string, tenantId = 'public'): Promise<SessionWithTokens> {
    const session = await sessionsOf(tested.core).createNewSession({
      tenantId,
      userId,
      recipeUserId: userId,
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
    });
    // Both have seen the token, so that neither verifies a signature any more.
    expect([await statusOf(session), await statusOf(session, replica)]).toEqual(['OK', 'OK']);
    return session;
  }

  async function newTenant(userId: string): Promise<string> {
    const tenantId = `acme-${count}`;
    await tested.core.port(TenantsCore).createTenant(tenantId);
    await tested.core.port(TenantsCore).addLoginMethodToTenant({ tenantId, recipeUserId: userId });
    return tenantId;
  }

  /** Ends the session of `userId` in `tenantId`. */
  const ends: [string, (session: SessionWithTokens, tenantId: string) => Promise<unknown>][] = [
    ['its revocation', ({ session }) => sessionsOf(tested.core).revokeSessions([session.handle])],
    [
      'the revocation of all sessions of its user',
      ({ session: { userId } }) => sessionsOf(tested.core).revokeAllSessionsForUser({ userId }),
    ],
    [
      'the revocation of all in its tenant',
      ({ session: { userId } }, tenantId) => sessionsOf(tested.core).revokeAllSessionsForUser({ userId, tenantId }),
    ],
    ['the deletion of its user', ({ session: { userId } }) => tested.core.port(UsersCore).deleteUser(userId)],
    [
      'the removal of its user from the tenant',
      ({ session: { userId } }, tenantId) =>
        tested.core.port(TenantsCore).removeLoginMethodFromTenant({ tenantId, recipeUserId: userId }),
    ],
    ['the deletion of its tenant', (_, tenantId) => tested.core.port(TenantsCore).deleteTenant(tenantId)],
    [
      'sessions that are one too many',
      async ({ session: { userId } }, tenantId) => {
        for (let further = 0; further < 3; further++) {
          tested.clock.moveSeconds(1);
          await newSession(userId, tenantId);
        }
      },
    ],
  ];

  it.each(ends)('%s is known here at once, and soon to others, for that session only', async (_, end) => {
    const userId = await newUser();
    const tenantId = await newTenant(userId);
    const [session, other] = [await newSession(userId, tenantId), await newSession(await newUser())];
    await end(session, tenantId);
    // A core in another process tells this one as it tells the others.
    if (isEmbedded(kind)) expect(await statusOf(session)).toBe('UNAUTHORISED');
    await waitUntil(isRefusedBy(tested.core, session));
    await waitUntil(isRefusedBy(replica, session));
    expect([await statusOf(other), await statusOf(other, replica)]).toEqual(['OK', 'OK']);
    expect(endedHandles).toContain(session.session.handle);
    expect(endedHandles).not.toContain(other.session.handle);
  });

  it('leaves alone who signs in again within the same second', async () => {
    const userId = await newUser();
    const before = await newSession(userId);
    await sessionsOf(tested.core).revokeAllSessionsForUser({ userId });
    const after = await newSession(userId);
    await waitUntil(isRefusedBy(replica, before));
    expect([await statusOf(after), await statusOf(after, replica)]).toEqual(['OK', 'OK']);
  });

  it('is known to a process that starts later', async () => {
    const session = await newSession(await newUser());
    await sessionsOf(tested.core).revokeSessions([session.session.handle]);
    expect(await statusOf(session, await tested.openAnother())).toBe('UNAUTHORISED');
  });

  if (!isEmbedded(kind)) return;

  it('counts once it is committed, and not where it is rolled back', async () => {
    const [kept, ended] = [await newSession(await newUser()), await newSession(await newUser())];
    const revoke = ({ session }: SessionWithTokens) => sessionsOf(tested.core).revokeSessions([session.handle]);
    const rolledBack = tested.core.transaction(async () => {
      await revoke(kept);
      throw new Error('on purpose');
    });
    await expect(rolledBack).rejects.toThrow('on purpose');
    await tested.core.transaction(async () => {
      await revoke(ended);
      expect(await statusOf(ended)).toBe('OK');
    });
    expect(await statusOf(ended)).toBe('UNAUTHORISED');
    await waitUntil(isRefusedBy(replica, ended));
    expect([await statusOf(kept), await statusOf(kept, replica)]).toEqual(['OK', 'OK']);
  });

  // SQLite has one writer at a time.
  if (name.includes('PostgreSQL')) {
    it('misses none that is committed after a later one', async () => {
      const [late, early] = [await newSession(await newUser()), await newSession(await newUser())];
      await tested.core.transaction(async () => {
        await sessionsOf(tested.core).revokeSessions([late.session.handle]);
        await sessionsOf(replica).revokeSessions([early.session.handle]);
        // A process that reads now sees the later one alone.
        const third = await tested.openAnother();
        expect([await statusOf(early, third), await statusOf(late, third)]).toEqual(['UNAUTHORISED', 'OK']);
      });
      await waitUntil(isRefusedBy(replica, late));
    });
  }

  it('is forgotten in the database when the last token of its time has expired', async () => {
    const session = await newSession(await newUser());
    await sessionsOf(tested.core).revokeSessions([session.session.handle]);
    const db = await tested.core.port(SqlAuthDatabase).tables();
    const rows = () => db.selectFrom('latchkey_revocations').select('subjects').execute();
    const written = (await rows()).length;
    const feed = tested.core.port(RevocationFeed) as EmbeddedRevocationFeed;
    await feed.housekeep();
    expect(await rows()).toHaveLength(written);
    tested.clock.moveSeconds(100 + 601);
    await feed.housekeep();
    // The one that positions are counted after.
    expect(await rows()).toEqual([{ subjects: JSON.stringify([session.session.handle]) }]);
    const next = await newSession(await newUser());
    await sessionsOf(tested.core).revokeSessions([next.session.handle]);
    await waitUntil(isRefusedBy(replica, next));
  });
});

describe.each(persistentEmbeddedCores)('changed claims where sessions must refresh: $name', ({ create }) => {
  let tested: PersistentCoreUnderTest;
  let replica: Core;

  beforeAll(async () => {
    tested = await create({ revocationFeed: { pollIntervalMs: 100, refreshChangedClaims: true } });
    replica = await tested.openAnother();
  });
  afterAll(() => tested.close());

  const enableAntiCsrf = false;
  const useDynamicSigningKey = true;
  const sessions = () => tested.core.port(SessionsCore);
  const newSession = (userId: string) =>
    sessions().createNewSession({
      tenantId: 'public',
      userId,
      recipeUserId: userId,
      accessTokenPayload: { role: 'admin' },
      sessionDataInDatabase: {},
      useDynamicSigningKey,
      enableAntiCsrf,
    });
  async function statusOf({ accessToken }: SessionWithTokens, core = tested.core): Promise<string> {
    const input = { accessToken: accessToken.token, checkAntiCsrf: false, checkDatabase: false };
    return (await core.port(SessionsCore).verifySession(input)).status;
  }
  const changeRole = (userId: string, role: string) => sessions().updateClaims({ userId }, async () => ({ role }));
  const mustRefresh = (core: Core, session: SessionWithTokens) => async () =>
    (await statusOf(session, core)) === 'TRY_REFRESH_TOKEN';

  it('every session of the user must, on every process, and then goes on', async () => {
    const [one, two, other] = [await newSession('ada'), await newSession('ada'), await newSession('bob')];
    for (const core of [tested.core, replica]) {
      expect([await statusOf(one, core), await statusOf(two, core)]).toEqual(['OK', 'OK']);
    }
    await changeRole('ada', 'reader');
    expect([await statusOf(one), await statusOf(two)]).toEqual(['TRY_REFRESH_TOKEN', 'TRY_REFRESH_TOKEN']);
    await waitUntil(mustRefresh(replica, one));
    await waitUntil(mustRefresh(replica, two));

    const input = { refreshToken: one.refreshToken.token, enableAntiCsrf, useDynamicSigningKey };
    const refreshed = await sessions().refreshSession(input);
    if (refreshed.status !== 'OK') throw new Error(refreshed.status);
    expect(refreshed.session.accessTokenPayload).toMatchObject({ role: 'reader' });
    for (const core of [tested.core, replica]) {
      expect([await statusOf(refreshed, core), await statusOf(other, core)]).toEqual(['OK', 'OK']);
    }
    // The clock stands still: whether a token is current is no matter of its time.
    await changeRole('ada', 'nobody');
    expect(await statusOf(refreshed)).toBe('TRY_REFRESH_TOKEN');
    await waitUntil(mustRefresh(replica, refreshed));
  });

  it('nobody must whose token says what is stored, or whose change is rolled back', async () => {
    const session = await newSession('eve');
    await changeRole('eve', 'admin');
    const change = tested.core.transaction(async () => {
      await changeRole('eve', 'nobody');
      throw new Error('on purpose');
    });
    await expect(change).rejects.toThrow('on purpose');
    const marker = await newSession('marker');
    await changeRole('marker', 'nobody');
    await waitUntil(mustRefresh(replica, marker));
    expect([await statusOf(session), await statusOf(session, replica)]).toEqual(['OK', 'OK']);
  });
});
