import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import { retryConflicts, StorageConflictError } from './conflict-retry.js';
import type { PostgresClient } from './postgres/postgres-pool.types.js';
import type { OpenedDatabase, StorageDialect } from './storage-dialect.js';
import type { Tables } from './tables.js';
import { TransactionScope } from './transaction-scope.js';

export interface TransactionOptions {
  /**
   * The work touches nothing but the database, so it may run again from its start where the database took the
   * transaction back because of others at the same time. Default false: the caller sees a
   * `StorageUnavailableError`. A transaction inside another one is never repeated by itself.
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
 */
export class AuthDatabase {
  private readonly scopes = new AsyncLocalStorage<TransactionScope | undefined>();

  private own: Kysely<Tables> | undefined;

  constructor(private readonly database: OpenedDatabase) {}

  /** True when the caller stands inside `transaction`, whether or not it has made a statement yet. */
  get inTransaction(): boolean {
    return this.scopes.getStore() !== undefined;
  }

  /**
   * Runs `work`; what it writes through `current()` or through the core is kept as a whole or not at all.
   * The transaction begins with the first statement, so slow work before it holds no connection. A call
   * inside another one joins it; if the inner one throws, the whole is rolled back even where the error
   * is caught, since half of its writes may be there already.
   */
  async transaction<T>(work: () => Promise<T>, { repeatable = false }: TransactionOptions = {}): Promise<T> {
    const outer = this.scopes.getStore();
    if (outer !== undefined) return outer.join(work);

    const attempt = () => this.attempt(work);
    const { result, afterCommit } = await (repeatable ? retryConflicts(attempt) : attempt());
    await this.scopes.run(undefined, () => runAll(afterCommit));
    return result;
  }

  /**
   * Runs `callback` after the transaction of the caller was committed, and never if it was rolled back;
   * outside a transaction at once. All callbacks run; the first error among them then reaches the caller
   * of `transaction`, whose writes stay.
   */
  async afterCommit(callback: () => void | Promise<void>): Promise<void> {
    const scope = this.scopes.getStore();
    if (scope === undefined) return callback();
    scope.assertOpen();
    scope.afterCommit.push(callback);
  }

  /**
   * The transaction of the calling async context, or the plain database outside of one, for the application's
   * own tables. On PostgreSQL names without a schema are found by the search path, as everywhere else.
   */
  async current<Database = unknown>(): Promise<Kysely<Database>> {
    const connection: unknown = (await this.scopes.getStore()?.connection()) ?? this.database.kysely;
    return connection as Kysely<Database>;
  }

  /**
   * The `pg` client of the caller's transaction, for code that uses something other than Kysely; of the type
   * `PoolClient` where that is asked for. It works until the transaction ends, and must not be released.
   *
   * @throws outside of a transaction, and on another database than PostgreSQL
   */
  async postgresClient<Client = PostgresClient>(): Promise<Client> {
    return (await this.driverHandle('PostgreSQL', 'postgresClient')) as Client;
  }

  /**
   * The better-sqlite3 database with the caller's transaction under way. It works until the transaction ends.
   *
   * @throws outside of a transaction, and on another database than SQLite
   */
  async sqliteDatabase<Database = object>(): Promise<Database> {
    return (await this.driverHandle('SQLite', 'sqliteDatabase')) as Database;
  }

  /** The core's own tables and those of its parts, in the transaction of the caller if there is one. */
  async tables<OwnTables = Tables>(): Promise<Kysely<OwnTables>> {
    const { dialect, kysely } = this.database;
    const own = (await this.scopes.getStore()?.tables()) ?? (this.own ??= dialect.ownTables(kysely));
    return own as unknown as Kysely<OwnTables>;
  }

  /** @see StorageDialect.hasRowLocks */
  get hasRowLocks(): boolean {
    return this.database.dialect.hasRowLocks;
  }

  async close(): Promise<void> {
    await this.database.unlimited.destroy();
    await this.database.kysely.destroy();
  }

  private async attempt<T>(
    work: () => Promise<T>,
  ): Promise<{ result: T; afterCommit: TransactionScope['afterCommit'] }> {
    const scope = new TransactionScope(this.database);
    let result: T;
    try {
      result = await this.scopes.run(scope, work);
    } catch (error) {
      await scope.rollback();
      // Kysely's errors are ours already; those of the bare driver are not.
      throw this.database.dialect.isConflict(error)
        ? new StorageConflictError({ detail: 'the transaction was in the way of another', cause: error })
        : error;
    }
    await scope.commit();
    return { result, afterCommit: scope.afterCommit };
  }

  private async driverHandle(database: StorageDialect['name'], method: string): Promise<object> {
    const { name } = this.database.dialect;
    if (name !== database) {
      throw new Error(`AuthDatabase.${method}() needs ${database}; the core keeps its data in ${name}. Use current()`);
    }
    const scope = this.scopes.getStore();
    if (scope === undefined) {
      throw new Error(`AuthDatabase.${method}() was called outside of a transaction. Call it inside transaction()`);
    }
    return scope.driverHandle();
  }
}

async function runAll(callbacks: (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const callback of callbacks) {
    try {
      await callback();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
