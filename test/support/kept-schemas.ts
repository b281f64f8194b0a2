import type { Pool } from 'pg';
import { openStorage } from '../../lib/core/embedded/storage/open-storage.js';
import { keptPools } from './kept-pools.js';
import { postgresSchema } from './postgres-schema.js';
import { waitUntil } from './wait-until.js';

/** A schema with the tables of a new database, and pools to be used in two processes. */
export interface LentSchema {
  schema: string;
  pools: [one: Pool, other: Pool];
  giveBack(): Promise<void>;
}

/** What is in the tables of a new database, by their names. */
type Rows = Record<string, object[]>;

const FREE = Symbol.for('latchkey.kept-schemas');
/** Of the worker: this module is loaded again for each test file. */
const kept = globalThis as { [FREE]?: { schema: string; initial: Rows }[] };

/** For tests that need many databases one after the other: to make fifty tables takes longer than to empty them. */
export async function lentSchema(): Promise<LentSchema> {
  const pools = keptPools();
  const free = (kept[FREE] ??= []);
  const taken = free.pop() ?? (await newSchema(pools[0]));
  const giveBack = async () => {
    await Promise.all(pools.map((pool) => waitUntil(async () => pool.idleCount === pool.totalCount)));
    await empty(pools[0], taken.schema, taken.initial);
    free.push(taken);
  };
  return { schema: taken.schema, pools, giveBack };
}

async function newSchema(pool: Pool): Promise<{ schema: string; initial: Rows }> {
  const { url, schema } = postgresSchema();
  const database = await openStorage({ postgres: url, schema });
  await database.close();
  const initial: Rows = {};
  for (const table of await tablesOf(pool, schema)) {
    const { rows } = await pool.query<{ row: object }>(`select to_json(t) as row from ${table} t`);
    if (rows.length > 0) initial[table] = rows.map(({ row }) => row);
  }
  return { schema, initial };
}

/** In one message each. */
async function empty(pool: Pool, schema: string, initial: Rows): Promise<void> {
  const tables = await tablesOf(pool, schema);
  await pool.query(tables.map((table) => `delete from ${table}`).join(';'));
  for (const [table, rows] of Object.entries(initial)) {
    await pool.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  }
}

async function tablesOf(pool: Pool, schema: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1",
    [schema],
  );
  return rows.map(({ name }) => name);
}
