import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Core } from '../../lib/core/core.js';
import { EmailOutboxCore, type NewOutboxEmail } from '../../lib/core/email-outbox.core.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { InProcessEmailOutbox } from '../../lib/delivery/in-process-email-outbox.js';
import { TestClock } from '../support/test-clock.js';
import { cheapPasswordHasher, cores, persistentCores, type PersistentCoreUnderTest } from './cores.js';

const LEASE = { limit: 10, leaseMs: 20_000 };
const LEASE_SECONDS = 20;

interface OutboxUnderTest {
  outbox: EmailOutboxCore;
  clock: TestClock;
  close(): Promise<void>;
}

const embedded = cores.filter(({ name }) => name.startsWith('embedded'));

const outboxes = [
  ...embedded.map(({ name, create }) => ({
    name,
    create: async (): Promise<OutboxUnderTest> => {
      const { core, clock, close } = await create();
      return { outbox: core.port(EmailOutboxCore), clock, close };
    },
  })),
  {
    name: 'in the process',
    create: async (): Promise<OutboxUnderTest> => {
      const clock = new TestClock();
      return { outbox: new InProcessEmailOutbox(clock.now), clock, close: async () => undefined };
    },
  },
];

const DECOYS = { ...LEASE, line: 'decoys' } as const;

function email(clock: TestClock, recipeUserId = 'user'): NewOutboxEmail {
  const content = { user: { email: "o'hara@example.com" }, link: 'https://example.com/?a=1&b=ü', locale: undefined };
  return { kind: 'passwordReset', content, recipeUserId, expiresAtMs: clock.now() + 3_600_000 };
}

