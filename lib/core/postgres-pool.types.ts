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
  /** `postgres://user:password@host:port/database`, instead of the parts that follow. */
  connectionString?: string | undefined;
  /** A name, an address, or the folder of a Unix socket. @default `PGHOST`, else localhost */
  host?: string | undefined;
  /** @default `PGPORT`, else 5432 */
  port?: number | undefined;
  /** @default `PGDATABASE`, else the user's name */
  database?: string | undefined;
  /** @default `PGUSER`, else the name of the process's user */
  user?: string | undefined;
  /** The password, or a function that tells it for each new connection. */
  password?: string | (() => string | Promise<string>) | undefined;
  /** TLS: true, or what `tls.connect` takes, such as `{ ca }`. @default false */
  ssl?: boolean | object | undefined;
  /** How many connections this process opens. @default 10 */
  max?: number | undefined;
  /** How many idle connections stay open. @default 0 */
  min?: number | undefined;
  /** After how long an idle connection is closed, in milliseconds; 0 or null for never. @default 10000 */
  idleTimeoutMillis?: number | null | undefined;
  /** How long to wait for a free connection, or for a new one, in milliseconds. @default 5000 */
  connectionTimeoutMillis?: number | undefined;
  /** After how many uses a connection is closed. @default never */
  maxUses?: number | undefined;
  /** After how long a connection is closed, in seconds; 0 for never. @default 0 */
  maxLifetimeSeconds?: number | undefined;
  /** Whether the process may end while connections are idle. @default false */
  allowExitOnIdle?: boolean | undefined;
  /** How the database names these connections, such as in `pg_stat_activity`. @default 'latchkey' */
  application_name?: string | undefined;
  /** Settings of the session, which pgbouncer does not let through. */
  options?: string | undefined;
  /** Whether TCP probes idle connections, so that a host which vanished is noticed. @default true */
  keepAlive?: boolean | undefined;
  /** How long a connection is idle before the first probe, in milliseconds. @default as the operating system says */
  keepAliveInitialDelayMillis?: number | undefined;
}

export function isPostgresPool(value: unknown): value is PostgresPool {
  return typeof value === 'object' && value !== null && 'connect' in value && typeof value.connect === 'function';
}
