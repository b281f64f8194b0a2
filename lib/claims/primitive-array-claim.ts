import type { JsonObject, JsonPrimitive } from '../core/json.types.js';
import type { SessionClaimValidator } from './session-claim.js';
import { TimedClaim, type TimedClaimConfig } from './timed-claim.js';

/** A list of texts, numbers or truth values, such as roles. */
export class PrimitiveArrayClaim<T extends JsonPrimitive> extends TimedClaim<T[]> {
  constructor(config: TimedClaimConfig<T[]>) {
    super({ ...config, defaultMaxAgeInSeconds: config.defaultMaxAgeInSeconds ?? 300 });
  }

  readonly validators = {
    /** The list holds the value. @param maxAgeInSeconds older values are fetched again */
    includes: (value: T, maxAgeInSeconds?: number, id?: string) =>
      this.holds({ expectedToInclude: value }, (list) => list.includes(value), maxAgeInSeconds, id),
    /** The list does not hold the value. @param maxAgeInSeconds older values are fetched again */
    excludes: (value: T, maxAgeInSeconds?: number, id?: string) =>
      this.holds({ expectedToNotInclude: value }, (list) => !list.includes(value), maxAgeInSeconds, id),
    /** The list holds every one of the values. @param maxAgeInSeconds older values are fetched again */
    includesAll: (values: T[], maxAgeInSeconds?: number, id?: string) =>
      this.holds(
        { expectedToInclude: values },
        (list) => values.every((value) => list.includes(value)),
        maxAgeInSeconds,
        id,
      ),
    /** The list holds at least one of the values. @param maxAgeInSeconds older values are fetched again */
    includesAny: (values: T[], maxAgeInSeconds?: number, id?: string) =>
      this.holds(
        { expectedToIncludeAtLeastOneOf: values },
        (list) => values.some((value) => list.includes(value)),
        maxAgeInSeconds,
        id,
      ),
    /** The list holds none of the values. @param maxAgeInSeconds older values are fetched again */
    excludesAll: (values: T[], maxAgeInSeconds?: number, id?: string) =>
      this.holds(
        { expectedToNotInclude: values },
        (list) => !values.some((value) => list.includes(value)),
        maxAgeInSeconds,
        id,
      ),
  };

  private holds(
    expectation: JsonObject,
    test: (list: T[]) => boolean,
    maxAgeInSeconds = this.defaultMaxAgeInSeconds,
    id?: string,
  ): SessionClaimValidator {
    const judge = (actualValue: T[]) => (test(actualValue) ? undefined : { ...expectation, actualValue });
    return this.createValidator(id, maxAgeInSeconds, judge, expectation);
  }
}
