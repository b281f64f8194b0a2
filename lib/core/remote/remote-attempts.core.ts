import { z } from 'zod';
import { type AttemptBucket, type AttemptResult, AttemptsCore } from '../attempts.core.js';
import { InProcessAttemptsCore } from '../in-process-attempts.core.js';
import { ok } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { UnknownRouteError } from './core-errors.js';

/** After that long a core that had no such routes may have been replaced by one that has them. */
const RECHECK_MS = 60_000;

const attemptAnswer = ok.and(
  z.discriminatedUnion('allowed', [
    z.object({ allowed: z.literal(true) }),
    z.object({ allowed: z.literal(false), retryAfterMs: z.number() }),
  ]),
);

/**
 * Our own core service counts for all processes that share it, by routes beside the wire. With any other core, and one of
 * 0.1.0, each process counts in its memory.
 */
export class RemoteAttemptsCore extends AttemptsCore {
  private readonly inProcess: InProcessAttemptsCore;
  private countsElsewhereFromMs = 0;

  constructor(
    private readonly client: CoreClient,
    private readonly clock: () => number,
  ) {
    super();
    this.inProcess = new InProcessAttemptsCore(clock);
  }

  /** True until the core was found to have no such routes. */
  get isShared(): boolean {
    return this.countsElsewhereFromMs <= this.clock();
  }

  async take({ subject, name, rate }: AttemptBucket): Promise<AttemptResult> {
    const bucket = { subject, name, rate: { attempts: rate.attempts, seconds: rate.seconds } };
    return this.elsewhere(
      async () => {
        const answer = await this.post('take', bucket, attemptAnswer);
        return answer.allowed ? { allowed: true } : { allowed: false, retryAfterMs: answer.retryAfterMs };
      },
      () => this.inProcess.take(bucket),
    );
  }

  async giveBack({ subject, name, rate }: AttemptBucket): Promise<void> {
    const bucket = { subject, name, rate };
    await this.elsewhere(
      () => this.post('give-back', bucket, ok),
      () => this.inProcess.giveBack(bucket),
    );
  }

  async forget(buckets: AttemptBucket[]): Promise<void> {
    await this.elsewhere(
      () => this.post('forget', { buckets }, ok),
      () => this.inProcess.forget(buckets),
    );
  }

  async forgetSubjects(subjects: string[]): Promise<void> {
    await this.elsewhere(
      () => this.post('forget-subjects', { subjects }, ok),
      () => this.inProcess.forgetSubjects(subjects),
    );
  }

  private async post<T>(operation: string, body: object, answer: z.ZodType<T>): Promise<T> {
    // Made again after a lost answer it counts twice, which is better than not at all.
    return this.client.call({
      method: 'POST',
      path: `/latchkey/attempts/${operation}`,
      body,
      isRepeatable: true,
      answer,
    });
  }

  private async elsewhere<T>(ask: () => Promise<T>, here: () => Promise<T | void>): Promise<T> {
    if (!this.isShared) return (await here()) as T;
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof UnknownRouteError)) throw error;
      this.countsElsewhereFromMs = this.clock() + RECHECK_MS;
      return (await here()) as T;
    }
  }
}
