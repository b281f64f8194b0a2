import { createHash, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { ChangeListener, ChangeSignals } from '../change-signals.js';
import { type ChannelListener, type ListeningConnection, listeningConnection } from './listening-connection.js';
import type { LentPool } from './pool.js';

const PROBE = 'probe ';
/** How often this process makes sure that it hears itself: a connection may be dead without a word. */
const PROBE_INTERVAL_MS = 30_000;
const PROBE_PATIENCE_MS = 5000;

/** Over NOTIFY and LISTEN, on a channel for each schema. */
export class PostgresSignals implements ChangeSignals {
  private readonly channel: string;
  private connection: ListeningConnection | undefined;
  private listener: ChangeListener | undefined;
  private readonly onChannel: ChannelListener = {
    onNotification: (payload) => this.receive(payload),
    onConnected: () => {
      this.listener?.onSignal();
      void this.probe();
    },
    onDisconnected: (reason) => {
      clearTimeout(this.timer);
      this.listener?.onListening(false, reason);
    },
  };
  private telling: Promise<void> | undefined;
  private isTellingAgain = false;
  private expected: { probe: string; heard: (isHeard: boolean) => void } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly kysely: Kysely<unknown>,
    private readonly lent: LentPool,
    schema: string,
  ) {
    // Names are cut at 63 bytes, and a schema may be as long.
    this.channel = `latchkey_${createHash('sha256').update(schema).digest('hex').slice(0, 32)}`;
  }

  /** After the commit, not in it: transactions that notify are committed one after the other. */
  tell(): void {
    this.isTellingAgain = true;
    this.telling ??= this.tellAll().finally(() => {
      this.telling = undefined;
    });
  }

  listen(listener: ChangeListener): void {
    this.listener = listener;
    this.connection = listeningConnection(this.lent);
    this.connection.add(this.channel, this.onChannel);
  }

  async close(): Promise<void> {
    this.listener = undefined;
    clearTimeout(this.timer);
    this.expected?.heard(false);
    await this.telling;
    await this.connection?.remove(this.channel, this.onChannel);
  }

  private async tellAll(): Promise<void> {
    while (this.isTellingAgain) {
      this.isTellingAgain = false;
      await this.notify('');
    }
  }

  private receive(payload: string): void {
    if (payload === this.expected?.probe) this.expected.heard(true);
    if (!payload.startsWith(PROBE)) this.listener?.onSignal();
  }

  /** On a connection of the pool, while the one that listens is idle, as it is when others tell. */
  private async probe(): Promise<void> {
    const probe = PROBE + randomUUID();
    let patience: NodeJS.Timeout | undefined;
    const arrival = new Promise<boolean>((resolve) => {
      this.expected = { probe, heard: resolve };
      patience = setTimeout(() => resolve(false), PROBE_PATIENCE_MS);
      patience.unref();
    });
    const isSent = await this.notify(probe);
    const isHeard = isSent && (await arrival);
    clearTimeout(patience);
    if (this.listener === undefined) return;
    if (isSent && !isHeard) return this.connection?.drop();
    if (isHeard) this.listener.onListening(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.probe(), PROBE_INTERVAL_MS);
    this.timer.unref();
  }

  private async notify(payload: string): Promise<boolean> {
    try {
      await sql`select pg_notify(${this.channel}, ${payload})`.execute(this.kysely);
      return true;
    } catch {
      // A process that is not told asks by itself.
      return false;
    }
  }
}
