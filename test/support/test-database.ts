import type { CoreOptions } from 'latchkey';
import type { QueryResult } from 'pg';
import { lentSchema } from './kept-schemas.js';
import { WatchedSqliteFile, type Row } from './sqlite-file.js';
import { temporaryFolder } from './temporary-folder.js';

/** A database of its own, of the kind that this Jest project runs on, that a test may look into. */
export interface TestDatabase {
  core: Partial<CoreOptions>;
  /** Every row of every table of ours but how often something was attempted, which every request may change. */
  contents(): Promise<Record<string, Row[]>>;
  remove(): Promise<void>;
}

export async function testDatabase(): Promise<TestDatabase> {
  return globalThis.LATCHKEY_TEST_DATABASE === 'PostgreSQL' ? inPostgres() : inFile();
}

async function inFile(): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const path = folder.path('auth.sqlite');
  const file = new WatchedSqliteFile(path);
  return {
    core: { sqlite: path },
    contents: async () => file.contents(),
    async remove() {
      file.close();
      await folder.remove();
    },
  };
}

function inPostgres(): TestDatabase {
  const { schema, pools, giveBack } = lentSchema();
  const [ofApplication, observing] = pools;
  return {
    core: { postgres: ofApplication, schema },
    async contents() {
      const { rows: tables } = await observing.query<{ name: string }>(
        "select tablename as name from pg_tables where schemaname = $1 and tablename <> 'latchkey_attempts' order by 1",
        [schema],
      );
      if (tables.length === 0) return {};
      // In one message, since there are dozens of tables: pg gives an array of results then, and one alone by itself.
      const all = tables.map(({ name }) => `select * from "${schema}"."${name}" order by 1`).join(';');
      const results = [(await observing.query<Row>(all)) as QueryResult<Row> | QueryResult<Row>[]].flat();
      return Object.fromEntries(tables.map(({ name }, at) => [name, results[at]!.rows]));
    },
    remove: giveBack,
  };
}
