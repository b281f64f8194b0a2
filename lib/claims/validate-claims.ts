import type { JsonObject } from '../core/json.types.js';
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

/**
 * Fetches what validators want fetched, one after the other, then validates against the result.
 * @param resolve the claim to fetch by, instead of the validator's own
 */
export async function validateClaims(
  input: ValidateClaimsInput,
  resolve: (claim: SessionClaim<unknown>) => SessionClaim<unknown> = (claim) => claim,
): Promise<ValidateClaimsResult> {
  const { claimValidators, userContext = {} } = input;
  let payload: ClaimPayload = input.accessTokenPayload;
  let accessTokenPayloadUpdate: JsonObject | undefined;

  for (const validator of claimValidators) {
    const { claim } = validator;
    if (claim === undefined || !(await validator.shouldRefetch?.(payload, userContext))) continue;
    const { userId, recipeUserId, tenantId } = input;
    const source = resolve(claim as SessionClaim<unknown>);
    const update = await source.build(userId, recipeUserId, tenantId, payload, userContext);
    if (Object.keys(update).length === 0) continue;
    payload = { ...payload, ...update };
    accessTokenPayloadUpdate = {
      ...accessTokenPayloadUpdate,
      ...needed(source.keep(update), input.accessTokenPayload),
    };
  }

  const invalidClaims: ClaimValidationError[] = [];
  for (const validator of claimValidators) {
    const result = await validator.validate(payload, userContext);
    if (!result.isValid) invalidClaims.push({ id: validator.id, reason: result.reason });
  }
  const isUpdated = accessTokenPayloadUpdate !== undefined && Object.keys(accessTokenPayloadUpdate).length > 0;
  return { invalidClaims, accessTokenPayloadUpdate: isUpdated ? accessTokenPayloadUpdate : undefined };
}

/** Without removals of what is not there: they would be written with every request. */
function needed(update: JsonObject, payload: ClaimPayload): JsonObject {
  return Object.fromEntries(Object.entries(update).filter(([key, value]) => value !== null || payload[key] != null));
}