describe.each(outboxes)('The outbox of emails: $name', ({ create }) => {
  let outbox: EmailOutboxCore;
  let under: OutboxUnderTest;

  beforeEach(async () => {
    under = await create();
    outbox = under.outbox;
  });
  afterEach(() => under.close());

  const enqueue = async () => (await outbox.enqueue(email(under.clock))).emailId;
  const claimAll = async () => (await outbox.claimDue(LEASE)).map(({ emailId }) => emailId);

  it('hands over what was put in, as the first attempt', async () => {
    const emailId = await enqueue();
    const [claimed, ...others] = await outbox.claimDue(LEASE);
    expect(others).toEqual([]);
    expect(claimed).toEqual({ ...email(under.clock), line: 'messages', emailId, attempt: 1 });
  });

  it('hands an email over once while its lease lasts, and again after it', async () => {
    const emailId = await enqueue();
    expect(await claimAll()).toEqual([emailId]);
    under.clock.moveSeconds(LEASE_SECONDS - 1);
    expect(await claimAll()).toEqual([]);
    under.clock.moveSeconds(1);
    expect(await outbox.claimDue(LEASE)).toMatchObject([{ emailId, attempt: 2 }]);
  });

  it('lets a lease be renewed', async () => {
    await enqueue();
    const [claim] = await outbox.claimDue(LEASE);
    under.clock.moveSeconds(LEASE_SECONDS - 1);
    expect(await outbox.renewLeases([claim!, { emailId: 'unknown', attempt: 1 }], LEASE.leaseMs)).toEqual([
      claim!.emailId,
    ]);
    under.clock.moveSeconds(LEASE_SECONDS - 1);
    expect(await claimAll()).toEqual([]);
    under.clock.moveSeconds(1);
    expect(await claimAll()).toEqual([claim!.emailId]);
  });

  it('keeps no email that was removed', async () => {
    await enqueue();
    const [claim] = await outbox.claimDue(LEASE);
    expect(await outbox.remove(claim!)).toBe(true);
    expect(await outbox.remove(claim!)).toBe(false);
    under.clock.moveSeconds(LEASE_SECONDS);
    expect(await claimAll()).toEqual([]);
  });

  it('hands an email that failed over again after its delay, and not before', async () => {
    const emailId = await enqueue();
    const [claim] = await outbox.claimDue(LEASE);
    expect(await outbox.retryLater(claim!, 5000)).toBe(true);
    under.clock.moveSeconds(4);
    expect(await claimAll()).toEqual([]);
    under.clock.moveSeconds(1);
    expect(await outbox.claimDue(LEASE)).toMatchObject([{ emailId, attempt: 2 }]);
  });

  it('takes nothing from a claim that somebody else has overtaken', async () => {
    const emailId = await enqueue();
    const [late] = await outbox.claimDue(LEASE);
    under.clock.moveSeconds(LEASE_SECONDS);
    const [current] = await outbox.claimDue(LEASE);

    expect(await outbox.renewLeases([late!], 1)).toEqual([]);
    expect(await outbox.retryLater(late!, 0)).toBe(false);
    expect(await outbox.remove(late!)).toBe(false);
    expect(await claimAll()).toEqual([]);
    expect(await outbox.retryLater(current!, 0)).toBe(true);
    expect(await claimAll()).toEqual([emailId]);
  });

  it('hands over at most as many as are asked for, the longest waiting first', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number++) {
      ids.push(await enqueue());
      under.clock.moveSeconds(1);
    }
    const take = async () => (await outbox.claimDue({ ...LEASE, limit: 2 })).map(({ emailId }) => emailId);
    expect([await take(), await take(), await take()]).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('hands over only those that are asked for by their ids', async () => {
    const [, second, third] = [await enqueue(), await enqueue(), await enqueue()];
    const some = await outbox.claimDue({ ...LEASE, emailIds: [second, third, 'unknown'] });
    expect(some.map(({ emailId }) => emailId).sort()).toEqual([second, third].sort());
    expect(await outbox.claimDue({ ...LEASE, emailIds: [second] })).toEqual([]);
    expect(await outbox.claimDue({ ...LEASE, emailIds: [] })).toEqual([]);
    expect(await claimAll()).toHaveLength(1);
  });

  it('hands decoys over to who asks for them, so that however many of them hold up no email', async () => {
    const decoys: string[] = [];
    for (let number = 0; number < 20; number++) {
      decoys.push((await outbox.enqueue({ ...email(under.clock), line: 'decoys' })).emailId);
      under.clock.moveSeconds(1);
    }
    const emailId = await enqueue();
    expect(await outbox.claimDue({ ...DECOYS, emailIds: [emailId] })).toEqual([]);
    expect(await claimAll()).toEqual([emailId]);
    expect(await outbox.claimDue({ ...LEASE, emailIds: decoys })).toEqual([]);
    const claimed = await outbox.claimDue(DECOYS);
    expect(claimed.map((decoy) => decoy.emailId)).toEqual(decoys.slice(0, 10));
    expect(claimed[0]).toMatchObject({ line: 'decoys', attempt: 1 });
  });

  it('hands expired emails over too, so that somebody reports them', async () => {
    const emailId = await enqueue();
    under.clock.moveSeconds(7200);
    expect(await claimAll()).toEqual([emailId]);
  });

  it('gives each of twenty who claim at once other emails', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, enqueue));
    const claims = await Promise.all(Array.from({ length: 20 }, () => outbox.claimDue({ ...LEASE, limit: 2 })));
    const claimed = claims.flat().map(({ emailId }) => emailId);
    expect(new Set(claimed).size).toBe(claimed.length);
    // With row locks, who claims may pass by a row that another one is about to leave.
    while (claimed.length < ids.length) {
      const more = await claimAll();
      expect(more).not.toEqual([]);
      claimed.push(...more);
    }
    expect(claimed.sort()).toEqual(ids.sort());
  });
});

