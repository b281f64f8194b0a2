import type { DatabaseConnection, Driver } from 'kysely';
import { StorageUnavailableError } from '../../../auth.error.js';
import { PostgresConnection } from './postgres-connection.js';
import { toStorageError } from './postgres-errors.js';
import type { PostgresPool, PostgresPoolClient } from '../../../postgres-pool.types.js';

interface PostgresDriverOptions {
  /** 0 for none. */
  statementTimeoutMs: number;
  acquireTimeoutMs: number;
}

/**
 * In place of Kysely's own, which knows no time limits, returns broken clients to the pool, and takes the
 * end of a transaction that PostgreSQL has rolled back for a commit.
 */
export class PostgresDriver implements Driver {
  constructor(
    private readonly pool: PostgresPool,
    private readonly options: PostgresDriverOptions,
    private readonly end: () => Promise<void>,
  ) {}

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new PostgresConnection(await this.acquireClient(), this.options.statementTimeoutMs);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).rollback();
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    ours(connection).release();
  }

  async destroy(): Promise<void> {
    await this.end();
  }

  /** A pool of the application may be one that waits for ever. */
  private async acquireClient(): Promise<PostgresPoolClient> {
    const { acquireTimeoutMs } = this.options;
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    const connecting = this.connect();
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(new StorageUnavailableError({ detail: noConnection(acquireTimeoutMs) }));
      }, acquireTimeoutMs);
    });
    connecting.then(
      (client) => isLate && client.release(),
      () => undefined,
    );
    try {
      return await Promise.race([connecting, tooLate]);
    } catch (error) {
      throw isPoolTimeout(error)
        ? new StorageUnavailableError({ detail: noConnection(acquireTimeoutMs), cause: error })
        : toStorageError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Async, so that a pool that throws at once is one that rejects. */
  private async connect(): Promise<PostgresPoolClient> {
    return this.pool.connect();
  }
}

function ours(connection: DatabaseConnection): PostgresConnection {
  return connection as PostgresConnection;
}

/** In the words of pg-pool, which gives no code. */
function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

function noConnection(waitedMs: number): string {
  return (
    `no connection of the pool became free within ${waitedMs} ms. Look for transactions that wait for ` +
    'something slow, or make the pool larger (max)'
  );
}
