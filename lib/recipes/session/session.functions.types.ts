import type { AccessTokenPayloadUpdate, NewAccessTokenPayload } from '../../claims/access-token-payload.js';
import type { FactOwner } from '../../core/facts.js';
import type { JsonObject } from '../../core/json.types.js';
import type { CoreSession, Token } from '../../core/sessions.core.js';
import type { UserContext } from '../../http/user-context.js';
import type { SessionRequirementOptions } from '../../claims/session-requirement.js';
import type { SessionClaim, SessionClaimValidator } from '../../claims/session-claim.js';
import type { SessionContainer } from './session-container.js';

/** What every function takes beside its own inputs. */
export interface WithUserContext {
  /** What travels through every layer of one call. @default {} */
  userContext?: UserContext;
}

/** What a route asks of a session. */
export interface VerifySessionOptions {
  /** False lets requests without a session through. @default true */
  sessionRequired?: boolean;
  /** @default true for every method but the safe ones: GET, HEAD, OPTIONS and TRACE */
  antiCsrfCheck?: boolean;
  /** Also asks the storage whether the session still exists, so that a revocation counts at once. @default false */
  checkDatabase?: boolean;
  /** The requirements of this route, made from those of every route; in decorators, also from those around. */
  overrideGlobalClaimValidators?(
    globalClaimValidators: SessionClaimValidator[],
    session: SessionContainer,
    userContext: UserContext,
  ): SessionClaimValidator[] | Promise<SessionClaimValidator[]>;
}

/** What `@Session()` takes: its own options, and what recipes offer, such as `roles`. */
export interface SessionDecoratorOptions extends VerifySessionOptions, SessionRequirementOptions {
  /**
   * True leaves out the claim validators of the decorators around this one: of the class for a method, and of the classes
   * that it extends for a class. Otherwise those of this one are added to them.
   * @default false
   */
  dropOuterClaimValidators?: boolean;
}

/** The input of `SessionFunctions.createNewSession`. */
export interface CreateNewSessionInput extends WithUserContext {
  userId: string;
  /** @default the user's own id */
  recipeUserId?: string;
  /** @default 'public' */
  tenantId?: string;
  /** Custom claims. Those that the core writes itself are refused. */
  accessTokenPayload?: NewAccessTokenPayload;
  /** What the application keeps with the session, unseen by clients. @default {} */
  sessionDataInDatabase?: JsonObject;
  /**
   * True also makes a session for an id that no user has.
   * @default `allowUnknownUser` of `SessionRecipe.init`
   */
  allowUnknownUser?: boolean;
  /** As `EmailPasswordFunctions.signIn` returned it: there is no session if the password was changed since. */
  credentialsVersion?: string;
  /** True where tokens travel as headers, which no other site can send. @default false */
  disableAntiCsrf?: boolean;
}

/** The input of `SessionFunctions.getSession`. */
export interface GetSessionInput extends WithUserContext {
  /** Without one there is no session. */
  accessToken?: string;
  /** As the client sent it; needed where `antiCsrf` is `VIA_TOKEN`. */
  antiCsrfToken?: string;
  /** What the session must meet. @default {} */
  options?: VerifySessionOptions;
}

/** The input of `SessionFunctions.refreshSession`. */
export interface RefreshSessionInput extends WithUserContext {
  /** As it was issued. */
  refreshToken: string;
  /** As the client sent it; needed where `antiCsrf` is `VIA_TOKEN`. */
  antiCsrfToken?: string;
  /** True where tokens travel as headers, which no other site can send. @default false */
  disableAntiCsrf?: boolean;
}

/** The input of functions that read an access token. */
export interface AccessTokenInput extends WithUserContext {
  accessToken: string;
}

/** The input of functions that concern one session. */
export interface SessionHandleInput extends WithUserContext {
  sessionHandle: string;
}

/** The input of functions that concern the sessions of one user. */
export interface UserSessionsInput extends WithUserContext {
  userId: string;
  /** @default all tenants */
  tenantId?: string;
}

