import { loadSqlite } from '../../lib/core/embedded/storage/sqlite/load-sqlite.js';
import type { SqliteDatabase, SqliteStatement } from '../../lib/core/embedded/storage/sqlite/sqlite-database.js';

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

  /** Every row of our tables but how often something was attempted, which every request may change. */
  contents(): Record<string, Row[]> {
    return this.use(rowsOfTables);
  }

  /** The names of the tables that hold the text in any column. */
  tablesWith(text: string): string[] {
    return Object.entries(this.contents())
      .filter(([, rows]) => rows.some((row) => Object.values(row).some((value) => String(value).includes(text))))
      .map(([table]) => table);
  }

  private use<T>(work: (database: SqliteDatabase) => T): T {
    const database = this.open();
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  open(): SqliteDatabase {
    const { database } = sqlite(this.path);
    database.exec('pragma busy_timeout = 5000');
    return database;
  }
}

/** The contents of a file that a test looks at again and again: it stays open, and is read again only after a change. */
export class WatchedSqliteFile {
  private readonly file: SqliteFile;
  private opened: { database: SqliteDatabase; version: SqliteStatement } | undefined;
  private seen: { version: unknown; contents: Record<string, Row[]> } | undefined;

  constructor(path: string) {
    this.file = new SqliteFile(path);
  }

  /** As of `SqliteFile`. */
  contents(): Record<string, Row[]> {
    const { database, version: statement } = (this.opened ??= this.open());
    // Another value means that another connection has committed something: https://www.sqlite.org/pragma.html#pragma_data_version
    const version = (statement.all() as Row[])[0]!['data_version'];
    if (this.seen?.version !== version) this.seen = { version, contents: rowsOfTables(database) };
    return this.seen!.contents;
  }

  close(): void {
    this.opened?.database.close();
  }

  private open() {
    const database = this.file.open();
    return { database, version: database.prepare('pragma data_version') };
  }
}

function rowsOfTables(database: SqliteDatabase): Record<string, Row[]> {
  const tables = database.prepare(OUR_TABLES).all() as { name: string }[];
  const rows = (table: string) => database.prepare(`select * from "${table}" order by 1`).all() as Row[];
  return Object.fromEntries(tables.map(({ name }) => [name, rows(name)]));
}
