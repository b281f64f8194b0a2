import type { Kysely } from 'kysely';
import type { PostgresClient } from './postgres-pool.types.js';

/** Options of `AuthDatabase.transaction`. */
export interface TransactionOptions {
  /**
   * The work touches nothing but the database, so it may run again from its start where the database took the
   * transaction back because of others at the same time. A transaction inside another one is never repeated by itself.
   * @default false: the caller sees a `StorageUnavailableError`
   */
  repeatable?: boolean;
}

/**
 * The connection of the embedded core, for writes of the application that must be kept together with
 * those of a recipe:
 *
 * ```ts
 * await this.database.transaction(async () => {
 *   await super.signUp(input);
 *   const db = await this.database.current<MyTables>();
 *   await db.insertInto('profiles').values({ … }).execute();
 * });
 * ```
 *
 * With a core in another process there is no connection to join: `afterCommit` runs its callback at once, everything
 * else throws a `ConfigurationError`.
 */
export abstract class AuthDatabase {
  /** True when the caller is inside `transaction`, whether or not it has made a statement yet. */
  abstract get inTransaction(): boolean;

  /**
   * Runs `work`; what it writes through `current()` or through the core is kept as a whole or not at all.
   * The transaction begins with the first statement, so slow work before it holds no connection. A call
   * inside another one joins it; if the inner one throws, the whole is rolled back even where the error
   * is caught, since half of its writes may be there already.
   *
   * @returns what `work` returns
   * @throws whatever `work` throws, after a rollback
   * @throws {StorageUnavailableError} the database took the transaction back because of others at the same time
   */
  abstract transaction<T>(work: () => Promise<T>, options?: TransactionOptions): Promise<T>;

  /**
   * Runs `callback` after the transaction of the caller was committed, and never if it was rolled back;
   * outside a transaction at once. All callbacks run; the first error among them then reaches the caller
   * of `transaction`, whose writes stay.
   */
  abstract afterCommit(callback: () => void | Promise<void>): Promise<void>;

  /**
   * The transaction of the calling async context, or the plain database outside of one, for the application's
   * own tables. On PostgreSQL names without a schema are found by the search path, as everywhere else.
   */
  abstract current<Database = unknown>(): Promise<Kysely<Database>>;

  /**
   * The `pg` client of the caller's transaction, for code that uses something other than Kysely; of the type
   * `PoolClient` where that is asked for. It works until the transaction ends, and must not be released.
   *
   * @throws outside of a transaction, and on another database than PostgreSQL
   */
  abstract postgresClient<Client = PostgresClient>(): Promise<Client>;

  /**
   * The database of better-sqlite3 with the caller's transaction under way, or the `DatabaseSync` of `node:sqlite` where
   * better-sqlite3 is not installed or does not load. It works until the transaction ends.
   *
   * @throws outside of a transaction, and on another database than SQLite
   */
  abstract sqliteDatabase<Database = object>(): Promise<Database>;
}
