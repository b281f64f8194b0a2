import type Pg from 'pg';
import { ConfigurationError } from '../../../auth.error.js';
import {
  isPostgresPool,
  type PostgresClient,
  type PostgresPool,
  type PostgresPoolConfig,
} from '../../../postgres-pool.types.js';

const ACQUIRE_TIMEOUT_MS = 5000;

/** Where a pool connects to; without the password, so that it can be shown. */
export interface PostgresAddress {
  host: string;
  port: number | string;
  database: string;
  user: string;
}

/** A client of `pg`, of no pool. */
export interface DedicatedClient extends PostgresClient {
  /** Of the server, as it said when it greeted the client. */
  readonly processID: number | null;
  connect(): Promise<unknown>;
  end(): Promise<void>;
  /** From now on it does not keep the process alive. */
  unref(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'notification', listener: (notification: { channel: string; payload?: string }) => void): unknown;
}

const END_PATIENCE_MS = 1000;

/** Also where the server does not answer any more. */
export async function endClient(client: DedicatedClient): Promise<void> {
  const { connection } = client as { connection?: { stream?: { destroy?(): void } } };
  const destroying = setTimeout(() => connection?.stream?.destroy?.(), END_PATIENCE_MS);
  await client.end().catch(ignore);
  clearTimeout(destroying);
}

export interface LentPool {
  pool: PostgresPool;
  /** A client that connects as those of the pool do, and does not count as one; undefined where the pool cannot say how. */
  dedicatedClient(): DedicatedClient | undefined;
  address: PostgresAddress;
  acquireTimeoutMs: number;
  /** Ends a pool of our own, and leaves the application's to the application. */
  giveBack(): Promise<void>;
}

/** @param source a connection string, a configuration for a pool, or a pool; undefined is refused, as by the options */
export async function lendPool(source: string | PostgresPoolConfig | PostgresPool | undefined): Promise<LentPool> {
  if (source === undefined)
    throw new ConfigurationError('core: option postgres is undefined. Give a connection string.');
  return isPostgresPool(source) ? lendExisting(source) : lendNew(source);
}

function lendExisting(pool: PostgresPool): LentPool {
  const options = optionsOf(pool);
  hear(pool);
  return {
    pool,
    dedicatedClient: () => clientLikeThoseOf(pool),
    address: addressOf(options),
    acquireTimeoutMs: options.connectionTimeoutMillis || ACQUIRE_TIMEOUT_MS,
    giveBack: async () => unhear(pool),
  };
}

async function lendNew(source: string | PostgresPoolConfig): Promise<LentPool> {
  const pg = await loadDriver();
  const config = {
    fallback_application_name: 'latchkey',
    // So that a host which vanished is noticed.
    keepAlive: true,
    ...(typeof source === 'string' ? { connectionString: source } : source),
  };
  const acquireTimeoutMs = config.connectionTimeoutMillis || ACQUIRE_TIMEOUT_MS;
  const pool = new pg.Pool({ ...config, connectionTimeoutMillis: acquireTimeoutMs, Client: closingClient(pg.Client) });
  pool.on('error', ignore);
  // Not connected: it only reads the configuration and the environment as those of the pool will.
  const { host, port, database, user } = new pg.Client(config);
  return {
    pool,
    dedicatedClient: () => clientLikeThoseOf(pool),
    address: addressOf({ host, port, database, user }),
    acquireTimeoutMs,
    giveBack: () => pool.end(),
  };
}

type ConnectCallback = ((error: Error) => void) | ((error: null, client: Pg.Client) => void);

/**
 * A client that closes its connection when it cannot sign in. That of pg leaves it open where the fault is on our side
 * (no password), and so keeps the process alive until the server gives up, a minute later.
 */
function closingClient(Client: typeof Pg.Client): typeof Pg.Client {
  return class extends Client {
    override connect(): Promise<Pg.Client>;
    override connect(callback: ConnectCallback): void;
    override connect(callback?: ConnectCallback): Promise<Pg.Client> | void {
      const connected = super.connect();
      connected.catch(() => this.end().catch(ignore));
      if (callback === undefined) return connected;
      const done = callback as (error: Error | null, client?: Pg.Client) => void;
      connected.then((client) => done(null, client), done);
    }
  };
}

/** As `pg.Pool` makes its own. */
function clientLikeThoseOf(pool: PostgresPool): DedicatedClient | undefined {
  const { Client, options } = pool as { Client?: unknown; options?: object };
  if (typeof Client !== 'function' || typeof options !== 'object') return undefined;
  return new (Client as new (options: object) => DedicatedClient)(options);
}

/** How many cores share a pool: one listener does for all, and more than ten would make Node warn of a leak. */
const borrowers = new WeakMap<PostgresPool, number>();

function hear(pool: PostgresPool): void {
  const others = borrowers.get(pool) ?? 0;
  if (others === 0) pool.on('error', ignore);
  borrowers.set(pool, others + 1);
}

function unhear(pool: PostgresPool): void {
  const others = (borrowers.get(pool) ?? 1) - 1;
  borrowers.set(pool, others);
  if (others === 0) pool.off('error', ignore);
}

/** pg has taken a connection that was lost while idle out of the pool; unheard, it would end the process. */
function ignore(): void {}

function optionsOf(pool: PostgresPool): PostgresPoolConfig {
  const options = 'options' in pool ? pool.options : undefined;
  const config: PostgresPoolConfig = typeof options === 'object' && options !== null ? options : {};
  return { ...addressIn(config.connectionString), ...config };
}

/** Only for messages: pg reads the connection string by itself. */
function addressIn(connectionString: string | undefined): PostgresPoolConfig {
  if (connectionString === undefined || !URL.canParse(connectionString)) return {};
  const { hostname, port, pathname, username } = new URL(connectionString);
  return {
    host: hostname || undefined,
    port: Number(port) || undefined,
    database: decodeURIComponent(pathname.slice(1)) || undefined,
    user: decodeURIComponent(username) || undefined,
  };
}

function addressOf({ host, port, database, user }: PostgresPoolConfig): PostgresAddress {
  return {
    host: host ?? 'HOST',
    port: port ?? 5432,
    database: database ?? user ?? 'DATABASE',
    user: user ?? 'USER',
  };
}

async function loadDriver(): Promise<typeof Pg> {
  try {
    return (await import('pg')).default;
  } catch (cause) {
    throw new ConfigurationError(
      'core: { postgres } needs the package pg, which is not installed. Install it: npm install pg',
      { cause },
    );
  }
}