/** The input of `SessionFunctions.getAllSessionHandlesForUser`. */
export interface GetAllSessionHandlesForUserInput extends UserSessionsInput {
  /** True: of all tenants, whatever `tenantId` says. False: of one, which is `public` by default. */
  fetchAcrossAllTenants?: boolean;
  /** False: only sessions of the login method whose id `userId` is. @default true: of all login methods of its user */
  fetchSessionsForAllLinkedAccounts?: boolean;
}

/** The input of `SessionFunctions.revokeAllSessionsForUser`. */
export interface RevokeAllSessionsForUserInput extends UserSessionsInput {
  /** True: of all tenants, whatever `tenantId` says. False: of one, which is `public` by default. */
  revokeAcrossAllTenants?: boolean;
  /** False: only sessions of the login method whose id `userId` is. @default true: of all login methods of its user */
  revokeSessionsForLinkedAccounts?: boolean;
}

/** The input of `SessionFunctions.updateSessionData`. */
export interface UpdateSessionDataInput extends SessionHandleInput {
  /** Replaces what was kept with the session. */
  newSessionData: JsonObject;
}

/** The input of `SessionFunctions.updateAccessTokenPayload`. */
export interface UpdateAccessTokenPayloadInput extends SessionHandleInput {
  /** Replaces all custom claims. Those that the core writes itself are refused. */
  newAccessTokenPayload: NewAccessTokenPayload;
}

/** The input of `SessionFunctions.mergeIntoAccessTokenPayload`. */
export interface MergeIntoAccessTokenPayloadInput extends SessionHandleInput {
  /** Keys to set; null removes a key. */
  accessTokenPayloadUpdate: AccessTokenPayloadUpdate;
  /** Changes nothing, and answers false, where a key of the update is stored otherwise than in here. */
  ifUnchangedSince?: Readonly<JsonObject>;
}

/** The input of `SessionFunctions.regenerateAccessToken`. */
export interface RegenerateAccessTokenInput extends WithUserContext {
  accessToken: string;
  /** Replaces all custom claims that are stored, no matter who wrote them. To change some, give an update instead. */
  newAccessTokenPayload?: JsonObject;
  /** Keys to set in what is stored; null removes a key. */
  accessTokenPayloadUpdate?: JsonObject;
  /** With an update: it is made only where its keys are stored as they are in here. */
  ifUnchangedSince?: Readonly<JsonObject>;
}

/** A session with the new access token that speaks of it. */
export interface RegeneratedAccessToken {
  status: 'OK';
  /** As it is stored now. */
  session: CoreSession;
  accessToken: Token;
  /** False where `ifUnchangedSince` kept the update out. */
  isApplied?: boolean;
}

/** The input of `SessionFunctions.getGlobalClaimValidators`. */
export interface GetGlobalClaimValidatorsInput extends WithUserContext {
  userId: string;
  recipeUserId: string;
  tenantId: string;
  /** What recipes ask of every session, such as a verified email. */
  claimValidatorsAddedByOtherRecipes: SessionClaimValidator[];
}

/** The input of functions that concern one claim of a session. */
export interface ClaimInput<T> extends SessionHandleInput {
  claim: SessionClaim<T>;
}

/** Of a user with all login methods, or of one login method. */
export type RefetchClaimsInput = WithUserContext & FactOwner & { claims: readonly SessionClaim<never>[] };

/** The input of `SessionFunctions.setClaimValue`. */
export interface SetClaimValueInput<T> extends ClaimInput<T> {
  value: T;
}

/** The value of a claim, or that there is no such session. */
export type ClaimValueResult<T> = { status: 'OK'; value: T | undefined } | { status: 'SESSION_DOES_NOT_EXIST_ERROR' };

/** The issuer of our tokens and its keys. @see OpenID Connect Discovery 1.0 §3 */
export interface OpenIdDiscoveryConfiguration {
  status: 'OK';
  issuer: string;
  jwks_uri: string;
}

/** The input of `SessionFunctions.createJWT`. */
export interface CreateJWTFunctionInput extends WithUserContext {
  /** Claims. `iat` and `exp` are not taken from it. `iss` is, where it is a text. @default {} */
  payload?: JsonObject;
  /** @default a hundred years, which only a key that never rotates is good for */
  validitySeconds?: number;
  /** False signs with the key that rotates, for what lives no longer than an access token. @default true */
  useStaticSigningKey?: boolean;
}
