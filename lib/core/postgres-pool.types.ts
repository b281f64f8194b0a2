/*
 * What is asked of `pg`, by its shape: an application that has not installed it, or its types, still
 * compiles, and pools that look like pg's will do.
 */

/** What a query of `pg` yields. */
export interface PostgresResult {
  rows: unknown[];
  rowCount: number | null;
  command: string;
}

/** A `pg` client. */
export interface PostgresClient {
  /** Runs one statement. */
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
}

/** A client that a pool has lent. */
export interface PostgresPoolClient extends PostgresClient {
  /** Listens for errors of the connection. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Ends what `on` began. */
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives it back; with `true` or an error the pool drops the connection. */
  release(destroy?: Error | boolean): void;
}

/** A `pg.Pool`. */
export interface PostgresPool {
  /** Borrows a connection; `release` gives it back. */
  connect(): Promise<PostgresPoolClient>;
  /** Listens for errors of idle connections. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Ends what `on` began. */
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Ends every connection. */
  end(): Promise<void>;
}

/** What `new pg.Pool()` takes. */
export interface PostgresPoolConfig {
  connectionString?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  database?: string | undefined;
  user?: string | undefined;
  /** The password, or a function that tells it for each new connection. */
  password?: string | (() => string | Promise<string>) | undefined;
  ssl?: boolean | object | undefined;
  /** Connections of this process. Default 10. */
  max?: number | undefined;
  min?: number | undefined;
  idleTimeoutMillis?: number | null | undefined;
  /** How long to wait for a free connection, or for a new one. Default 5000. */
  connectionTimeoutMillis?: number | undefined;
  maxUses?: number | undefined;
  maxLifetimeSeconds?: number | undefined;
  allowExitOnIdle?: boolean | undefined;
  application_name?: string | undefined;
  /** Settings of the session, which pgbouncer does not let through. */
  options?: string | undefined;
  keepAlive?: boolean | undefined;
  keepAliveInitialDelayMillis?: number | undefined;
}

export function isPostgresPool(value: unknown): value is PostgresPool {
  return typeof value === 'object' && value !== null && 'connect' in value && typeof value.connect === 'function';
}
