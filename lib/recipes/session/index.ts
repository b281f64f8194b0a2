export { BooleanClaim } from '../../claims/boolean-claim.js';
export { PrimitiveArrayClaim } from '../../claims/primitive-array-claim.js';
export { PrimitiveClaim } from '../../claims/primitive-claim.js';
export {
  SessionClaim,
  type ClaimValidationError,
  type ClaimValidationResult,
  type SessionClaimValidator,
} from '../../claims/session-claim.js';
export type { ValidateClaimsInput, ValidateClaimsResult } from '../../claims/validate-claims.js';
export type { TimedClaimConfig } from '../../claims/timed-claim.js';
export {
  SessionApi,
  type GetJWKSGETInput,
  type GetOpenIdDiscoveryConfigurationGETInput,
  type RefreshPOSTInput,
  type SessionAPIOptions,
  type SignOutPOSTInput,
  type VerifySessionInput,
} from './session.api.js';
export { AnyOf } from './any-of.js';
export { DeviceCookie, type DeviceProof, type DeviceToRemember } from './device-cookie.js';
export { SessionClaims } from './session-claims.js';
export { SessionContainer } from './session-container.js';
export { CurrentUser } from './current-user.decorator.js';
export { Session } from './session.decorator.js';
export type { SessionProperty, SessionPropertyType } from './session-parameter.js';
export {
  InvalidClaimsError,
  MultipleSessionCookiesError,
  TokenTheftDetectedError,
  TryRefreshTokenError,
  UnauthorisedError,
} from './session.error.js';
export { SessionFunctions } from './session.functions.js';
export type * from './session.functions.types.js';
export { getSessionFromRequest } from './session-on-request.js';
export { SessionGuard } from './session.guard.js';
export type { CookiePrefix } from './cookie-scope.js';
export type {
  AntiCsrfMode,
  SessionConfig,
  SessionErrorHandlers,
  SessionOptions,
  TokenTransferMethod,
  TokenType,
} from './session.options.js';
export { SESSION_CONFIG } from './session.options.js';
export { type SignedCookie, SignedCookies } from './signed-cookies.js';
export type { SessionRequirements } from './session-requirements.js';
export { SessionVerifier } from './session-verifier.js';
export { SessionWatch, type SessionListener, type WatchedSession } from './session-watch.js';
export { SessionRecipe } from './session.recipe.js';
export { Sessions, type CreateSessionForRequestInput } from './sessions.js';
