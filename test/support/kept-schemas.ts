import type { Pool } from 'pg';
import { openStorage } from '../../lib/core/embedded/storage/open-storage.js';
import { prefixOfRun } from './drop-schemas.js';
import { keptPools } from './kept-pools.js';
import { randomSchemaName } from './postgres-schema.js';
import { waitUntil } from './wait-until.js';

/** A schema for a new database, and pools to be used in two processes. */
export interface LentSchema {
  schema: string;
  pools: [one: Pool, other: Pool];
  /** After all that uses it is closed. */
  giveBack(): Promise<void>;
}

/** By the names of their tables, as a name of SQL. */
type Rows = Record<string, object[]>;

interface Kept {
  /** They have the tables of a new database, or are not there yet. */
  free: string[];
  /** In use until their test file ends. */
  ofFile: string[];
  /** What the tables of a new database hold. */
  initial?: Promise<Rows>;
}

const KEPT = Symbol.for('latchkey.kept-schemas');
/** Of the worker: this module is loaded again for each test file. */
const kept = ((globalThis as { [KEPT]?: Kept })[KEPT] ??= { free: [], ofFile: [] });

/** Where no test looks at how tables come to be there: to make fifty of them takes longer than to empty them. */
export function lentSchema(): LentSchema {
  const schema = freeSchema();
  return { schema, pools: keptPools(), giveBack: () => giveBack(schema) };
}

/** The same for a file that opens too many to give each of them back. */
export function schemaForThisFile(): string {
  const schema = freeSchema();
  kept.ofFile.push(schema);
  return schema;
}

/** At the beginning of a file: what the one before it opened is closed by now. */
export async function giveBackOfFileBefore(): Promise<void> {
  for (const schema of kept.ofFile.splice(0)) await giveBack(schema);
}

function freeSchema(): string {
  return kept.free.pop() ?? randomSchemaName(prefixOfRun());
}

async function giveBack(schema: string): Promise<void> {
  const pools = keptPools();
  await Promise.all(pools.map((pool) => waitUntil(async () => pool.idleCount === pool.totalCount)));
  await restore(pools[0], schema);
  kept.free.push(schema);
}

async function restore(pool: Pool, schema: string): Promise<void> {
  const tables = await tablesOf(pool, schema);
  if (tables.length === 0) return;
  const initial = await (kept.initial ??= rowsOfNew(pool));
  await pool.query(tables.map((table) => `delete from ${schema}.${table}`).join(';'));
  for (const [table, rows] of Object.entries(initial)) {
    const into = `${schema}.${table}`;
    await pool.query(`insert into ${into} select * from json_populate_recordset(null::${into}, $1)`, [
      JSON.stringify(rows),
    ]);
  }
}

async function rowsOfNew(pool: Pool): Promise<Rows> {
  const schema = randomSchemaName(prefixOfRun());
  const database = await openStorage({ postgres: pool, schema });
  await database.close();
  const all: Rows = {};
  for (const table of await tablesOf(pool, schema)) {
    const { rows } = await pool.query<{ row: object }>(`select to_json(t) as row from ${schema}.${table} t`);
    if (rows.length > 0) all[table] = rows.map(({ row }) => row);
  }
  return all;
}

async function tablesOf(pool: Pool, schema: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select format('%I', tablename) as name from pg_tables where schemaname = $1",
    [schema],
  );
  return rows.map(({ name }) => name);
}
