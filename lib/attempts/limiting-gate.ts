import { Inject, Injectable } from '@nestjs/common';
import { OverloadedError } from '../core/auth.error.js';
import type { Attempt } from '../http/attempt-action.js';
import { AttemptGate } from '../http/attempt-gate.js';
import { bestEffort } from '../http/best-effort.js';
import { AttemptLimits } from './attempt-limits.js';
import { ATTEMPT_LIMITS_CONFIG, type AttemptLimitsConfig } from './attempt-limits.options.js';

/** Lets routes through as the application's `AttemptLimits` say. */
@Injectable()
export class LimitingGate extends AttemptGate {
  @Inject(AttemptLimits) private readonly limits!: AttemptLimits;
  @Inject(ATTEMPT_LIMITS_CONFIG) private readonly config!: AttemptLimitsConfig;

  get answersGeneralError(): boolean {
    return this.config.answer === 'GENERAL_ERROR';
  }

  async pass<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    const counted = await this.limits.count(attempt);
    try {
      const answered = await work();
      if (isSuccess(answered)) await bestEffort('Forgetting attempts', () => this.limits.succeed(counted));
      return answered;
    } catch (error) {
      if (error instanceof OverloadedError)
        await bestEffort('Forgetting an attempt', () => this.limits.takeBack(counted));
      throw error;
    }
  }
}

function isSuccess(result: unknown): boolean {
  return (result as { status?: unknown } | undefined)?.status === 'OK';
}
