import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { StorageUnavailableError } from '../../../auth.error.js';
import type { SqlAuthDatabase } from '../sql-auth-database.js';
import { openStorage } from '../open-storage.js';
import { TenantsStorage } from '../tenants.storage.js';

describe('SqlAuthDatabase on PostgreSQL', () => {
  const { url, schema, drop, query } = postgresSchema();
  /** The application's own schema, which is on its search path. */
  const application = `${schema}_app`;
  let database: SqlAuthDatabase;

  beforeAll(async () => {
    await query(`create schema ${application}`);
    await query(`create table ${application}.notes (id int primary key, text text not null, at timestamptz, big int8)`);
    const connectionString = `${url}?options=-c%20search_path%3D${application}`;
    database = await openStorage({ postgres: { connectionString, max: 4 }, schema });
  });
  afterAll(async () => {
    await database.close();
    await query(`drop schema ${application} cascade`);
    await drop();
  });
  beforeEach(async () => {
    await query(`insert into ${application}.notes (id, text) values (1, 'one'), (2, 'two')`);
  });
  afterEach(async () => {
    await query(`truncate ${application}.notes`);
  });

  interface ApplicationTables {
    notes: { id: number; text: string; big: unknown };
  }

  async function write(id: number, text = 'new'): Promise<void> {
    const db = await database.current<ApplicationTables>();
    await db.insertInto('notes').values({ id, text, big: '9007199254740993' }).execute();
  }

  async function update(id: number, text: string): Promise<void> {
    const db = await database.current<ApplicationTables>();
    await db.updateTable('notes').set({ text }).where('id', '=', id).execute();
  }

  const written = async () =>
    (await query<{ id: number }>(`select id from ${application}.notes order by id`)).map((row) => row.id);
  const texts = async () =>
    (await query<{ text: string }>(`select text from ${application}.notes order by id`)).map((row) => row.text);
  const failure = new Error('on purpose');
  const fail = async (): Promise<never> => {
    throw failure;
  };

  it('keeps writes of the application and of the core together', async () => {
    const tenants = new TenantsStorage(database);
    const work = (end: () => Promise<unknown>) =>
      database.transaction(async () => {
        await tenants.insert('acme');
        await write(3);
        await end();
      });
    await expect(work(fail)).rejects.toBe(failure);
    expect([await written(), await tenants.exists('acme')]).toEqual([[1, 2], false]);
    await work(async () => undefined);
    expect([await written(), await tenants.exists('acme')]).toEqual([[1, 2, 3], true]);
  });

  it("leaves the application's values as its driver gives them", async () => {
    await write(3);
    const db = await database.current<ApplicationTables & { counts_ms: never }>();
    const row = await db.selectFrom('notes').selectAll().where('id', '=', 3).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ text: 'new', big: '9007199254740993' });
  });

  it("gives the core's times as numbers, also through a pool with other parsers", async () => {
    const db = await database.tables();
    await db
      .insertInto('latchkey_users')
      .values({ user_id: 'u', is_primary: 0, time_joined_ms: 1_900_000_000_000 })
      .execute();
    const rows = await db.selectFrom('latchkey_users').select(['time_joined_ms', 'is_primary as at_ms']).execute();
    expect(rows).toEqual([{ time_joined_ms: 1_900_000_000_000, at_ms: 0 }]);
  });

  describe('postgresClient', () => {
    it('writes in the same transaction, which begins with it', async () => {
      const work = database.transaction(async () => {
        const client = await database.postgresClient<PoolClient>();
        await client.query('insert into notes (id, text) values ($1, $2)', [3, 'by pg']);
        const db = await database.current<ApplicationTables>();
        expect(await db.selectFrom('notes').select('id').where('id', '=', 3).execute()).toEqual([{ id: 3 }]);
        expect(await database.postgresClient()).toBe(client);
        expect(await written()).toEqual([1, 2]);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await written()).toEqual([1, 2]);
    });

    it('is of no use after its transaction, and cannot be taken away from it', async () => {
      const kept = await database.transaction(async () => {
        const client = await database.postgresClient<PoolClient>();
        expect(() => client.release()).toThrow('lent for a transaction');
        await client.query('select 1');
        return { client };
      });
      expect(() => kept.client.query('delete from notes')).toThrow('after its transaction had ended');
      expect(await written()).toEqual([1, 2]);
    });

    it('in a deadlock, fails as one that may be tried again, and is repeated where that is allowed', async () => {
      const rows = ['select 1 from notes where id = 1 for update', 'select 1 from notes where id = 2 for update'];
      const deadlock = async (repeatable: boolean) => {
        let attempts = 0;
        let ready!: () => void;
        const bothHoldOne = new Promise<void>((resolve) => (ready = resolve));
        const lock = (...statements: string[]) =>
          database.transaction(
            async () => {
              const client = await database.postgresClient<PoolClient>();
              await client.query(statements[0]!);
              if (++attempts === 2) ready();
              await bothHoldOne;
              await client.query(statements[1]!);
            },
            { repeatable },
          );
        const results = await Promise.allSettled([lock(rows[0]!, rows[1]!), lock(rows[1]!, rows[0]!)]);
        return { results, attempts };
      };

      const once = await deadlock(false);
      expect(once.results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(once.results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        cause: { code: '40P01' },
      });

      const repeated = await deadlock(true);
      expect(repeated.results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(repeated.attempts).toBeGreaterThan(2);
    });

    it('says where it can be had', async () => {
      await expect(database.postgresClient()).rejects.toThrow('outside of a transaction. Call it inside transaction()');
      await expect(database.transaction(() => database.sqliteDatabase())).rejects.toThrow('needs SQLite');
      const sqlite = await openStorage({ sqlite: ':memory:' });
      await expect(sqlite.transaction(() => sqlite.postgresClient())).rejects.toThrow('needs PostgreSQL');
      await sqlite.close();
    });
  });

  it('does not take a transaction with a failed statement for committed', async () => {
    const work = database.transaction(async () => {
      await write(3);
      await write(1).catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({
      message: expect.stringContaining('rolled back because a statement in it failed'),
      cause: expect.objectContaining({ code: '23505' }),
    });
    expect(await written()).toEqual([1, 2]);
  });

  it('tells the first failure again to statements that come after it', async () => {
    const work = database.transaction(async () => {
      await write(1).catch(() => undefined);
      await write(3);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
  });

  it('lets two transactions write at a time', async () => {
    await database.transaction(async () => {
      await write(3);
      await database.tables();
      await query(`insert into ${application}.notes values (4, 'other')`);
      expect(await written()).toEqual([1, 2, 4]);
    });
    expect(await written()).toEqual([1, 2, 3, 4]);
  });

  describe('two that wait for each other', () => {
    /** Both hold one row when they ask for the other's. */
    async function deadlock(options?: { repeatable: boolean }): Promise<PromiseSettledResult<unknown>[]> {
      let held = 0;
      const swap = (first: number, second: number, text: string) => async () => {
        await update(first, text);
        held++;
        while (held < 2) await delay(5);
        await update(second, text);
      };
      return Promise.allSettled([
        database.transaction(swap(1, 2, 'a'), options),
        database.transaction(swap(2, 1, 'b'), options),
      ]);
    }

    it('end in an error of one, who may try again', async () => {
      const results = await deadlock();
      const [failed, ...others] = results.filter((result) => result.status === 'rejected');
      expect(others).toEqual([]);
      expect(failed?.reason).toBeInstanceOf(StorageUnavailableError);
      expect(failed?.reason).toMatchObject({ detail: '40P01' });
      const [first, second] = await texts();
      expect(first).toBe(second);
    });

    it('are both done where their work may be repeated', async () => {
      const results = await deadlock({ repeatable: true });
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      const [first, second] = await texts();
      expect(first).toBe(second);
    });
  });

  it('does not repeat what was committed when a callback fails afterwards', async () => {
    let runs = 0;
    const conflict = async () => {
      await database.transaction(async () => {
        await (await database.postgresClient()).query('savepoint here');
        await sql`do $$ begin raise exception using errcode = '40001'; end $$`.execute(await database.current());
      });
    };
    const work = database.transaction(
      async () => {
        runs++;
        await write(3);
        await database.afterCommit(conflict);
      },
      { repeatable: true },
    );
    await expect(work).rejects.toMatchObject({ detail: '40001' });
    expect(runs).toBe(1);
    expect(await written()).toEqual([1, 2, 3]);
  });

  it('repeats a statement outside of a transaction', async () => {
    await query(`create sequence ${application}.attempts`);
    await sql`do $$ begin if nextval('attempts') < 3 then raise exception using errcode = '40001'; end if; end $$`.execute(
      await database.current(),
    );
    expect(await query(`select last_value::int from ${application}.attempts`)).toEqual([{ last_value: 3 }]);
  });
});
