import type { JsonObject } from './json.types.js';

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

export type RegenerateAccessTokenResult =
  { status: 'OK'; session: CoreSession; accessToken: Token } | { status: 'UNAUTHORISED' };

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
  /** @throws {BadInputError} the payload holds a protected claim; {UnknownTenantError} no such tenant */
  abstract createNewSession(input: CreateNewSessionCoreInput): Promise<SessionWithTokens>;

  /**
   * Verifies an access token in this process: its signature, form, expiry and kind of key.
   * @param input.antiCsrfToken must equal the one in the token where `checkAntiCsrf` is true
   * @param input.checkDatabase also asks the storage whether the session still exists
   * @param input.useDynamicSigningKey the kind of key it must be signed with; without it, either will do
   * @param input.rotation `when-child-is-used` takes the first sight of a new access token for the use of its refresh
   * token: the parent is spent, and `accessToken` replaces the one sent. Default `in-refresh`, which writes nothing
   */
  abstract verifySession(input: {
    accessToken: string;
    antiCsrfToken?: string;
    checkAntiCsrf: boolean;
    checkDatabase: boolean;
    useDynamicSigningKey?: boolean;
    rotation?: RefreshTokenRotation;
  }): Promise<VerifySessionResult>;

  /**
   * Exchanges a refresh token for a new pair. Within the grace period the previous token yields the
   * same successor; after it, its return revokes nothing by itself but reports theft.
   * @param input.rotation when the previous token is spent. Default `in-refresh`
   */
  abstract refreshSession(input: {
    refreshToken: string;
    antiCsrfToken?: string;
    enableAntiCsrf: boolean;
    useDynamicSigningKey: boolean;
    rotation?: RefreshTokenRotation;
  }): Promise<RefreshSessionResult>;

  /**
   * Replaces the custom claims of the session and signs them into a new access token of the same expiry.
   * @param input.accessTokenPayload without it, the stored claims are signed anew
   */
  abstract regenerateAccessToken(input: {
    accessToken: string;
    accessTokenPayload?: JsonObject;
  }): Promise<RegenerateAccessTokenResult>;

  abstract getSessionInformation(sessionHandle: string): Promise<SessionInformation | undefined>;

  /** Live sessions only; of all tenants where none is given. */
  abstract getAllSessionHandlesForUser(input: { userId: string; tenantId?: string }): Promise<string[]>;

  /** @returns the handles that were revoked now; one that did not exist is left out */
  abstract revokeSessions(sessionHandles: string[]): Promise<string[]>;
  abstract revokeAllSessionsForUser(input: { userId: string; tenantId?: string }): Promise<string[]>;

  /** @returns false when the session does not exist */
  abstract updateSessionData(input: { sessionHandle: string; sessionData: JsonObject }): Promise<boolean>;

  /** Seen in tokens from the next refresh on. @returns false when the session does not exist */
  abstract updateAccessTokenPayload(input: { sessionHandle: string; accessTokenPayload: JsonObject }): Promise<boolean>;

  abstract getAccessTokenLifeTimeMS(): Promise<number>;
  abstract getRefreshTokenLifeTimeMS(): Promise<number>;
}
