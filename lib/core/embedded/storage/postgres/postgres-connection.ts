import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { StorageUnavailableError } from '../../../auth.error.js';
import { retryConflicts } from '../conflict-retry.js';
import { describe, isConnectionLost, isInFailedTransaction, toStorageError, unfitText } from './postgres-errors.js';
import type { PostgresPoolClient, PostgresResult } from '../../../postgres-pool.types.js';

/** Within a transaction the server gives up first, which keeps the connection; this is for one that is silent. */
const CLIENT_MARGIN_MS = 1000;

const ROW_COUNTING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * A client of the pool, from its loan to its return. Nothing it does outlives the transaction in the
 * database's session, so a pooler between may give each transaction another server connection: statements
 * have no names, and the time limit is set by SET LOCAL in the message that begins the transaction. Outside
 * of a transaction only the client can limit the time without leaving a setting behind.
 */
export class PostgresConnection implements DatabaseConnection {
  private isBroken = false;
  private isInTransaction = false;
  /** The first failure of the transaction, which makes all later statements fail. */
  private failure: unknown;
  private lastStatement: Promise<unknown> = Promise.resolve();

  /** @param statementTimeoutMs 0 for none */
  constructor(
    readonly handle: PostgresPoolClient,
    private readonly statementTimeoutMs: number,
  ) {
    handle.on('error', this.onLost);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.parameters.some(isUnfit)) throw unfitText();
    const execute = () => this.run(query.sql, query.parameters);
    const { rows, rowCount, command } = await this.inTurn(() =>
      this.isInTransaction ? execute() : retryConflicts(execute),
    );
    const result = { rows: rows as R[] };
    return ROW_COUNTING.has(command) ? { ...result, numAffectedRows: BigInt(rowCount ?? 0) } : result;
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows cannot be streamed from PostgreSQL. Use execute(), in pages where there are many.');
  }

  async begin(): Promise<void> {
    this.failure = undefined;
    const limit = `set local statement_timeout = ${this.statementTimeoutMs}`;
    // First: where only the second half fails, a transaction is open all the same.
    this.isInTransaction = true;
    // Ours whatever the database's default is: the engine's statements are right at this level.
    await this.run(`begin isolation level read committed; ${limit}`);
  }

  async commit(): Promise<void> {
    const { command } = await this.inTurn(() => this.run('commit')).catch((error: unknown) => {
      throw this.isBroken ? unknownOutcome(error) : error;
    });
    this.isInTransaction = false;
    // PostgreSQL answers so, without an error, when a statement had failed.
    if (command !== 'COMMIT') throw this.rolledBack();
  }

  /** Never throws: a connection that cannot roll back is closed, which rolls back as well. */
  async rollback(): Promise<void> {
    if (this.isBroken || !this.isInTransaction) return;
    try {
      await this.inTurn(() => this.run('rollback'));
      this.isInTransaction = false;
    } catch {
      this.isBroken = true;
    }
  }

  release(): void {
    this.handle.off('error', this.onLost);
    this.handle.release(this.isBroken || this.isInTransaction);
  }

  /** Without a listener the loss of a connection would end the process. */
  private readonly onLost = (): void => {
    this.isBroken = true;
  };

  /** pg takes one statement at a time. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastStatement.then(work);
    this.lastStatement = turn.catch(() => undefined);
    return turn;
  }

  private async run(text: string, values: readonly unknown[] = []): Promise<PostgresResult> {
    try {
      const result: PostgresResult | PostgresResult[] = await this.handle.query(this.limited(text, values));
      return Array.isArray(result) ? (result.at(-1) as PostgresResult) : result;
    } catch (error) {
      if (isConnectionLost(error)) this.isBroken = true;
      // The first failure is the cause; this one only repeats that there was one.
      const reason = isInFailedTransaction(error) ? (this.failure ?? error) : toStorageError(error);
      if (this.isInTransaction) this.failure ??= reason;
      throw reason;
    }
  }

  private limited(text: string, values: readonly unknown[]): string {
    const margin = this.isInTransaction ? CLIENT_MARGIN_MS : 0;
    const query_timeout = this.statementTimeoutMs === 0 ? undefined : this.statementTimeoutMs + margin;
    // The declared shape is what applications use; pg takes a configuration instead of the text.
    return { text, values: values.length === 0 ? undefined : [...values], query_timeout } as unknown as string;
  }

  private rolledBack(): unknown {
    if (this.failure instanceof StorageUnavailableError) return this.failure;
    return new Error(
      'The transaction was rolled back because a statement in it failed, though that error was caught. ' +
        'Let it through; on PostgreSQL a transaction cannot go on after it.',
      { cause: this.failure },
    );
  }
}

/** PostgreSQL refuses a NUL, and pg puts one and the same character instead of every half of a surrogate pair. */
function isUnfit(value: unknown): boolean {
  return typeof value === 'string' && (value.includes('\0') || /\p{Surrogate}/u.test(value));
}

function unknownOutcome(cause: unknown): StorageUnavailableError {
  const reason = cause instanceof StorageUnavailableError ? cause.detail : describe(cause);
  return new StorageUnavailableError({ detail: `the outcome of the commit is unknown (${reason})`, cause });
}
