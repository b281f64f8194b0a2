import type { JsonObject } from '../../core/json.types.js';
import {
  PROTECTED_ACCESS_TOKEN_CLAIMS,
  type CoreSession,
  type SessionInformation,
  type Token,
} from '../../core/sessions.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import type { UserContext } from '../../http/user-context.js';
import type { SessionClaim, SessionClaimValidator } from './claims/session-claim.js';
import type { ValidateClaimsInput, ValidateClaimsResult } from './claims/validate-claims.js';
import { frontTokenOf } from './front-token.js';
import type { SessionClaims } from './session-claims.js';
import { InvalidClaimsError, UnauthorisedError } from './session.error.js';
import type { TokenTransfer } from './token-transfer.js';
import type { TokenTransferMethod } from './session.options.js';

export interface SessionTokens {
  accessToken: string;
  refreshToken?: Token;
  antiCsrfToken?: string;
  /** Whether the client has yet to be given the access token. */
  accessTokenUpdated: boolean;
}

/** The operations of `SessionFunctions` that a session calls: overrides of them apply here too. */
export interface SessionOperations {
  revokeSession(input: { sessionHandle: string; userContext: UserContext }): Promise<boolean>;
  updateSessionData(input: {
    sessionHandle: string;
    newSessionData: JsonObject;
    userContext: UserContext;
  }): Promise<boolean>;
  getSessionInformation(input: {
    sessionHandle: string;
    userContext: UserContext;
  }): Promise<SessionInformation | undefined>;
  regenerateAccessToken(input: {
    accessToken: string;
    newAccessTokenPayload: JsonObject;
    userContext: UserContext;
  }): Promise<{ session: CoreSession; accessToken: Token } | undefined>;
  validateClaims(input: ValidateClaimsInput): Promise<ValidateClaimsResult>;
}

interface Attachment {
  request: BaseRequest;
  response: BaseResponse;
  transferMethod: TokenTransferMethod;
  transfer: TokenTransfer;
}

/**
 * A verified session, as `@Session()` hands it over. What it changes reaches the client with the answer
 * of the request it is attached to. Methods throw `UnauthorisedError` when the session has ended meanwhile.
 */
export class SessionContainer {
  private attachment: Attachment | undefined;

  constructor(
    private readonly functions: SessionOperations,
    private readonly claims: SessionClaims,
    private session: CoreSession,
    private tokens: SessionTokens,
    private readonly userContext: UserContext,
  ) {}

  getUserId(): string {
    return this.session.userId;
  }

  getRecipeUserId(): string {
    return this.session.recipeUserId;
  }

  getTenantId(): string {
    return this.session.tenantId;
  }

  getHandle(): string {
    return this.session.handle;
  }

  /** Shared between requests and therefore frozen: change it by `mergeIntoAccessTokenPayload`. */
  getAccessTokenPayload(): Readonly<JsonObject> {
    return this.session.accessTokenPayload;
  }

  getAccessToken(): string {
    return this.tokens.accessToken;
  }

  /** Everything the client holds. Whoever reads it can act as the user: never log it. */
  getAllSessionTokensDangerously(): {
    accessToken: string;
    refreshToken: string | undefined;
    frontToken: string;
    antiCsrfToken: string | undefined;
    accessAndFrontTokenUpdated: boolean;
  } {
    return {
      accessToken: this.tokens.accessToken,
      refreshToken: this.tokens.refreshToken?.token,
      frontToken: this.getFrontToken(),
      antiCsrfToken: this.tokens.antiCsrfToken,
      accessAndFrontTokenUpdated: this.tokens.accessTokenUpdated,
    };
  }

  /** Ends the session and clears the client's tokens. */
  async revokeSession(userContext = this.userContext): Promise<void> {
    await this.functions.revokeSession({ sessionHandle: this.getHandle(), userContext });
    if (this.attachment === undefined) return;
    const { request, response, transferMethod, transfer } = this.attachment;
    await transfer.afterCommit(() => transfer.clear(request, response, transferMethod));
  }

  async getSessionDataFromDatabase(userContext = this.userContext): Promise<JsonObject> {
    return (await this.getInformation(userContext)).sessionDataInDatabase;
  }

  async updateSessionDataInDatabase(newSessionData: JsonObject, userContext = this.userContext): Promise<void> {
    const sessionHandle = this.getHandle();
    if (!(await this.functions.updateSessionData({ sessionHandle, newSessionData, userContext })))
      throw sessionIsGone();
  }

  /** Milliseconds since the Unix epoch. */
  async getTimeCreated(userContext = this.userContext): Promise<number> {
    return (await this.getInformation(userContext)).timeCreated;
  }

  /** When the refresh token stops working, in milliseconds since the Unix epoch. */
  async getExpiry(userContext = this.userContext): Promise<number> {
    return (await this.getInformation(userContext)).expiry;
  }

