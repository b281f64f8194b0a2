import { attemptBucketKey, attemptSubjectPrefix, msPerAttempt } from './attempt-bucket-key.js';
import { type AttemptBucket, type AttemptResult, AttemptsCore } from './attempts.core.js';

const MAX_BUCKETS = 100_000;

/** Where the core counts no attempts: each process counts by itself, and from the start when it starts. */
export class InProcessAttemptsCore extends AttemptsCore {
  readonly isShared = false;
  /** By the key of a bucket, when it is as good as new. */
  private readonly freeAtMs = new Map<string, number>();

  /** @param clock milliseconds since the Unix epoch */
  constructor(
    private readonly clock: () => number = () => Date.now(),
    private readonly maxBuckets = MAX_BUCKETS,
  ) {
    super();
  }

  get size(): number {
    return this.freeAtMs.size;
  }

  async take(bucket: AttemptBucket): Promise<AttemptResult> {
    const [key, stepMs, nowMs] = [attemptBucketKey(bucket), msPerAttempt(bucket), this.clock()];
    const freeAtMs = Math.max(this.freeAtMs.get(key) ?? 0, nowMs) + stepMs;
    const capacityMs = bucket.rate.attempts * stepMs;
    const retryAfterMs = freeAtMs - nowMs - capacityMs;
    // A clock may have been set back.
    if (retryAfterMs > 0) return { allowed: false, retryAfterMs: Math.min(retryAfterMs, capacityMs) };
    // Behind the others, since what was used longest ago makes room.
    this.freeAtMs.delete(key);
    this.freeAtMs.set(key, freeAtMs);
    this.makeRoom(nowMs);
    return { allowed: true };
  }

  async giveBack(bucket: AttemptBucket): Promise<void> {
    const key = attemptBucketKey(bucket);
    const freeAtMs = this.freeAtMs.get(key);
    if (freeAtMs !== undefined) this.freeAtMs.set(key, freeAtMs - msPerAttempt(bucket));
  }

  async forget(buckets: AttemptBucket[]): Promise<void> {
    for (const bucket of buckets) this.freeAtMs.delete(attemptBucketKey(bucket));
  }

  async forgetSubjects(subjects: string[]): Promise<void> {
    const prefixes = subjects.map(attemptSubjectPrefix);
    for (const key of this.freeAtMs.keys()) {
      if (prefixes.some((prefix) => key.startsWith(prefix))) this.freeAtMs.delete(key);
    }
  }

  /** All at once and seldom: a tenth of them, when there are too many. */
  private makeRoom(nowMs: number): void {
    if (this.freeAtMs.size <= this.maxBuckets) return;
    for (const [key, freeAtMs] of this.freeAtMs) if (freeAtMs <= nowMs) this.freeAtMs.delete(key);
    const target = this.maxBuckets * 0.9;
    for (const key of this.freeAtMs.keys()) {
      if (this.freeAtMs.size <= target) return;
      this.freeAtMs.delete(key);
    }
  }
}
