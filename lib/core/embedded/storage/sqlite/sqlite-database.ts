/** What `SqliteDriver` needs of a package for SQLite, in the form of better-sqlite3. */
export interface SqliteDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

export interface SqliteStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(...parameters: unknown[]): unknown[];
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

/** An open database. */
export interface OpenedSqlite {
  database: SqliteDatabase;
  /** What the package itself works with, for code of the application. */
  handle: object;
}

/**
 * Opens a file or `:memory:`. A statement waits for other processes for 5 ms at most: that wait stops the whole process, so
 * that the rest is waited asynchronously (`retryWhileBusy`).
 */
export type SqlitePackage = (path: string) => OpenedSqlite;