describe.each(embedded)('The outbox within the core: $name', ({ create }) => {
  let core: Core;
  let clock: TestClock;
  let close: () => Promise<void>;

  beforeEach(async () => {
    ({ core, clock, close } = await create());
  });
  afterEach(() => close());

  const outbox = () => core.port(EmailOutboxCore);

  it('is offered, and what is not a port is not', () => {
    abstract class Nothing {}
    expect([core.offers(EmailOutboxCore), core.offers(Nothing)]).toEqual([true, false]);
  });

  it('keeps no email of a transaction that is rolled back', async () => {
    const failing = core.transaction(async () => {
      await outbox().enqueue(email(clock));
      throw new Error('for the test');
    });
    await expect(failing).rejects.toThrow('for the test');
    expect(await outbox().claimDue(LEASE)).toEqual([]);
  });

  it("deletes a user's emails with the user, and nobody else's", async () => {
    const account = { tenantId: 'public', email: 'ada@example.com', password: 'correct horse 1' };
    const signedUp = await core.port(EmailPasswordCore).signUp(account);
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    await outbox().enqueue(email(clock, signedUp.recipeUserId));
    await outbox().enqueue(email(clock, 'somebody-else'));
    await core.port(UsersCore).deleteUser(signedUp.user.id);
    expect(await outbox().claimDue(LEASE)).toMatchObject([{ recipeUserId: 'somebody-else' }]);
  });

  it("deletes a tenant's emails with the tenant, and those of a user who leaves it", async () => {
    const tenants = core.port(TenantsCore);
    for (const tenantId of ['acme', 'globex']) await tenants.createTenant(tenantId);
    const account = { tenantId: 'acme', email: 'ada@example.com', password: 'correct horse 1' };
    const signedUp = await core.port(EmailPasswordCore).signUp(account);
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    const { recipeUserId } = signedUp;
    for (const tenantId of ['acme', 'globex', undefined]) {
      for (const id of [recipeUserId, 'somebody-else']) await outbox().enqueue({ ...email(clock, id), tenantId });
    }
    const waiting = async () => {
      const claimed = await outbox().claimDue(LEASE);
      for (const claim of claimed) await outbox().retryLater(claim, 0);
      return claimed.map(({ tenantId, recipeUserId: id }) => [tenantId, id === recipeUserId]);
    };
    const others = [
      ['globex', true],
      ['globex', false],
      [undefined, true],
      [undefined, false],
    ];
    await tenants.removeLoginMethodFromTenant({ tenantId: 'acme', recipeUserId });
    expect(await waiting()).toEqual(expect.arrayContaining([['acme', false], ...others]));
    expect(await waiting()).toHaveLength(5);
    await tenants.deleteTenant('acme');
    expect(await waiting()).toHaveLength(4);
    expect(await waiting()).toEqual(expect.arrayContaining(others));
  });

  it('forgets emails that nobody has reported for a day after they expired', async () => {
    await outbox().enqueue(email(clock));
    const housekeep = () => (outbox() as EmailOutboxCore & { housekeep(): Promise<void> }).housekeep();
    clock.moveSeconds(3600 + 86_400 - 1);
    await housekeep();
    const [claim] = await outbox().claimDue(LEASE);
    await outbox().retryLater(claim!, 0);
    clock.moveSeconds(86_400);
    await housekeep();
    expect(await outbox().claimDue(LEASE)).toEqual([]);
  });
});

describe.each(persistentCores.filter(({ name }) => name.startsWith('embedded')))(
  'The outbox that several processes share: $name',
  ({ create }) => {
    let under: PersistentCoreUnderTest;

    beforeEach(async () => {
      under = await create({ passwordHasher: cheapPasswordHasher });
    });
    afterEach(() => under.close());

    it('gives each email to one of them, however they hurry', async () => {
      const others = [under.core, await under.openAnother(), await under.openAnother()];
      const first = under.core.port(EmailOutboxCore);
      const ids: string[] = [];
      for (let number = 0; number < 40; number++) ids.push((await first.enqueue(email(under.clock))).emailId);

      const claimed: string[] = [];
      const work = async (core: Core) => {
        while (claimed.length < ids.length) {
          const got = await core.port(EmailOutboxCore).claimDue({ ...LEASE, limit: 3 });
          claimed.push(...got.map(({ emailId }) => emailId));
        }
      };
      await Promise.all(others.map(work));
      expect(claimed.sort()).toEqual(ids.sort());
    });
  },
);
