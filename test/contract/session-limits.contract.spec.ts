import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Core } from '../../lib/core/core.js';
import { type CreateNewSessionCoreInput, SessionsCore } from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { isEmbedded, persistentCores, type PersistentCoreUnderTest } from './cores.js';

const lifetimes = { accessTokenLifetimeSeconds: 100, refreshTokenLifetimeSeconds: 1000 };

describe.each(persistentCores)('limits of sessions: $name', (kind) => {
  let tested: PersistentCoreUnderTest;
  let userId: string;
  let count = 0;

  beforeAll(async () => {
    tested = await kind.create({ ...lifetimes, maxSessionLifetimeSeconds: 1500, maxUserSessions: 2 });
    await tested.core.port(TenantsCore).createTenant('acme');
  });
  afterAll(() => tested.close());
  beforeEach(() => {
    userId = `user-${++count}`;
  });

  const sessionsOf = (core: Core) => core.port(SessionsCore);
  async function newSession(input: Partial<CreateNewSessionCoreInput> = {}, core = tested.core) {
    // One after the other for certain, and not by chance of a handle.
    tested.clock.moveSeconds(1);
    return sessionsOf(core).createNewSession({
      userId,
      recipeUserId: userId,
      tenantId: 'public',
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
      ...input,
    });
  }
  async function refresh(refreshToken: string, core = tested.core) {
    const options = { enableAntiCsrf: false, useDynamicSigningKey: true };
    return sessionsOf(core).refreshSession({ refreshToken, ...options });
  }
  const handlesOf = (core = tested.core) => sessionsOf(core).getAllSessionHandlesForUser({ userId });

  describe('the greatest age', () => {
    it('ends a session that is refreshed all the time, and its tokens with it', async () => {
      const created = await newSession();
      const endMs = created.refreshToken.createdTime + 1_500_000;
      tested.clock.moveSeconds(900);
      const once = await refresh(created.refreshToken.token);
      if (once.status !== 'OK') throw new Error(once.status);
      expect(once.refreshToken.expiry).toBe(endMs);

      tested.clock.moveSeconds(550);
      const twice = await refresh(once.refreshToken.token);
      if (twice.status !== 'OK') throw new Error(twice.status);
      expect([twice.refreshToken.expiry, twice.accessToken.expiry]).toEqual([endMs, endMs]);
      const accessToken = twice.accessToken.token;
      const verify = () =>
        sessionsOf(tested.core).verifySession({ accessToken, checkAntiCsrf: false, checkDatabase: false });
      tested.clock.moveSeconds(49);
      expect(await verify()).toMatchObject({ status: 'OK' });

      tested.clock.moveSeconds(1);
      expect(await verify()).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
      expect(await refresh(twice.refreshToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await handlesOf()).toEqual([]);
    });

    it('counts for sessions that are older than the option', async () => {
      const before = await tested.openAnother(lifetimes);
      const { session, refreshToken } = await newSession({}, before);
      tested.clock.moveSeconds(900);
      const refreshed = await refresh(refreshToken.token, before);
      if (refreshed.status !== 'OK') throw new Error(refreshed.status);
      const known = await sessionsOf(tested.core).getSessionInformation(session.handle);
      expect(known?.expiry).toBe(refreshToken.createdTime + 1_500_000);

      tested.clock.moveSeconds(600);
      expect(await sessionsOf(tested.core).getSessionInformation(session.handle)).toBeUndefined();
      expect(await refresh(refreshed.refreshToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await sessionsOf(tested.core).revokeSessions([session.handle])).toEqual([]);
    });
  });

  describe('one more than there may be', () => {
    it('ends the oldest of that user in that tenant', async () => {
      const [first, second] = [await newSession(), await newSession()];
      const elsewhere = [await newSession({ tenantId: 'acme' }), await newSession({ tenantId: 'acme' })];
      const third = await newSession();
      const kept = [second, ...elsewhere, third].map(({ session }) => session.handle);
      expect(await handlesOf()).toEqual(kept);
      expect(await refresh(first.refreshToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
      expect(await refresh(second.refreshToken.token)).toMatchObject({ status: 'OK' });
    });

    it('does not count those that have ended by themselves', async () => {
      await newSession();
      tested.clock.moveSeconds(1000);
      const live = [await newSession(), await newSession()];
      expect(await handlesOf()).toEqual(live.map(({ session }) => session.handle));
    });

    it('is one, of many that are made at once by several processes', async () => {
      const single = { ...lifetimes, maxUserSessions: 1 };
      const replicas = [await tested.openAnother(single), await tested.openAnother(single)];
      await Promise.all(Array.from({ length: 12 }, (_, at) => newSession({}, replicas[at % 2])));
      expect(await handlesOf()).toHaveLength(1);
      const { session } = await newSession({}, replicas[0]);
      expect(await handlesOf()).toEqual([session.handle]);
    });

    it('ends more where the limit was lowered', async () => {
      const before = await tested.openAnother({ ...lifetimes, maxUserSessions: 0 });
      for (let made = 0; made < 4; made++) await newSession({}, before);
      expect(await handlesOf()).toHaveLength(4);
      const { session } = await newSession();
      expect((await handlesOf()).slice(1)).toEqual([session.handle]);
    });

    if (isEmbedded(kind)) {
      it('ends nobody before the session is complete', async () => {
        const held = [await newSession(), await newSession()].map(({ session }) => session.handle);
        const failure = new Error('the claims cannot be fetched');
        const fetchClaims = async () => {
          throw failure;
        };
        await expect(newSession({ fetchClaims })).rejects.toBe(failure);
        expect(await handlesOf()).toEqual(held);
      });

      it('ends the oldest once the transaction of the application is committed', async () => {
        const held = [await newSession(), await newSession()].map(({ session }) => session.handle);
        const failure = new Error('the application gives up');
        const work = tested.core.transaction(async () => {
          await newSession();
          throw failure;
        });
        await expect(work).rejects.toBe(failure);
        expect(await handlesOf()).toEqual(held);
        const { session } = await tested.core.transaction(() => newSession());
        expect(await handlesOf()).toEqual([held[1], session.handle]);
      });
    }
  });
});
