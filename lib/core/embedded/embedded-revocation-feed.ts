import { setTimeout as delay } from 'node:timers/promises';
import { AuthError } from '../auth.error.js';
import { CLOCK_TOLERANCE_MS } from '../access-token/known-revocations.js';
import { RevocationWatch, type RevocationWatchDependencies } from '../access-token/revocation-watch.js';
import type { NeedsHousekeeping } from './engine-part.js';
import { EmbeddedRevocationJournal } from './embedded-revocation-journal.js';
import { deleteInBatches } from './housekeeper.js';
import type { ChangeListener } from './storage/change-signals.js';
import { RevocationLog } from './storage/revocation-log.js';
import { type Revocation, RevocationsStorage } from './storage/revocations.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** How much less often is looked where signals arrive: one that got lost is caught by that. */
const LISTENING_FACTOR = 10;
const MIN_PAUSE_MS = 10;

interface EmbeddedRevocationFeedDependencies extends RevocationWatchDependencies {
  database: SqlAuthDatabase;
}

/** Reads what any process has revoked from the table that all of them write it to. */
export class EmbeddedRevocationFeed extends RevocationWatch implements NeedsHousekeeping, ChangeListener {
  /** For processes that have no database of their own. */
  readonly journal: EmbeddedRevocationJournal;
  /** For the storage that revokes. */
  readonly log: RevocationLog;
  private readonly database: SqlAuthDatabase;
  private readonly storage: RevocationsStorage;
  private horizon = '0';
  /** Of rows that may be read again, since they are not before the horizon. */
  private seen: ReadonlySet<string> = new Set();
  private reading: Promise<void> | undefined;
  private isOutdated = false;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private isListening = false;

  constructor(protected override readonly engine: EmbeddedRevocationFeedDependencies) {
    super(engine, engine.database.isPrivate ? 'MEMORY' : 'POLL');
    this.database = engine.database;
    this.storage = new RevocationsStorage(this.database);
    this.journal = new EmbeddedRevocationJournal(this.database);
    this.log = new RevocationLog(this.database, engine.clock, (revocation) => {
      this.learn(revocation, engine.clock());
      this.database.signals?.tell();
    });
  }

  get refreshesChangedClaims(): boolean {
    return this.engine.options.refreshChangedClaims;
  }

  /** Before the first request. */
  async start(): Promise<void> {
    await this.read();
    this.noteHeard();
    if (this.database.isPrivate) return;
    this.schedule();
    if (this.engine.options.listen) this.database.signals?.listen(this);
  }

  onSignal(): void {
    void this.catchUp();
  }

  onListening(isListening: boolean, reason?: string): void {
    this.isListening = isListening;
    this.noteTransport(isListening ? 'LISTEN' : 'POLL', reason);
    this.schedule();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.database.signals?.close();
    await this.reading?.catch(() => undefined);
  }

  async housekeep(): Promise<void> {
    this.known.age();
    const { accessTokenLifetimeMs, clock } = this.engine;
    const outdatedMs = clock() - accessTokenLifetimeMs - CLOCK_TOLERANCE_MS;
    await deleteInBatches((limit) => this.storage.deleteBefore(outdatedMs, limit));
  }

  protected override async catchUp(): Promise<void> {
    try {
      await this.read();
      this.noteHeard();
    } catch (error) {
      this.noteFailed(reasonOf(error));
    }
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    const { pollIntervalMs, maxBehindSeconds } = this.engine.options;
    const look = () => void this.catchUp().then(() => this.schedule());
    const wantedMs = this.isListening ? pollIntervalMs * LISTENING_FACTOR : pollIntervalMs;
    // More than once, so that one that fails does not make this process fall behind.
    this.timer = setTimeout(look, Math.min(wantedMs, (maxBehindSeconds * 1000) / 3));
    this.timer.unref();
  }

  /** What is asked for while something is being read is read after it, once for all who ask. */
  private async read(): Promise<void> {
    this.isOutdated = true;
    this.reading ??= this.database
      .apart(async () => {
        while (this.isOutdated && !this.isStopped) {
          this.isOutdated = false;
          await this.readOnce();
          // Anyone who can notify could otherwise keep this process busy with nothing else.
          if (this.isOutdated) await delay(MIN_PAUSE_MS);
        }
      })
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const horizon = await this.storage.horizon();
    // Another database, such as a backup that was restored, counts from elsewhere.
    const from = BigInt(horizon) < BigInt(this.horizon) ? '0' : this.horizon;
    const seen = new Set<string>();
    for await (const page of this.storage.readFrom(from)) {
      for (const revocation of page) {
        seen.add(revocation.id);
        // Committed after what was read before, however early it was written.
        const atMs = from === '0' ? revocation.writtenAtMs : this.engine.clock();
        if (!this.seen.has(revocation.id)) this.learn(revocation, atMs);
      }
    }
    this.seen = seen;
    this.horizon = horizon;
  }

  private learn(revocation: Revocation, atMs: number): void {
    const { kind, subjects } = revocation;
    this.journal.add(revocation);
    if (kind === 'sessions') this.noteEnded(subjects, atMs);
    else if (this.engine.options.refreshChangedClaims) this.known.addClaimsChanges(subjects, atMs);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthError) return error.detail ?? error.publicMessage;
  return error instanceof Error ? error.message : String(error);
}
