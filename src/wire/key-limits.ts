import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AttemptRate } from '../../lib/core/attempts.core.js';
import { TooManyAttemptsError } from '../../lib/core/auth.error.js';
import { InProcessAttemptsCore } from '../../lib/core/in-process-attempts.core.js';
import { retryAfterSeconds } from '../../lib/core/retry-after.js';
import { CORE_SERVICE_OPTIONS, type CoreServiceOptions } from '../core-service.options.js';

/** Requests come in bursts: those of two seconds may come at once. */
const BURST_SECONDS = 2;

/**
 * How many requests of one API key this process serves. In memory, since a row for each request would cost as much as most
 * requests do.
 */
@Injectable()
export class KeyLimits {
  private readonly attempts: InProcessAttemptsCore;
  private readonly rate: AttemptRate | undefined;

  constructor(@Inject(CORE_SERVICE_OPTIONS) { requestsPerSecond = 0, clock }: CoreServiceOptions) {
    this.attempts = new InProcessAttemptsCore(clock);
    if (requestsPerSecond === 0) return;
    this.rate = { attempts: requestsPerSecond * BURST_SECONDS, seconds: BURST_SECONDS };
  }

  /**
   * @param key undefined where none is needed
   * @throws {TooManyAttemptsError}
   */
  async count(key: string | undefined): Promise<void> {
    if (this.rate === undefined) return;
    const subject = createHash('sha256')
      .update(key ?? '')
      .digest('base64url');
    const result = await this.attempts.take({ subject, name: 'request', rate: this.rate });
    if (result.allowed) return;
    const refused = { action: 'request', retryAfterSeconds: retryAfterSeconds(result.retryAfterMs / 1000) };
    throw new TooManyAttemptsError('Too many requests with this API key', refused);
  }
}
