import type { JsonObject, JsonValue } from '../core/json.types.js';
import type { UserContext } from '../http/user-context.js';
import {
  SessionClaim,
  type ClaimPayload,
  type ClaimValidationResult,
  type SessionClaimValidator,
} from './session-claim.js';

/** How a claim is called and where its value comes from. */
export interface TimedClaimConfig<T> {
  key: string;
  /** Where the value comes from; `undefined` leaves the claim out. */
  fetchValue: SessionClaim<T>['fetchValue'];
  /** After this age validators fetch the value again. @default 300 for arrays, never for single values */
  defaultMaxAgeInSeconds?: number;
}

interface TimedValue {
  v: JsonValue;
  /** When it was fetched, in milliseconds since the Unix epoch. */
  t: number;
}

/** A claim that is written as `{ v: value, t: fetched at }`, the form in which the finished clients read it. */
export abstract class TimedClaim<T extends JsonValue> extends SessionClaim<T> {
  readonly defaultMaxAgeInSeconds: number | undefined;

  constructor(private readonly config: TimedClaimConfig<T>) {
    super(config.key);
    this.defaultMaxAgeInSeconds = config.defaultMaxAgeInSeconds;
  }

  override fetchValue(...input: Parameters<SessionClaim<T>['fetchValue']>): ReturnType<SessionClaim<T>['fetchValue']> {
    return this.config.fetchValue(...input);
  }

  override addToPayload(payload: ClaimPayload, value: T, _userContext: UserContext): JsonObject {
    return { ...payload, [this.key]: { v: value, t: Date.now() } };
  }

  override getValueFromPayload(payload: ClaimPayload, _userContext?: UserContext): T | undefined {
    return this.entry(payload)?.v as T | undefined;
  }

  /** Milliseconds since the Unix epoch. */
  getLastRefetchTime(payload: ClaimPayload, _userContext?: UserContext): number | undefined {
    return this.entry(payload)?.t;
  }

  /**
   * A validator that fetches a missing or old value, then judges it.
   * @param judge what is wrong with the value, or undefined
   * @param expectation told to the client where there is no value
   */
  protected createValidator(
    id: string | undefined,
    maxAgeInSeconds: number | undefined,
    judge: (value: T) => JsonObject | undefined,
    expectation: JsonObject,
  ): SessionClaimValidator {
    // What is fetched once a call has asked for it is young enough, however long the other claims of the call take.
    const askedAtMs = new WeakMap<UserContext, number>();
    const ageInSeconds = (payload: ClaimPayload, atMs: number) =>
      (atMs - (this.getLastRefetchTime(payload) ?? 0)) / 1000;
    const isOld = (payload: ClaimPayload, atMs: number) =>
      maxAgeInSeconds !== undefined && ageInSeconds(payload, atMs) > maxAgeInSeconds;
    return {
      id: id ?? this.key,
      claim: this as unknown as SessionClaim<never>,
      shouldRefetch: (payload, userContext) => {
        const nowMs = Date.now();
        askedAtMs.set(userContext, nowMs);
        return this.getValueFromPayload(payload) === undefined || isOld(payload, nowMs);
      },
      validate: (payload, userContext): ClaimValidationResult => {
        const atMs = askedAtMs.get(userContext) ?? Date.now();
        askedAtMs.delete(userContext);
        const value = this.getValueFromPayload(payload);
        if (value === undefined) return invalid({ message: 'value does not exist', ...expectation });
        if (isOld(payload, atMs)) {
          return invalid({ message: 'expired', ageInSeconds: ageInSeconds(payload, atMs), maxAgeInSeconds });
        }
        const problem = judge(value);
        return problem === undefined ? { isValid: true } : invalid({ message: 'wrong value', ...problem });
      },
    };
  }

  private entry(payload: ClaimPayload): TimedValue | undefined {
    const entry = payload[this.key];
    return entry !== null && typeof entry === 'object' && 'v' in entry ? (entry as unknown as TimedValue) : undefined;
  }
}

function invalid(reason: JsonObject): ClaimValidationResult {
  return { isValid: false, reason: reason as JsonValue };
}
