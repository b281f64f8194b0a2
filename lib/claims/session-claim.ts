import type { ClaimPayload } from './access-token-payload.js';
import type { JsonObject, JsonValue } from '../core/json.types.js';
import type { UserContext } from '../http/user-context.js';

export type { ClaimPayload };

/** Whether a requirement is met, and if not, why. */
export type ClaimValidationResult = { isValid: true } | { isValid: false; reason: JsonValue };

/** One requirement on a session. Without `claim` it only looks at the payload. */
export interface SessionClaimValidator {
  /** Told to the client when the requirement is not met; usually the key of the claim. */
  readonly id: string;
  readonly claim?: SessionClaim<never>;
  /** Whether the claim must be fetched again before it is validated. */
  shouldRefetch?(payload: ClaimPayload, userContext: UserContext): boolean | Promise<boolean>;
  /** Judges a payload; it may wait. */
  validate(payload: ClaimPayload, userContext: UserContext): ClaimValidationResult | Promise<ClaimValidationResult>;
}

/** A requirement that a session does not meet: `id` names it, `reason` is for the client. */
export interface ClaimValidationError {
  id: string;
  reason?: JsonValue;
}

/**
 * A fact about a session that its access token carries, so that guards need no database for it.
 * Subclass it to decide how the value is written into the token; the primitive claims do that for you.
 */
export abstract class SessionClaim<T> {
  /** How large it may be in an access token, as JSON. A larger one is left out, and fetched by every guard that asks for it. */
  readonly maxBytes: number = Infinity;

  /** @param key its place in the access token payload */
  constructor(readonly key: string) {}

  /** @returns undefined where there is no value: the claim is then left as it is */
  abstract fetchValue(
    userId: string,
    recipeUserId: string,
    tenantId: string,
    currentPayload: ClaimPayload,
    userContext: UserContext,
  ): Promise<T | undefined> | T | undefined;

  /** @returns a new payload with the value in it */
  abstract addToPayload(payload: ClaimPayload, value: T, userContext: UserContext): JsonObject;
  /** The value of this claim in an access token's payload; `undefined` where it is absent. */
  abstract getValueFromPayload(payload: ClaimPayload, userContext?: UserContext): T | undefined;

  /** @returns a new payload without the claim */
  removeFromPayload(payload: ClaimPayload): JsonObject {
    const { [this.key]: _, ...rest } = payload;
    return rest;
  }

  /** @returns an update which, merged into a payload, removes the claim: null deletes a key */
  removeFromPayloadByMerge(): JsonObject {
    return { [this.key]: null };
  }

  /** @returns an update for the payload: the claim with its value fetched, or nothing */
  async build(
    userId: string,
    recipeUserId: string,
    tenantId: string,
    currentPayload: ClaimPayload,
    userContext: UserContext,
  ): Promise<JsonObject> {
    const value = await this.fetchValue(userId, recipeUserId, tenantId, currentPayload, userContext);
    return value === undefined ? {} : this.addToPayload({}, value, userContext);
  }

  /** @returns what of such an update goes into an access token: the update, or the removal of a claim that is too large */
  keep(update: JsonObject): JsonObject {
    const isTooLarge = this.maxBytes < Infinity && Buffer.byteLength(JSON.stringify(update)) > this.maxBytes;
    return isTooLarge ? this.removeFromPayloadByMerge() : update;
  }
}
