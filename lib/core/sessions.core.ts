import type { FactOwner } from './facts.js';
import type { JsonObject } from './json.types.js';

/** A token with its times, in milliseconds since the Unix epoch. */
export interface Token {
  token: string;
  /** Milliseconds since the Unix epoch. */
  expiry: number;
  /** Milliseconds since the Unix epoch. */
  createdTime: number;
}

/** A session as its access token tells it. */
export interface CoreSession {
  handle: string;
  userId: string;
  recipeUserId: string;
  tenantId: string;
  /** The whole payload of the access token, standard claims included; deeply frozen. */
  accessTokenPayload: Readonly<JsonObject>;
  /** Milliseconds since the Unix epoch. */
  accessTokenExpiry: number;
}

export interface SessionWithTokens {
  session: CoreSession;
  accessToken: Token;
  refreshToken: Token;
  /** Present when anti-CSRF by token is on. */
  antiCsrfToken?: string;
}

/** A session as the storage has it. */
export interface SessionInformation {
  sessionHandle: string;
  userId: string;
  recipeUserId: string;
  tenantId: string;
  /** Milliseconds since the Unix epoch. */
  timeCreated: number;
  /** Milliseconds since the Unix epoch: when its refresh token stops working. */
  expiry: number;
  sessionDataInDatabase: JsonObject;
  /** Without the standard claims. */
  customClaimsInAccessTokenPayload: JsonObject;
}

/**
 * Whom a session may be for: `member` a login method of that user in that tenant, `member-or-unknown` also an id that
 * no user has, for applications that keep their users elsewhere; `anybody` whatever the caller says.
 */
type SessionHolder = 'member' | 'member-or-unknown' | 'anybody';

export interface CreateNewSessionCoreInput {
  tenantId: string;
  userId: string;
  recipeUserId: string;
  /** Custom claims only. @see PROTECTED_ACCESS_TOKEN_CLAIMS */
  accessTokenPayload: JsonObject;
  sessionDataInDatabase: JsonObject;
  /** True signs with the rotating key (`d-…`), false with the static one (`s-…`). */
  useDynamicSigningKey: boolean;
  enableAntiCsrf: boolean;
  /** Must hold when the session is stored. @default 'anybody' */
  holder?: SessionHolder;
  /**
   * As `signIn` returned it: the login method must be a member, and its password still be that one, when the session is
   * stored. A core in another process cannot tell: ask `areCredentialsCurrent` when the session is there.
   */
  credentialsVersion?: string;
  /**
   * Fetches more custom claims for a session that is stored already: a change of what they speak of either finds
   * the session, or is seen by the fetch. Called again when the session was changed meanwhile.
   * @param stored the custom claims as they are stored
   */
  fetchClaims?(stored: JsonObject): Promise<JsonObject>;
}

/**
 * When the parent of a refresh token stops working: `in-refresh` at the refresh that spent it, save for the grace
 * period; `when-child-is-used` once the tokens which that refresh gave out were used, however late that is.
 */
export type RefreshTokenRotation = 'in-refresh' | 'when-child-is-used';

export type RefreshSessionResult =
  | ({ status: 'OK' } & SessionWithTokens)
  | { status: 'UNAUTHORISED'; message: string }
  | { status: 'TOKEN_THEFT_DETECTED'; session: { handle: string; userId: string; recipeUserId: string } };

export type VerifySessionResult =
  | {
      status: 'OK';
      session: CoreSession;
      /** Replaces the one sent, where the core asks for it. */ accessToken?: Token;
    }
  | { status: 'UNAUTHORISED'; message: string }
  | { status: 'TRY_REFRESH_TOKEN'; message: string };

export interface RegenerateAccessTokenCoreInput {
  accessToken: string;
  /** Replaces all custom claims that are stored, no matter who wrote them. */
  accessTokenPayload?: JsonObject;
  /** Instead: keys to set in what is stored; null removes a key. */
  accessTokenPayloadUpdate?: JsonObject;
  /** With an update: it is made only where its keys are stored as they are in here. */
  ifUnchangedSince?: Readonly<JsonObject>;
  /** As for `verifySession`. @default false */
  acceptsJWTs?: boolean;
}

export type RegenerateAccessTokenResult =
  | {
      status: 'OK';
      /** As it is stored now. */
      session: CoreSession;
      accessToken: Token;
      /** False where `ifUnchangedSince` kept the update out. */
      isApplied: boolean;
    }
  | { status: 'UNAUTHORISED' };

/** What sessions of one user have in common: a login method and a tenant. */
export interface SessionGroup {
  userId: string;
  recipeUserId: string;
  tenantId: string;
}

/** Which sessions of a user. */
export interface SessionsOfUser {
  /** A user or one of its login methods. */
  userId: string;
  /** @default all tenants */
  tenantId?: string;
  /** False: only those of the login method whose id `userId` is. @default true */
  ofLinkedAccounts?: boolean;
}

/** Claims the core writes itself. A custom payload that holds one of them is refused. */
export const PROTECTED_ACCESS_TOKEN_CLAIMS = [
  'sub',
  'iat',
  'exp',
  'sessionHandle',
  'refreshTokenHash1',
  'parentRefreshTokenHash1',
  'antiCsrfToken',
  'rsub',
  'tId',
] as const;

