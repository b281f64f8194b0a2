import { loadSqlite } from '../../lib/core/embedded/storage/sqlite/load-sqlite.js';
import type { SqliteDatabase } from '../../lib/core/embedded/storage/sqlite/sqlite-database.js';

const sqlite = await loadSqlite();

const OUR_TABLES =
  "select name from sqlite_schema where type = 'table' and name like 'latchkey_%' and name <> 'latchkey_attempts' order by 1";

export type Row = Record<string, string | number | null>;

/** Looks into a database file behind the application's back, and changes it. */
export class SqliteFile {
  constructor(readonly path: string) {}

  rows(query: string, ...parameters: (string | number)[]): Row[] {
    return this.use((database) => database.prepare(query).all(...parameters) as Row[]);
  }

  /** @returns how many rows were changed */
  run(statement: string, ...parameters: (string | number)[]): number {
    return this.use((database) => Number(database.prepare(statement).run(...parameters).changes));
  }

  /**
   * Every row of our tables but how often something was attempted, which every request may change. The file is opened
   * once for all of them: SQLite reads the definitions of all tables each time.
   */
  contents(): Record<string, Row[]> {
    return this.use((database) => {
      const tables = database.prepare(OUR_TABLES).all() as { name: string }[];
      const rows = (table: string) => database.prepare(`select * from "${table}" order by 1`).all() as Row[];
      return Object.fromEntries(tables.map(({ name }) => [name, rows(name)]));
    });
  }

  /** The names of the tables that hold the text in any column. */
  tablesWith(text: string): string[] {
    return Object.entries(this.contents())
      .filter(([, rows]) => rows.some((row) => Object.values(row).some((value) => String(value).includes(text))))
      .map(([table]) => table);
  }

  private use<T>(work: (database: SqliteDatabase) => T): T {
    const { database } = sqlite(this.path);
    try {
      database.exec('pragma busy_timeout = 5000');
      return work(database);
    } finally {
      database.close();
    }
  }
}
