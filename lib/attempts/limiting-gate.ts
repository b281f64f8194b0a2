import { Inject, Injectable } from '@nestjs/common';
import type { Attempt } from '../http/attempt-action.js';
import { AttemptGate } from '../http/attempt-gate.js';
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

  async pass(attempt: Attempt): Promise<() => Promise<void>> {
    const counted = await this.limits.count(attempt);
    return () => this.limits.succeed(counted);
  }
}
