import type { JsonPrimitive } from '../core/json.types.js';
import type { SessionClaimValidator } from './session-claim.js';
import { TimedClaim } from './timed-claim.js';

/** A single text, number or truth value. */
export class PrimitiveClaim<T extends JsonPrimitive> extends TimedClaim<T> {
  readonly validators = {
    /** The claim has this value. @param maxAgeInSeconds older values are fetched again; without one, values of any age count */
    hasValue: (value: T, maxAgeInSeconds = this.defaultMaxAgeInSeconds, id?: string): SessionClaimValidator =>
      this.createValidator(
        id,
        maxAgeInSeconds,
        (actualValue) => (actualValue === value ? undefined : { expectedValue: value, actualValue }),
        { expectedValue: value },
      ),
  };
}
