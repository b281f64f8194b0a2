import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { BUSY_RETRY_MS, retryWhileBusy } from './busy-retry.js';
import { ConnectionQueue } from './connection-queue.js';
import type { OpenedSqlite, SqliteDatabase, SqliteStatement } from './sqlite-database.js';
import { toStorageError } from './sqlite-errors.js';

const MAX_KEPT_STATEMENTS = 500;
/** Longer ones carry lists of values and hardly come twice. */
const MAX_KEPT_STATEMENT_LENGTH = 2000;

/** Migrations run each of theirs once. */
const IS_DEFINITION = /^\s*(create|alter|drop)\s/i;

/**
 * In place of Kysely's own, for three reasons: transactions take the write lock when they begin (one that
 * reads first and writes later would fail whenever another process wrote in between), a busy database is
 * waited for without stopping the process, and prepared statements are kept.
 */
export class SqliteDriver implements Driver {
  private readonly queue = new ConnectionQueue(BUSY_RETRY_MS);
  private readonly connection: SqliteConnection;
  private readonly database: SqliteDatabase;

  constructor(opened: OpenedSqlite) {
    this.database = opened.database;
    this.connection = new SqliteConnection(opened);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.queue.acquire();
    return this.connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk, for one, makes SQLite roll back by itself.
    if (!this.database.inTransaction) return;
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {
    this.queue.release();
  }

  async destroy(): Promise<void> {
    this.database.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  private readonly statements = new Map<string, SqliteStatement>();
  private readonly database: SqliteDatabase;
  /** See `driverHandleOf`. */
  readonly handle: object;

  constructor({ database, handle }: OpenedSqlite) {
    this.database = database;
    this.handle = handle;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      if (this.database.inTransaction) return this.run<R>(query);
      return await retryWhileBusy(() => this.run<R>(query), BUSY_RETRY_MS);
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for (const row of this.database.prepare(query.sql).iterate(...query.parameters)) {
      yield { rows: [row as R] };
    }
  }

  private run<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.prepare(query.sql);
    if (statement.reader) return { rows: statement.all(...query.parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(...query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  private prepare(sql: string): SqliteStatement {
    const kept = this.statements.get(sql);
    if (kept !== undefined) return kept;

    const statement = this.database.prepare(sql);
    if (sql.length > MAX_KEPT_STATEMENT_LENGTH || IS_DEFINITION.test(sql)) return statement;
    if (this.statements.size >= MAX_KEPT_STATEMENTS) this.statements.clear();
    this.statements.set(sql, statement);
    return statement;
  }
}
