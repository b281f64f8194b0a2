import type { CompiledQuery, Kysely } from 'kysely';
import { AuthDatabase, type TransactionOptions } from '../../auth-database.js';
import type { PostgresClient } from '../../postgres-pool.types.js';
import type { ChangeSignals } from './change-signals.js';
import { retryConflicts, StorageConflictError } from './conflict-retry.js';
import { currentScope, runInScope } from './current-scopes.js';
import type { OpenedDatabase, RowOrder, StorageDialect } from './storage-dialect.js';
import type { Tables } from './tables.js';
import { TransactionScope } from './transaction-scope.js';

/** Documented where it is abstract; here is what it is over a database that Kysely speaks to, and what only the engine needs. */
export class SqlAuthDatabase extends AuthDatabase {
  private coreTables: Kysely<unknown> | undefined;

  constructor(private readonly database: OpenedDatabase) {
    super();
  }

  override get inTransaction(): boolean {
    return currentScope(this) !== undefined;
  }

  override async transaction<T>(work: () => Promise<T>, { repeatable = false }: TransactionOptions = {}): Promise<T> {
    const outer = currentScope(this);
    if (outer !== undefined) return outer.join(work);

    const attempt = () => this.attempt(work);
    const { result, afterCommit } = await (repeatable ? retryConflicts(attempt) : attempt());
    await runInScope(this, undefined, () => runAll(afterCommit));
    return result;
  }

  override async afterCommit(callback: () => void | Promise<void>): Promise<void> {
    const scope = currentScope(this);
    if (scope === undefined) return callback();
    scope.assertOpen();
    scope.afterCommit.push(callback);
  }

  /** Runs `work` outside of the caller's transaction. */
  apart<T>(work: () => T): T {
    return runInScope(this, undefined, work);
  }

  override async current<Database = unknown>(): Promise<Kysely<Database>> {
    const connection: unknown = (await currentScope(this)?.connection()) ?? this.database.kysely;
    return connection as Kysely<Database>;
  }

  override async postgresClient<Client = PostgresClient>(): Promise<Client> {
    return (await this.driverHandle('PostgreSQL', 'postgresClient')) as Client;
  }

  override async sqliteDatabase<Database = object>(): Promise<Database> {
    return (await this.driverHandle('SQLite', 'sqliteDatabase')) as Database;
  }

  /** The core's own tables, and those of recipes beside them, in the transaction of the caller if there is one. */
  async tables<OwnTables = Tables>(): Promise<Kysely<OwnTables>> {
    const { dialect, kysely } = this.database;
    const tables: unknown =
      (await currentScope(this)?.tables()) ?? (this.coreTables ??= dialect.ownTables<unknown>(kysely));
    return tables as Kysely<OwnTables>;
  }

  /** Runs what was compiled for `tables()`, in the transaction of the caller if there is one. */
  async run<Row>(statement: CompiledQuery<Row>): Promise<Row[]> {
    const { rows } = await (await this.tables()).executeQuery(statement);
    return rows;
  }

  /** @see StorageDialect.hasRowLocks */
  get hasRowLocks(): boolean {
    return this.database.dialect.hasRowLocks;
  }

  /** @see StorageDialect.revocationOrder */
  get revocationOrder(): RowOrder {
    return this.database.dialect.revocationOrder;
  }

  /** @see OpenedDatabase.isPrivate */
  get isPrivate(): boolean {
    return this.database.isPrivate;
  }

  /** @see OpenedDatabase.signals */
  get signals(): ChangeSignals | undefined {
    return this.database.signals;
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
      result = await runInScope(this, scope, work);
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
    const scope = currentScope(this);
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
