/** How often something may happen. */
export interface AttemptRate {
  /** So many at once, and then as many again for each `seconds`, one after the other at equal distances. */
  attempts: number;
  seconds: number;
}

/** What is counted together. */
export interface AttemptBucket {
  /** Whose attempts: an account or an address, with what tells it from others. Only its hash is kept. */
  subject: string;
  /** Which of them, such as the action. With another rate it is another bucket. */
  name: string;
  rate: AttemptRate;
}

/** Whether there was room for an attempt. */
export type AttemptResult = { allowed: true } | { allowed: false; retryAfterMs: number };

/**
 * Counts attempts, for everybody who shares the data. A bucket that nobody has used for a while is forgotten, since it is
 * as good as new then.
 */
export abstract class AttemptsCore {
  /** Whether every process that uses the same data counts together. Where not, each lets the whole number through. */
  abstract readonly isShared: boolean;

  /** Whether what is counted within a transaction of the core is taken back with it. @default false */
  readonly joinsTransactions: boolean = false;

  /**
   * Notes an attempt where there is room for it. Of several at once, in whatever process, no more are allowed than there
   * is room for. What is refused is not noted.
   */
  abstract take(bucket: AttemptBucket): Promise<AttemptResult>;

  /** Takes back one attempt that was allowed. */
  abstract giveBack(bucket: AttemptBucket): Promise<void>;

  /** Makes these buckets as good as new. */
  abstract forget(buckets: AttemptBucket[]): Promise<void>;

  /** Makes every bucket of these subjects as good as new. */
  abstract forgetSubjects(subjects: string[]): Promise<void>;
}