/** Sessions and their tokens. */
export abstract class SessionsCore {
  /** The ways in which it can spend refresh tokens, its default first. */
  abstract readonly rotations: readonly RefreshTokenRotation[];

  /**
   * @throws {BadInputError} the payload holds a protected claim
   * @throws {UnknownTenantError} no such tenant
   * @throws {SessionRefusedError} `holder` or `credentialsVersion` does not hold; nothing is stored
   */
  abstract createNewSession(input: CreateNewSessionCoreInput): Promise<SessionWithTokens>;

  /**
   * Verifies an access token in this process: its signature, form, expiry and kind of key.
   * @param input.antiCsrfToken must equal the one in the token where `checkAntiCsrf` is true
   * @param input.checkDatabase also asks the storage whether the session still exists
   * @param input.useDynamicSigningKey the kind of key it must be signed with; without it, either will do
   * @param input.rotation `when-child-is-used` takes the first sight of a new access token for the use of its refresh
   * token: the parent is spent, and `accessToken` replaces the one sent. Without `checkDatabase` a storage that cannot be reached
   * does not refuse the token: a later request tells it. Default `in-refresh`, which writes nothing
   * @param input.allowsOverlap the client sends requests at once: the parent keeps its grace period after the use of its child, and
   * a token that this process has told the storage of is not told of again. Default false, as drivers on the wire expect
   * @param input.acceptsJWTs also takes a JWT of `createJWT` that says what an access token of a session says, where that
   * session exists and is of that user. For drivers on the wire, which take them; a core in another process does not. Default false
   */
  abstract verifySession(input: {
    accessToken: string;
    antiCsrfToken?: string;
    checkAntiCsrf: boolean;
    checkDatabase: boolean;
    useDynamicSigningKey?: boolean;
    rotation?: RefreshTokenRotation;
    allowsOverlap?: boolean;
    acceptsJWTs?: boolean;
  }): Promise<VerifySessionResult>;

  /** @returns the session of a token that we have signed, also when it has expired or the session has ended */
  abstract readAccessToken(accessToken: string): Promise<CoreSession | undefined>;

  /**
   * Changes nothing, and reports no theft.
   * @returns the handle of the session that a refresh token was issued for, spent or not; undefined where there is no such
   * session. A core in another process cannot be asked without spending the token: there, the token itself if it may be one
   */
  abstract sessionOfRefreshToken(refreshToken: string): Promise<string | undefined>;

  /**
   * Exchanges a refresh token for a new pair. Within the grace period the previous token yields the
   * same successor; after it, its return revokes nothing by itself but reports theft. With rotation by use it yields another
   * successor until one of them is seen.
   * @param input.enableAntiCsrf gives out an anti-CSRF token, and asks for the one before, which a session that was made without
   * one does not have
   * @param input.rotation when the previous token is spent. Default `in-refresh`
   * @param input.admits whether a session with these claims is to be refreshed here at all; else it is `UNAUTHORISED`, and its
   * token still good. A core in another process spends the token before it can be asked.
   */
  abstract refreshSession(input: {
    refreshToken: string;
    antiCsrfToken?: string;
    enableAntiCsrf: boolean;
    useDynamicSigningKey: boolean;
    rotation?: RefreshTokenRotation;
    admits?(customClaims: Readonly<JsonObject>): boolean;
  }): Promise<RefreshSessionResult>;

  /**
   * Changes the custom claims that are stored, and signs all of them into a new access token of the same expiry. What
   * the given token says of them does not count: it may be older. Without a change it signs what is stored.
   * @throws {BadInputError} a protected claim; a payload and an update at once
   */
  abstract regenerateAccessToken(input: RegenerateAccessTokenCoreInput): Promise<RegenerateAccessTokenResult>;

  /**
   * Merges claims into every session of a user or a login method. Sessions that are made meanwhile wait, and so do
   * other calls for the same user.
   * @param fetchUpdate called once for each login method and tenant that has sessions
   */
  abstract updateClaims(owner: FactOwner, fetchUpdate: (group: SessionGroup) => Promise<JsonObject>): Promise<void>;

  /**
   * For a change that is made from what is read: nobody else changes the session meanwhile. With a core in another process,
   * nobody else in this one.
   */
  abstract exclusively<T>(sessionHandle: string, work: () => Promise<T>): Promise<T>;

  abstract getSessionInformation(sessionHandle: string): Promise<SessionInformation | undefined>;

  /** Live sessions only. */
  abstract getAllSessionHandlesForUser(input: SessionsOfUser): Promise<string[]>;

  /** @returns the handles that were revoked now; one that did not exist is left out */
  abstract revokeSessions(sessionHandles: string[]): Promise<string[]>;
  abstract revokeAllSessionsForUser(input: SessionsOfUser): Promise<string[]>;

  /** @returns false when the session does not exist */
  abstract updateSessionData(input: { sessionHandle: string; sessionData: JsonObject }): Promise<boolean>;

  /** Seen in tokens from the next refresh on. @returns false when the session does not exist */
  abstract updateAccessTokenPayload(input: { sessionHandle: string; accessTokenPayload: JsonObject }): Promise<boolean>;

  abstract getAccessTokenLifeTimeMS(): Promise<number>;
  abstract getRefreshTokenLifeTimeMS(): Promise<number>;
}
