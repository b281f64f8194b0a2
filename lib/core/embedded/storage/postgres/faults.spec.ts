import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { StorageUnavailableError } from '../../../auth.error.js';
import type { SqlAuthDatabase } from '../sql-auth-database.js';
import { openStorage } from '../open-storage.js';
import { TenantsStorage } from '../tenants.storage.js';

const unavailable = (detail: RegExp) =>
  expect.objectContaining({ name: 'StorageUnavailableError', detail: expect.stringMatching(detail) });

/** A transaction that has done `work` and stays open until what this returns is called. */
async function heldTransaction(over: SqlAuthDatabase, work: () => Promise<unknown>): Promise<() => Promise<void>> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let transaction: Promise<void> = Promise.resolve();
  await new Promise<void>((started, failed) => {
    transaction = over.transaction(async () => {
      await work();
      started();
      await released;
    });
    transaction.catch(failed);
  });
  return () => {
    release();
    return transaction;
  };
}

describe('a PostgreSQL that fails', () => {
  const { url, schema, drop, query } = postgresSchema();
  let pool: Pool;
  let database: SqlAuthDatabase;
  let tenants: TenantsStorage;
  let number = 0;
  let tenantId: string;

  beforeAll(async () => {
    pool = new Pool({ connectionString: url, max: 2 });
    database = await openStorage({ postgres: pool, schema, statementTimeoutMs: 60_000 });
    tenants = new TenantsStorage(database);
  });
  afterAll(async () => {
    await database.close();
    await pool.end();
    await drop();
  });
  beforeEach(() => {
    tenantId = `t${++number}`;
  });

  async function backendPid(over = database): Promise<number> {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(await over.current());
    return rows[0]!.pid;
  }

  const terminate = (pid: number) => query('select pg_terminate_backend($1, 1000)', [pid]);
  async function terminateWhileItSleeps(pid: number): Promise<void> {
    const asleep = `select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`;
    while ((await query(asleep, [pid])).length === 0) await delay(5);
    await terminate(pid);
  }
  const sleep = async (seconds: number, over = database) =>
    sql`select pg_sleep(${seconds})`.execute(await over.current());

  describe('that ends a connection', () => {
    it('between two statements of a transaction, keeps nothing of it', async () => {
      const work = database.transaction(async () => {
        await tenants.insert(tenantId);
        await terminate(await backendPid());
        await tenants.insert(`${tenantId}-b`);
      });
      await expect(work).rejects.toEqual(unavailable(/57P01|terminated|not queryable|ECONNRESET/));
      expect([await tenants.exists(tenantId), await tenants.exists(`${tenantId}-b`)]).toEqual([false, false]);
    });

    it('in the middle of a statement, keeps nothing of the transaction', async () => {
      const work = database.transaction(async () => {
        await tenants.insert(tenantId);
        const ending = terminateWhileItSleeps(await backendPid());
        await Promise.all([sleep(60), ending]);
      });
      await expect(work).rejects.toEqual(unavailable(/57P01/));
      expect(await tenants.exists(tenantId)).toBe(false);
    });

    it('before the commit, does not call it committed', async () => {
      const work = database.transaction(async () => {
        await tenants.insert(tenantId);
        await terminate(await backendPid());
      });
      await expect(work).rejects.toEqual(unavailable(/outcome of the commit is unknown/));
      expect(await tenants.exists(tenantId)).toBe(false);
    });

    it('that lies idle, is not noticed', async () => {
      const pid = await backendPid();
      const removed = new Promise((resolve) => pool.once('remove', resolve));
      await terminate(pid);
      await removed;
      expect(await tenants.insert(tenantId)).toBe(true);
    });

    it('never gives a broken one back to the pool', async () => {
      const pid = await backendPid();
      const work = database.transaction(async () => {
        await tenants.insert(tenantId);
        await terminate(await backendPid());
        await delay(20);
        throw new Error('for another reason');
      });
      await expect(work).rejects.toThrow('for another reason');
      for (let round = 0; round < 5; round++) expect(await backendPid()).not.toBe(pid);
      expect(pool.waitingCount).toBe(0);
    });
  });

  describe('that takes too long', () => {
    let hasty: SqlAuthDatabase;

    beforeAll(async () => {
      hasty = await openStorage({ postgres: pool, schema, statementTimeoutMs: 300 });
    });
    afterAll(() => hasty.close());

    it('for a statement, gives it up and goes on with another connection', async () => {
      await expect(sleep(60, hasty)).rejects.toEqual(unavailable(/Query read timeout/));
      expect(await tenants.insert(tenantId)).toBe(true);
    });

    it('for a statement of a transaction, lets the server give it up and keeps nothing', async () => {
      const work = hasty.transaction(async () => {
        await new TenantsStorage(hasty).insert(tenantId);
        await sleep(60, hasty);
      });
      await expect(work).rejects.toEqual(unavailable(/57014/));
      expect(await tenants.exists(tenantId)).toBe(false);
      expect(pool.idleCount).toBe(pool.totalCount);
    });

    it('for a lock that another holds, says so and leaves the other alone', async () => {
      const release = await heldTransaction(database, () => tenants.insert(tenantId));
      const late = hasty.transaction(() => new TenantsStorage(hasty).insert(tenantId));
      await expect(late).rejects.toThrow(StorageUnavailableError);
      await release();
      expect(await tenants.exists(tenantId)).toBe(true);
    });
  });

  it('says that the pool is exhausted, and what to look for', async () => {
    const small = new Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 1500 });
    const over = await openStorage({ postgres: small, schema });
    const hold = () => heldTransaction(over, () => backendPid(over));
    const releases = await Promise.all([hold(), hold()]);
    await expect(new TenantsStorage(over).exists('public')).rejects.toEqual(
      unavailable(/no connection of the pool became free within 1500 ms.*transactions that wait.*\(max\)/),
    );
    await Promise.all(releases.map((release) => release()));
    expect(await new TenantsStorage(over).exists('public')).toBe(true);
    await over.close();
    await small.end();
  });

  it('waits no longer for a pool that would wait for ever, and takes back what comes too late', async () => {
    const patient = new Pool({ connectionString: url, max: 1 });
    const over = await openStorage({ postgres: patient, schema });
    const client = await patient.connect();
    const waiting = new TenantsStorage(over).exists('public');
    await expect(waiting).rejects.toEqual(unavailable(/within 5000 ms/));
    client.release();
    expect(await new TenantsStorage(over).exists('public')).toBe(true);
    await over.close();
    expect(patient.listenerCount('error')).toBe(0);
    await patient.end();
  });

  it('refuses connections of one user too many, as an answer and not as a crash', async () => {
    const role = `${schema}_limited`;
    await query(`create role ${role} login password 'x' connection limit 1`);
    await query(`grant usage on schema ${schema} to ${role}`);
    await query(`grant select on all tables in schema ${schema} to ${role}`);
    const limited = new URL(url);
    limited.username = role;
    limited.password = 'x';
    const over = await openStorage({ postgres: limited.href, schema });
    const release = await heldTransaction(over, () => backendPid(over));
    await expect(new TenantsStorage(over).exists('public')).rejects.toEqual(unavailable(/53300/));
    await release();
    await over.close();
    await query(`drop owned by ${role}`);
    await query(`drop role ${role}`);
  });

  it('throws from its pool at once, and leaves no timer behind that fails later', async () => {
    const broken = new Pool({ connectionString: url, connectionTimeoutMillis: 50 });
    broken.connect = () => {
      throw new Error('nothing to connect with');
    };
    const unheard: unknown[] = [];
    const listener = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', listener);
    await expect(openStorage({ postgres: broken, schema })).rejects.toThrow('nothing to connect with');
    await delay(200);
    process.off('unhandledRejection', listener);
    expect(unheard).toEqual([]);
    await broken.end();
  });
});
