import type { SessionClaimValidator } from './session-claim.js';
import { PrimitiveClaim } from './primitive-claim.js';
import type { TimedClaimConfig } from './timed-claim.js';

type BooleanValidators = PrimitiveClaim<boolean>['validators'] & {
  isTrue(maxAgeInSeconds?: number, id?: string): SessionClaimValidator;
  isFalse(maxAgeInSeconds?: number, id?: string): SessionClaimValidator;
};

/** A truth value. */
export class BooleanClaim extends PrimitiveClaim<boolean> {
  declare readonly validators: BooleanValidators;

  constructor(config: TimedClaimConfig<boolean>) {
    super(config);
    Object.assign(this.validators, {
      isTrue: (maxAgeInSeconds?: number, id?: string) => this.validators.hasValue(true, maxAgeInSeconds, id),
      isFalse: (maxAgeInSeconds?: number, id?: string) => this.validators.hasValue(false, maxAgeInSeconds, id),
    });
  }
}
