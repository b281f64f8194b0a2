import type { JsonObject } from '../core/json.types.js';
import { type MaybePromise, whenThere } from '../core/maybe-promise.js';
import type { UserContext } from '../http/user-context.js';
import type { ClaimPayload, ClaimValidationError, SessionClaim, SessionClaimValidator } from './session-claim.js';

/** The input of `SessionFunctions.validateClaims`. */
export interface ValidateClaimsInput {
  userId: string;
  recipeUserId: string;
  tenantId: string;
  accessTokenPayload: ClaimPayload;
  claimValidators: SessionClaimValidator[];
  userContext?: UserContext;
}

/** Which requirements are not met, and what was fetched on the way. */
export interface ValidateClaimsResult {
  invalidClaims: ClaimValidationError[];
  /** What fetching changed, to be merged into the payload; absent where nothing was fetched. */
  accessTokenPayloadUpdate?: JsonObject;
}

/** Where claims are fetched by, and what was fetched so far. */
interface Validation {
  input: ValidateClaimsInput;
  userContext: UserContext;
  resolve(claim: SessionClaim<unknown>): SessionClaim<unknown>;
  payload: ClaimPayload;
  update: JsonObject;
}

/**
 * Fetches what validators want fetched, one after the other, then validates against the result. Every guarded request passes
 * here, so nothing waits that need not.
 * @param resolve the claim to fetch by, instead of the validator's own
 */
export function validateClaims(
  input: ValidateClaimsInput,
  resolve: (claim: SessionClaim<unknown>) => SessionClaim<unknown> = (claim) => claim,
): MaybePromise<ValidateClaimsResult> {
  const { userContext = {}, accessTokenPayload: payload } = input;
  const validation: Validation = { input, userContext, resolve, payload, update: {} };
  return whenThere(fetchFrom(validation, 0), () =>
    whenThere(judgeFrom(validation, 0, []), (invalidClaims) => {
      const isUpdated = Object.keys(validation.update).length > 0;
      return { invalidClaims, accessTokenPayloadUpdate: isUpdated ? validation.update : undefined };
    }),
  );
}

function fetchFrom(validation: Validation, from: number): MaybePromise<void> {
  const { input, userContext } = validation;
  const { claimValidators: validators } = input;
  for (let at = from; at < validators.length; at++) {
    const validator = validators[at]!;
    if (validator.claim === undefined) continue;
    const mustFetch = validator.shouldRefetch?.(validation.payload, userContext);
    if (!mustFetch) continue;
    return fetchAndGoOn(validation, at, mustFetch);
  }
  return undefined;
}

async function fetchAndGoOn(validation: Validation, at: number, mustFetch: MaybePromise<boolean>): Promise<void> {
  if (await mustFetch) await fetchClaim(validation, validation.input.claimValidators[at]!.claim!);
  return fetchFrom(validation, at + 1);
}

async function fetchClaim(validation: Validation, claim: SessionClaim<never>): Promise<void> {
  const { input, userContext, payload } = validation;
  const { userId, recipeUserId, tenantId } = input;
  const source = validation.resolve(claim as SessionClaim<unknown>);
  const update = await source.build(userId, recipeUserId, tenantId, payload, userContext);
  validation.payload = { ...payload, ...update };
  validation.update = { ...validation.update, ...needed(source.keep(update), input.accessTokenPayload) };
}

function judgeFrom(
  validation: Validation,
  from: number,
  invalid: ClaimValidationError[],
): MaybePromise<ClaimValidationError[]> {
  const { payload, userContext, input } = validation;
  const { claimValidators: validators } = input;
  for (let at = from; at < validators.length; at++) {
    const { id } = validators[at]!;
    const noted = whenThere(validators[at]!.validate(payload, userContext), (result): void => {
      if (!result.isValid) invalid.push({ id, reason: result.reason });
    });
    if (noted !== undefined) return noted.then(() => judgeFrom(validation, at + 1, invalid));
  }
  return invalid;
}

/** Without removals of what is not there: they would be written with every request. */
function needed(update: JsonObject, payload: ClaimPayload): JsonObject {
  return Object.fromEntries(Object.entries(update).filter(([key, value]) => value !== null || payload[key] != null));
}
