import { randomUUID } from 'node:crypto';
import type { NewAccessTokenPayload } from '../claims/access-token-payload.js';
import { validateClaims, type ValidateClaimsInput, type ValidateClaimsResult } from '../claims/validate-claims.js';
import { deepFreeze, mergeAtRoot } from '../core/json.js';
import type { JsonObject } from '../core/json.types.js';
import type { CoreSession, SessionInformation, Token } from '../core/sessions.core.js';
import { SessionClaims, SessionContainer } from '../recipes/session/index.js';
import type { SessionOperations } from '../recipes/session/session-container.js';

/** Whose session a fake one is, and what it carries. */
export interface FakeSessionOptions {
  /** Of no user that has to exist. */
  userId: string;
  /** The id of the login method. @default `userId` */
  recipeUserId?: string;
  /** The tenant of the session. @default 'public' */
  tenantId?: string;
  /** Custom claims of the access token, such as `RoleClaim.addToPayload({}, ['admin'])`. */
  payload?: NewAccessTokenPayload;
  /** What the application keeps with the session. */
  sessionDataInDatabase?: JsonObject;
  /** The id of the session. @default a new one */
  sessionHandle?: string;
}

const LIFETIME_MS = 3_600_000;

/**
 * A session without a core and without a request, for tests of what has a `SessionContainer` as a parameter. It remembers
 * what is changed in it; once revoked, it answers as one that has ended. Its tokens open nothing.
 *
 * ```ts
 * const guard: CanActivate = {
 *   canActivate(context) {
 *     context.switchToHttp().getRequest().session = fakeSession({ userId: 'ann' });
 *     return true;
 *   },
 * };
 * await Test.createTestingModule({ imports: [AppModule] }).overrideGuard(SessionGuard).useValue(guard).compile();
 * ```
 */
export function fakeSession(options: FakeSessionOptions): SessionContainer {
  const operations = new FakeSessionOperations(options);
  const tokens = { accessToken: operations.accessToken.token, accessTokenUpdated: false };
  return new SessionContainer(operations, new SessionClaims(), operations.session, tokens, {});
}

class FakeSessionOperations implements SessionOperations {
  session: CoreSession;
  readonly accessToken: Token;
  private information: SessionInformation | undefined;

  constructor(options: FakeSessionOptions) {
    const { userId, recipeUserId = userId, tenantId = 'public', payload = {}, sessionDataInDatabase = {} } = options;
    const { sessionHandle = randomUUID() } = options;
    const timeCreated = Date.now();
    const expiry = timeCreated + LIFETIME_MS;
    const ids = { userId, recipeUserId, tenantId };
    this.accessToken = { token: `a-fake-access-token-of-${userId}`, expiry, createdTime: timeCreated };
    this.information = {
      ...ids,
      sessionHandle,
      timeCreated,
      expiry,
      sessionDataInDatabase: structuredClone(sessionDataInDatabase),
      customClaimsInAccessTokenPayload: {},
    };
    this.session = { ...ids, handle: sessionHandle, accessTokenPayload: {}, accessTokenExpiry: expiry };
    this.setPayload(payload as JsonObject);
  }

  async revokeSession(): Promise<boolean> {
    const isRevoked = this.information !== undefined;
    this.information = undefined;
    return isRevoked;
  }

  async updateSessionData({ newSessionData }: { newSessionData: JsonObject }): Promise<boolean> {
    if (this.information === undefined) return false;
    this.information = { ...this.information, sessionDataInDatabase: structuredClone(newSessionData) };
    return true;
  }

  async getSessionInformation(): Promise<SessionInformation | undefined> {
    return structuredClone(this.information);
  }

  async regenerateAccessToken({
    newAccessTokenPayload,
    accessTokenPayloadUpdate = {},
  }: Parameters<SessionOperations['regenerateAccessToken']>[0]): ReturnType<
    SessionOperations['regenerateAccessToken']
  > {
    if (this.information === undefined) return undefined;
    const stored = this.information.customClaimsInAccessTokenPayload;
    this.setPayload(newAccessTokenPayload ?? mergeAtRoot(stored, accessTokenPayloadUpdate));
    return { session: this.session, accessToken: this.accessToken, isApplied: true };
  }

  async validateClaims(input: ValidateClaimsInput): Promise<ValidateClaimsResult> {
    return validateClaims(input);
  }

  private setPayload(customClaims: JsonObject): void {
    if (this.information === undefined) return;
    const { userId: sub, recipeUserId: rsub, tenantId: tId, sessionHandle, timeCreated, expiry } = this.information;
    const times = { iat: Math.floor(timeCreated / 1000), exp: Math.floor(expiry / 1000) };
    this.information = { ...this.information, customClaimsInAccessTokenPayload: structuredClone(customClaims) };
    const accessTokenPayload = deepFreeze({
      ...structuredClone(customClaims),
      sub,
      rsub,
      tId,
      sessionHandle,
      ...times,
    });
    this.session = { ...this.session, accessTokenPayload };
  }
}
