import { attemptBucketKey, attemptSubjectPrefix, msPerAttempt } from '../attempt-bucket-key.js';
import { type AttemptBucket, type AttemptResult, AttemptsCore } from '../attempts.core.js';
import type { NeedsHousekeeping } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import { AttemptsStorage } from './storage/attempts.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** About 25 MB. Beyond, what made the fewest attempts is forgotten first: an attacker who makes up names, not one who guesses. */
const MAX_BUCKETS = 250_000;
/** More than attempts can come in between two runs. */
const MAX_BATCHES = 400;

/** In the database, so that all replicas count together and a restart forgets nothing. */
export class EmbeddedAttemptsCore extends AttemptsCore implements NeedsHousekeeping {
  readonly isShared = true;
  override readonly joinsTransactions = true;
  private readonly storage: AttemptsStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly clock: () => number,
    private readonly maxBuckets = MAX_BUCKETS,
  ) {
    super();
    this.storage = new AttemptsStorage(database);
  }

  async take(attempt: AttemptBucket): Promise<AttemptResult> {
    const [bucket, stepMs, nowMs] = [attemptBucketKey(attempt), wholeMsPerAttempt(attempt), this.clock()];
    const capacityMs = attempt.rate.attempts * stepMs;
    if (await this.storage.take({ bucket, nowMs, stepMs, capacityMs })) return { allowed: true };
    const freeAtMs = await this.storage.findFreeAtMs(bucket);
    const retryAfterMs = (freeAtMs ?? nowMs) + stepMs - capacityMs - nowMs;
    // Others may have made room meanwhile, and a clock may have been set back.
    return { allowed: false, retryAfterMs: Math.min(Math.max(retryAfterMs, 1), capacityMs) };
  }

  async giveBack(attempt: AttemptBucket): Promise<void> {
    await this.storage.giveBack(attemptBucketKey(attempt), wholeMsPerAttempt(attempt));
  }

  async forget(buckets: AttemptBucket[]): Promise<void> {
    await this.storage.delete(buckets.map(attemptBucketKey));
  }

  async forgetSubjects(subjects: string[]): Promise<void> {
    for (const subject of subjects) await this.storage.deleteByPrefix(attemptSubjectPrefix(subject));
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteFreeBy(this.clock(), limit), MAX_BATCHES);
    const excessMs = await this.storage.findExcess(this.maxBuckets);
    if (excessMs === undefined) return;
    await deleteInBatches((limit) => this.storage.deleteFreeBy(excessMs, limit), MAX_BATCHES);
  }
}

/** The column holds whole milliseconds. */
function wholeMsPerAttempt(attempt: AttemptBucket): number {
  return Math.max(1, Math.round(msPerAttempt(attempt)));
}
