import { loadSqlite } from '../../lib/core/embedded/storage/sqlite/load-sqlite.js';
import type { SqliteDatabase } from '../../lib/core/embedded/storage/sqlite/sqlite-database.js';

const sqlite = await loadSqlite();

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

  /** Every row of our tables. */
  /** All that was kept but how often something was attempted, which every request may change. */
  contents(): Record<string, Row[]> {
    const tables = this.rows(
      `select name from sqlite_schema where type = 'table' and name like 'latchkey_%' and name <> 'latchkey_attempts' order by 1`,
    );
    return Object.fromEntries(tables.map(({ name }) => [name, this.rows(`select * from "${name}" order by 1`)]));
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
