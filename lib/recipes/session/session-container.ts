import type {
  AccessTokenPayloadUpdate,
  ClaimPayload,
  NewAccessTokenPayload,
  ReadAccessTokenPayload,
} from '../../claims/access-token-payload.js';
import { Immediate, immediately } from '../../core/immediate.js';
import type { JsonObject } from '../../core/json.types.js';
import { type MaybePromise, whenThere } from '../../core/maybe-promise.js';
import {
  PROTECTED_ACCESS_TOKEN_CLAIMS,
  type CoreSession,
  type SessionInformation,
  type Token,
} from '../../core/sessions.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import type { UserContext } from '../../http/user-context.js';
import type { SessionClaim, SessionClaimValidator } from '../../claims/session-claim.js';
import type { ValidateClaimsInput, ValidateClaimsResult } from '../../claims/validate-claims.js';
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
    newAccessTokenPayload?: JsonObject;
    accessTokenPayloadUpdate?: JsonObject;
    ifUnchangedSince?: Readonly<JsonObject>;
    userContext: UserContext;
  }): Promise<{ session: CoreSession; accessToken: Token; isApplied?: boolean } | undefined>;
  validateClaims(input: ValidateClaimsInput): Promise<ValidateClaimsResult>;
}

/** How often claims are fetched again for a session that others change meanwhile. */
const MAX_FETCHES = 5;

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

  /** The id of the user. */
  getUserId(): string {
    return this.session.userId;
  }

  /** The id of the login method that signed in. */
  getRecipeUserId(): string {
    return this.session.recipeUserId;
  }

  /** The tenant that the session belongs to. */
  getTenantId(): string {
    return this.session.tenantId;
  }

  /** The id of the session: the same through every refresh. */
  getHandle(): string {
    return this.session.handle;
  }

  /** Shared between requests and therefore frozen: change it by `mergeIntoAccessTokenPayload`. */
  getAccessTokenPayload(): ReadAccessTokenPayload {
    return this.session.accessTokenPayload as ReadAccessTokenPayload;
  }

  /** When the access token stops working, in milliseconds since the Unix epoch; `getExpiry` is that of the session. */
  getAccessTokenExpiry(): number {
    return this.session.accessTokenExpiry;
  }

  /** The access token as text. It gives access as the user: never log it. */
  getAccessToken(): string {
    return this.tokens.accessToken;
  }

  /** Everything the client holds. Anyone who reads it can act as the user: never log it. */
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

  /** What the application keeps with the session, read from the core. */
  async getSessionDataFromDatabase(userContext = this.userContext): Promise<JsonObject> {
    return (await this.getInformation(userContext)).sessionDataInDatabase;
  }

  /** Replaces what the application keeps with the session. */
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

  /**
   * Merges into what is stored: what others have changed since the access token was issued stays, and is in the new
   * one that the client gets.
   * @param accessTokenPayloadUpdate keys to set; null removes a key
   */
  async mergeIntoAccessTokenPayload(
    accessTokenPayloadUpdate: AccessTokenPayloadUpdate,
    userContext = this.userContext,
  ): Promise<void> {
    await this.merge({ accessTokenPayloadUpdate: accessTokenPayloadUpdate as JsonObject, userContext });
  }

  /**
   * Replaces all custom claims, also those that others have written since the access token was issued.
   * @param newAccessTokenPayload without any of `PROTECTED_ACCESS_TOKEN_CLAIMS`
   */
  async replaceAccessTokenPayload(
    newAccessTokenPayload: NewAccessTokenPayload,
    userContext = this.userContext,
  ): Promise<void> {
    const removed = Object.keys(this.payload).filter((key) => !isProtected(key));
    const update = { ...Object.fromEntries(removed.map((key) => [key, null])), ...newAccessTokenPayload };
    await this.change(
      { newAccessTokenPayload: newAccessTokenPayload as JsonObject, userContext },
      update as JsonObject,
    );
  }

  /**
   * Fetches the claims that are missing or old, then checks them all. A claim that was changed since the access token
   * was issued is judged, and kept, as it is stored.
   * @throws {InvalidClaimsError} with everything that is not met
   */
  @Immediate('judgeClaims')
  async assertClaims(claimValidators: SessionClaimValidator[], userContext = this.userContext): Promise<void> {
    return this.judgeClaims(claimValidators, userContext);
  }

  private judgeClaims(
    claimValidators: SessionClaimValidator[],
    userContext = this.userContext,
    fetches = 1,
  ): MaybePromise<void> {
    const accessTokenPayload = this.payload;
    const validated = immediately(this.functions.validateClaims).call(this.functions, {
      userId: this.getUserId(),
      recipeUserId: this.getRecipeUserId(),
      tenantId: this.getTenantId(),
      accessTokenPayload,
      claimValidators,
      userContext,
    });
    return whenThere(validated, ({ invalidClaims, accessTokenPayloadUpdate }) => {
      const judge = () => {
        if (invalidClaims.length > 0) throw new InvalidClaimsError(invalidClaims);
      };
      if (accessTokenPayloadUpdate === undefined) return judge();
      const change = { accessTokenPayloadUpdate, ifUnchangedSince: accessTokenPayload, userContext };
      return this.merge(change).then((isStored) =>
        isStored || fetches >= MAX_FETCHES ? judge() : this.judgeClaims(claimValidators, userContext, fetches + 1),
      );
    });
  }

  /** A change of the claim that somebody writes while it is fetched is not overwritten: it is fetched once more. */
  async fetchAndSetClaim<T>(claim: SessionClaim<T>, userContext = this.userContext): Promise<void> {
    const [userId, recipeUserId, tenantId] = [this.getUserId(), this.getRecipeUserId(), this.getTenantId()];
    const source = this.claims.resolve(claim);
    for (let fetches = 0; fetches < MAX_FETCHES; fetches++) {
      const { payload } = this;
      const accessTokenPayloadUpdate = source.keep(
        await source.build(userId, recipeUserId, tenantId, payload, userContext),
      );
      if (await this.merge({ accessTokenPayloadUpdate, ifUnchangedSince: payload, userContext })) return;
    }
  }

  /** Sets the value of a claim without fetching it. */
  async setClaimValue<T>(claim: SessionClaim<T>, value: T, userContext = this.userContext): Promise<void> {
    await this.merge({ accessTokenPayloadUpdate: claim.addToPayload({}, value, userContext), userContext });
  }

  /** The value of a claim in the access token; `undefined` where it is absent. */
  async getClaimValue<T>(claim: SessionClaim<T>, userContext = this.userContext): Promise<T | undefined> {
    return claim.getValueFromPayload(this.payload, userContext);
  }

  /** Removes a claim from the access token. */
  async removeClaim<T>(claim: SessionClaim<T>, userContext = this.userContext): Promise<void> {
    await this.merge({ accessTokenPayloadUpdate: claim.removeFromPayloadByMerge(), userContext });
  }

  /** From here on the client is told what changes; tokens that it does not have yet are written now. */
  @Immediate('attach')
  async attachToRequestResponse(attachment: Attachment): Promise<void> {
    return this.attach(attachment);
  }

  private attach(attachment: Attachment): MaybePromise<void> {
    this.attachment = attachment;
    if (!this.tokens.accessTokenUpdated) return undefined;
    return attachment.transfer.afterCommit(() => this.sendAllTokens(attachment));
  }

  private get payload(): ClaimPayload {
    return this.session.accessTokenPayload as ClaimPayload;
  }

  /** @returns whether the update was made; the session is as it is stored in either case */
  private async merge(change: {
    accessTokenPayloadUpdate: JsonObject;
    ifUnchangedSince?: Readonly<JsonObject>;
    userContext: UserContext;
  }): Promise<boolean> {
    return this.change(change, change.accessTokenPayloadUpdate);
  }

  /** @param update what `change` does to the payload of the access token */
  private async change(
    change: Omit<Parameters<SessionOperations['regenerateAccessToken']>[0], 'accessToken'>,
    update: JsonObject,
  ): Promise<boolean> {
    const { attachment } = this;
    attachment?.transfer.assertFits(attachment.request, this, attachment.transferMethod, update);
    const accessToken = this.getAccessToken();
    const regenerated = await this.functions.regenerateAccessToken({ accessToken, ...change });
    if (regenerated === undefined) throw sessionIsGone();
    this.session = regenerated.session;
    this.tokens = { ...this.tokens, accessToken: regenerated.accessToken.token, accessTokenUpdated: true };
    if (attachment !== undefined) await attachment.transfer.afterCommit(() => this.sendAccessToken(attachment));
    return regenerated.isApplied !== false;
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

function sessionIsGone(): UnauthorisedError {
  return new UnauthorisedError('Session does not exist anymore');
}

/** What the core and the recipe write themselves. */
function isProtected(key: string): boolean {
  return key === 'iss' || PROTECTED_ACCESS_TOKEN_CLAIMS.some((each) => each === key);
}