  /** @param accessTokenPayloadUpdate keys to set; null removes a key */
  async mergeIntoAccessTokenPayload(
    accessTokenPayloadUpdate: JsonObject,
    userContext = this.userContext,
  ): Promise<void> {
    const regenerated = await this.functions.regenerateAccessToken({
      accessToken: this.getAccessToken(),
      newAccessTokenPayload: mergePayload(this.getAccessTokenPayload(), accessTokenPayloadUpdate),
      userContext,
    });
    if (regenerated === undefined) throw sessionIsGone();
    this.session = regenerated.session;
    this.tokens = { ...this.tokens, accessToken: regenerated.accessToken.token, accessTokenUpdated: true };
    const { attachment } = this;
    if (attachment !== undefined) await attachment.transfer.afterCommit(() => this.sendAccessToken(attachment));
  }

  /**
   * Fetches the claims that are missing or old, then checks them all.
   * @throws {InvalidClaimsError} with everything that is not met
   */
  async assertClaims(claimValidators: SessionClaimValidator[], userContext = this.userContext): Promise<void> {
    const { invalidClaims, accessTokenPayloadUpdate } = await this.functions.validateClaims({
      userId: this.getUserId(),
      recipeUserId: this.getRecipeUserId(),
      tenantId: this.getTenantId(),
      accessTokenPayload: this.getAccessTokenPayload(),
      claimValidators,
      userContext,
    });
    if (accessTokenPayloadUpdate !== undefined) {
      await this.mergeIntoAccessTokenPayload(accessTokenPayloadUpdate, userContext);
    }
    if (invalidClaims.length > 0) throw new InvalidClaimsError(invalidClaims);
  }

  async fetchAndSetClaim<T>(claim: SessionClaim<T>, userContext = this.userContext): Promise<void> {
    const [userId, recipeUserId, tenantId] = [this.getUserId(), this.getRecipeUserId(), this.getTenantId()];
    const source = this.claims.resolve(claim);
    const update = await source.build(userId, recipeUserId, tenantId, this.getAccessTokenPayload(), userContext);
    await this.mergeIntoAccessTokenPayload(update, userContext);
  }

  async setClaimValue<T>(claim: SessionClaim<T>, value: T, userContext = this.userContext): Promise<void> {
    await this.mergeIntoAccessTokenPayload(claim.addToPayload({}, value, userContext), userContext);
  }

  async getClaimValue<T>(claim: SessionClaim<T>, userContext = this.userContext): Promise<T | undefined> {
    return claim.getValueFromPayload(this.getAccessTokenPayload(), userContext);
  }

  async removeClaim<T>(claim: SessionClaim<T>, userContext = this.userContext): Promise<void> {
    await this.mergeIntoAccessTokenPayload(claim.removeFromPayloadByMerge(), userContext);
  }

  /** From here on the client is told what changes; tokens that it does not have yet are written now. */
  async attachToRequestResponse(attachment: Attachment): Promise<void> {
    this.attachment = attachment;
    if (this.tokens.accessTokenUpdated) await attachment.transfer.afterCommit(() => this.sendAllTokens(attachment));
  }

  private sendAllTokens(attachment: Attachment): void {
    this.sendAccessToken(attachment);
    const { request, response, transferMethod, transfer } = attachment;
    if (this.tokens.refreshToken !== undefined) {
      transfer.writeRefreshToken(request, response, transferMethod, this.tokens.refreshToken);
    }
    if (this.tokens.antiCsrfToken !== undefined) transfer.writeAntiCsrfToken(response, this.tokens.antiCsrfToken);
  }

  private sendAccessToken({ request, response, transferMethod, transfer }: Attachment): void {
    transfer.writeAccessToken(request, response, transferMethod, this.getAccessToken(), this.getFrontToken());
  }

  private getFrontToken(): string {
    return frontTokenOf(this.session);
  }

  private async getInformation(userContext: UserContext): Promise<SessionInformation> {
    const information = await this.functions.getSessionInformation({ sessionHandle: this.getHandle(), userContext });
    if (information === undefined) throw sessionIsGone();
    return information;
  }
}

/** Custom claims with an update applied: null removes a key, and the core's own claims are left to the core. */
export function mergePayload(payload: Readonly<JsonObject>, update: JsonObject): JsonObject {
  const removed = Object.keys(update).filter((key) => update[key] === null);
  const left = new Set<string>([...PROTECTED_ACCESS_TOKEN_CLAIMS, ...removed]);
  const kept = Object.entries({ ...payload, ...update }).filter(
    ([key]) => !left.has(key) || (key in update && update[key] !== null),
  );
  return Object.fromEntries(kept);
}

function sessionIsGone(): UnauthorisedError {
  return new UnauthorisedError('Session does not exist anymore');
}
