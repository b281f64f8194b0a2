import { setTimeout as delay } from 'node:timers/promises';
import { type DedicatedClient, endClient, type LentPool } from './pool.js';
import { describe } from './postgres-errors.js';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 30_000;

const POOLER = 'a pooler between this process and PostgreSQL keeps notifications back';

export interface ChannelListener {
  onNotification(payload: string): void;
  /** What was told before may have been missed. */
  onConnected(): void;
  onDisconnected(reason: string): void;
}

const connections = new WeakMap<object, ListeningConnection>();

/** The one connection on which all who share a pool listen. */
export function listeningConnection(lent: LentPool): ListeningConnection {
  const connection = connections.get(lent.pool) ?? new ListeningConnection(lent, () => connections.delete(lent.pool));
  connections.set(lent.pool, connection);
  return connection;
}

/**
 * A connection of its own, outside of the pool, from the first listener to the last. It is made again when it is lost, and not
 * where a pooler gives each transaction another connection: LISTEN would stay behind on one that serves somebody else.
 */
export class ListeningConnection {
  private readonly listeners = new Map<string, Set<ChannelListener>>();
  private readonly ending = new AbortController();
  private client: DedicatedClient | undefined;
  private isConnected = false;
  private hopeless: string | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly lent: LentPool,
    private readonly onUnused: () => void,
  ) {}

  /** @param channel a name that needs no quotes */
  add(channel: string, listener: ChannelListener): void {
    const others = this.listeners.get(channel);
    this.listeners.set(channel, new Set([...(others ?? []), listener]));
    this.running ??= this.run();
    if (this.hopeless !== undefined) listener.onDisconnected(this.hopeless);
    if (this.isConnected) void this.listen(this.client!, channel, [listener]);
  }

  async remove(channel: string, listener: ChannelListener): Promise<void> {
    const others = this.listeners.get(channel);
    others?.delete(listener);
    if (others?.size === 0) this.listeners.delete(channel);
    if (this.listeners.size > 0) {
      if (others?.size === 0) await this.client?.query(`unlisten ${channel}`).catch(() => undefined);
      return;
    }
    this.onUnused();
    this.ending.abort();
    await this.drop();
    await this.running;
  }

  /** To be made again, since nothing arrives on it. */
  async drop(): Promise<void> {
    if (this.client !== undefined) await endClient(this.client);
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.ending.signal.aborted && this.hopeless === undefined; attempt++) {
      const startedAtMs = performance.now();
      const reason = await this.connect().catch(describe);
      this.isConnected = false;
      this.client = undefined;
      if (this.ending.signal.aborted) return;
      this.each((listener) => listener.onDisconnected(reason));
      // One that is taken away again at once, as on a standby, is not asked for in a hurry.
      if (performance.now() - startedAtMs > MAX_PAUSE_MS) attempt = 0;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS) * (0.5 + Math.random());
      await delay(pauseMs, undefined, { ref: false, signal: this.ending.signal }).catch(() => undefined);
    }
  }

  /** @returns why it has ended */
  private async connect(): Promise<string> {
    const client = this.lent.dedicatedClient();
    if (client === undefined) return (this.hopeless = 'the pool makes no connections of its own');
    this.client = client;
    const lost = new Promise<string>((resolve) => {
      client.on('error', (error) => resolve(describe(error)));
      client.on('end', () => resolve('the connection was closed'));
    });
    try {
      // A client that is ended while it connects never says so.
      const failed = await Promise.race([client.connect().then(() => undefined), lost]);
      if (failed !== undefined) return failed;
      client.unref();
      if (await isPooled(client)) return (this.hopeless = POOLER);
      client.on('notification', ({ channel, payload = '' }) => {
        for (const listener of this.listeners.get(channel) ?? []) listener.onNotification(payload);
      });
      this.isConnected = true;
      for (const [channel, listeners] of this.listeners) await this.listen(client, channel, listeners);
      return await lost;
    } finally {
      await endClient(client);
    }
  }

  private async listen(client: DedicatedClient, channel: string, listeners: Iterable<ChannelListener>): Promise<void> {
    try {
      await client.query(`listen ${channel}`);
      for (const listener of listeners) listener.onConnected();
    } catch (error) {
      // Such as on a standby, until it is promoted.
      for (const listener of listeners) listener.onDisconnected(describe(error));
      await this.drop();
    }
  }

  private each(tell: (listener: ChannelListener) => void): void {
    for (const listeners of this.listeners.values()) for (const listener of listeners) tell(listener);
  }
}

/** A pooler tells a client a number of its own when it greets it; another server answers each transaction. */
async function isPooled(client: DedicatedClient): Promise<boolean> {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  return (rows[0] as { pid: number }).pid !== client.processID;
}
