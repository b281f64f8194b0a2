import { Inject, Injectable } from '@nestjs/common';
import { mergeOf } from '../../core/access-token/claims-update.js';
import { Immediate, immediately } from '../../core/immediate.js';
import type { JsonObject } from '../../core/json.types.js';
import { type MaybePromise, whenThere } from '../../core/maybe-promise.js';
import {
  SessionsCore,
  type CoreSession,
  type RefreshTokenRotation,
  type SessionInformation,
  type SessionWithTokens,
  type VerifySessionResult,
} from '../../core/sessions.core.js';
import { Core, PUBLIC_TENANT_ID } from '../../core/core.js';
import { MAX_JWT_VALIDITY_SECONDS, SigningKeysCore, type JsonWebKeySet } from '../../core/signing-keys.core.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { UserContext } from '../../http/user-context.js';
import { validateClaims, type ValidateClaimsInput, type ValidateClaimsResult } from '../../claims/validate-claims.js';
import type { SessionClaimValidator } from '../../claims/session-claim.js';
import { FIRST_FACTORS } from '../recipe.js';
import { SessionContainer, type SessionTokens } from './session-container.js';
import { SessionAudience } from './session-audience.js';
import { SessionClaims } from './session-claims.js';
import { TokenTheftDetectedError, TryRefreshTokenError, UnauthorisedError } from './session.error.js';
import type * as Types from './session.functions.types.js';
import { type SessionConfig, SESSION_CONFIG } from './session.options.js';

/** How often a claim is fetched again for a session that others change meanwhile. */
const MAX_FETCHES = 5;

/**
 * What the Session recipe can do, without a request. Override any of it by a subclass.
 *
 * Methods that take a session handle answer false or undefined where there is no such session.
 */
@Injectable()
export class SessionFunctions {
  @Inject(SESSION_CONFIG) protected readonly sessionConfig!: SessionConfig;
  @Inject(SessionsCore) protected readonly sessionsCore!: SessionsCore;
  @Inject(Core) protected readonly core!: Core;
  @Inject(SigningKeysCore) protected readonly signingKeysCore!: SigningKeysCore;
  @Inject(SessionClaims) protected readonly sessionClaims!: SessionClaims;
  @Inject(PublicPaths) protected readonly publicPaths!: PublicPaths;
  @Inject(SessionAudience) protected readonly sessionAudience!: SessionAudience;
  @Inject(FIRST_FACTORS) protected readonly firstFactors!: readonly string[];

  /**
   * A session of the user in the tenant.
   * @throws {SessionRefusedError} nobody has that id, or not any more that place in the tenant or that password
   */
  async createNewSession(input: Types.CreateNewSessionInput): Promise<SessionContainer> {
    const { userId, recipeUserId = userId, tenantId = PUBLIC_TENANT_ID, userContext = {} } = input;
    const claims = this.sessionClaims.getClaims();
    const fetchClaims = (stored: JsonObject) =>
      this.sessionClaims.build(
        claims,
        { userId, recipeUserId, tenantId },
        this.sessionAudience.show(stored),
        userContext,
      );
    const created = await this.sessionsCore.createNewSession({
      userId,
      recipeUserId,
      tenantId,
      accessTokenPayload: this.withIssuer(input.accessTokenPayload as JsonObject | undefined),
      sessionDataInDatabase: input.sessionDataInDatabase ?? {},
      useDynamicSigningKey: this.sessionConfig.useDynamicAccessTokenSigningKey,
      enableAntiCsrf: this.usesAntiCsrfToken(input.disableAntiCsrf),
      holder: this.allowsUnknownUser(input) ? 'member-or-unknown' : 'member',
      credentialsVersion: input.credentialsVersion,
      fetchClaims: claims.length === 0 ? undefined : fetchClaims,
    });
    return this.containerWithNewTokens(created, userContext);
  }

  /**
   * Verifies an access token.
   * @returns undefined where there is no token, a foreign one or one of a revoked session, and `sessionRequired` is false
   * @throws {UnauthorisedError} there is no session
   * @throws {TryRefreshTokenError} the token has expired or fails a check that a new one may pass
   */
  @Immediate('verifyAccessToken')
  async getSession(input: Types.GetSessionInput): Promise<SessionContainer | undefined> {
    return this.verifyAccessToken(input);
  }

  private verifyAccessToken(input: Types.GetSessionInput): MaybePromise<SessionContainer | undefined> {
    const { accessToken, antiCsrfToken, options } = input;
    if (accessToken === undefined) {
      if (options?.sessionRequired === false) return undefined;
      // Not cleared: another request of the same client may be refreshing at this moment.
      throw new UnauthorisedError('Session does not exist: the request has no access token', { clearTokens: false });
    }
    const result = immediately(this.sessionsCore.verifySession).call(this.sessionsCore, {
      accessToken,
      antiCsrfToken,
      checkAntiCsrf: this.usesAntiCsrfToken(options?.antiCsrfCheck === false),
      checkDatabase: options?.checkDatabase === true,
      useDynamicSigningKey: this.sessionConfig.useDynamicAccessTokenSigningKey,
      rotation: this.rotation,
      allowsOverlap: true,
    });
    return whenThere(result, (verified) => this.judge(verified, accessToken, input));
  }

  private judge(
    result: VerifySessionResult,
    accessToken: string,
    { antiCsrfToken, options, userContext = {} }: Types.GetSessionInput,
  ): SessionContainer | undefined {
    const origin = result.status === 'OK' ? this.sessionAudience.look(result.session).origin : undefined;
    // Its refresh gives it an audience.
    if (origin === 'older') throw new TryRefreshTokenError('The access token does not say for whom it is');
    if (result.status === 'OK' && origin !== 'foreign') {
      const accessTokenUpdated = result.accessToken !== undefined;
      const tokens = { accessToken: result.accessToken?.token ?? accessToken, antiCsrfToken, accessTokenUpdated };
      return this.container(result.session, tokens, userContext);
    }
    if (result.status === 'TRY_REFRESH_TOKEN') throw new TryRefreshTokenError(result.message);
    if (options?.sessionRequired === false) return undefined;
    const message = result.status === 'OK' ? 'The access token is for another application' : result.message;
    throw new UnauthorisedError(message, { clearTokens: false });
  }

  /**
   * Exchanges a refresh token for a new pair of tokens.
   * @throws {UnauthorisedError} the token is not, or no longer, good
   * @throws {TokenTheftDetectedError} a spent token came back; the session is already revoked
   * @see RFC 9700 §4.14.2
   */
  async refreshSession(input: Types.RefreshSessionInput): Promise<SessionContainer> {
    const { userContext = {} } = input;
    const result = await this.sessionsCore.refreshSession({
      refreshToken: input.refreshToken,
      antiCsrfToken: input.antiCsrfToken,
      enableAntiCsrf: this.usesAntiCsrfToken(input.disableAntiCsrf),
      useDynamicSigningKey: this.sessionConfig.useDynamicAccessTokenSigningKey,
      rotation: this.rotation,
      admits: (customClaims) => this.sessionAudience.originOf(customClaims) !== 'foreign',
    });
    if (result.status === 'OK')
      return this.containerWithNewTokens(await this.sessionAudience.adopt(result), userContext);
    if (result.status === 'UNAUTHORISED') throw new UnauthorisedError(result.message);
    const { handle, userId, recipeUserId } = result.session;
    await this.revokeSession({ sessionHandle: handle, userContext });
    throw new TokenTheftDetectedError(handle, userId, recipeUserId);
  }

  /** @returns the handle in an access token of this application, also when it has expired or the session has ended */
  async getHandleOfAccessToken({ accessToken }: Types.AccessTokenInput): Promise<string | undefined> {
    const session = await this.sessionsCore.readAccessToken(accessToken);
    if (session === undefined) return undefined;
    return this.sessionAudience.originOf(session.accessTokenPayload) === 'foreign' ? undefined : session.handle;
  }

  /** What the core keeps about a session; `undefined` where there is none. */
  async getSessionInformation({ sessionHandle }: Types.SessionHandleInput): Promise<SessionInformation | undefined> {
    const information = await this.sessionsCore.getSessionInformation(sessionHandle);
    if (information === undefined) return undefined;
    const { customClaimsInAccessTokenPayload: claims } = information;
    return { ...information, customClaimsInAccessTokenPayload: this.sessionAudience.show(claims) };
  }

  /** The handles of every live session of a user. */
  async getAllSessionHandlesForUser(input: Types.GetAllSessionHandlesForUserInput): Promise<string[]> {
    const { userId, fetchAcrossAllTenants, fetchSessionsForAllLinkedAccounts: ofLinkedAccounts } = input;
    const tenantId = tenantOf(input.tenantId, fetchAcrossAllTenants);
    return this.sessionsCore.getAllSessionHandlesForUser({ userId, tenantId, ofLinkedAccounts });
  }

  /** @returns whether there was such a session */
  async revokeSession({ sessionHandle }: Types.SessionHandleInput): Promise<boolean> {
    return (await this.sessionsCore.revokeSessions([sessionHandle])).length === 1;
  }

  /** @returns the handles of the sessions that were revoked now */
  async revokeMultipleSessions(input: Types.WithUserContext & { sessionHandles: string[] }): Promise<string[]> {
    return this.sessionsCore.revokeSessions(input.sessionHandles);
  }

  /** @returns the handles of the sessions that were revoked now */
  async revokeAllSessionsForUser(input: Types.RevokeAllSessionsForUserInput): Promise<string[]> {
    const { userId, revokeAcrossAllTenants, revokeSessionsForLinkedAccounts: ofLinkedAccounts } = input;
    const tenantId = tenantOf(input.tenantId, revokeAcrossAllTenants);
    return this.sessionsCore.revokeAllSessionsForUser({ userId, tenantId, ofLinkedAccounts });
  }

  /** Replaces what the application keeps with a session. */
  async updateSessionData({ sessionHandle, newSessionData }: Types.UpdateSessionDataInput): Promise<boolean> {
    return this.sessionsCore.updateSessionData({ sessionHandle, sessionData: newSessionData });
  }

  /**
   * Replaces all custom claims, no matter who wrote them; seen in the access token from the next refresh on. To change some
   * of them, `mergeIntoAccessTokenPayload`.
   */
  async updateAccessTokenPayload(input: Types.UpdateAccessTokenPayloadInput): Promise<boolean> {
    const { sessionHandle } = input;
    const accessTokenPayload = this.withIssuer(input.newAccessTokenPayload as JsonObject);
    return this.sessionsCore.updateAccessTokenPayload({ sessionHandle, accessTokenPayload });
  }

  /** Sets some custom claims; seen in the access token from the next refresh on. */
  async mergeIntoAccessTokenPayload(input: Types.MergeIntoAccessTokenPayloadInput): Promise<boolean> {
    const { sessionHandle, accessTokenPayloadUpdate, ifUnchangedSince, userContext } = input;
    const merge = mergeOf(accessTokenPayloadUpdate as JsonObject, ifUnchangedSince);
    // Of two who merge at once, one would undo what the other has done.
    return this.sessionsCore.exclusively(sessionHandle, async () => {
      const information = await this.getSessionInformation({ sessionHandle, userContext });
      if (information === undefined) return false;
      const newAccessTokenPayload = merge(information.customClaimsInAccessTokenPayload);
      if (newAccessTokenPayload === undefined) return false;
      return this.updateAccessTokenPayload({ sessionHandle, newAccessTokenPayload, userContext });
    });
  }

  /** How long an access token is accepted, in milliseconds. */
  async getAccessTokenLifeTimeMS(_input?: Types.WithUserContext): Promise<number> {
    return this.sessionsCore.getAccessTokenLifeTimeMS();
  }

  /** How long a session lives without a refresh, in milliseconds. */
  async getRefreshTokenLifeTimeMS(_input?: Types.WithUserContext): Promise<number> {
    return this.sessionsCore.getRefreshTokenLifeTimeMS();
  }

  /**
   * Changes what is stored, and signs it into a new access token, which expires when the given one does. What the given
   * one says of custom claims does not count: it may be older than what is stored.
   * @returns undefined when the session does not exist
   */
  async regenerateAccessToken(
    input: Types.RegenerateAccessTokenInput,
  ): Promise<Types.RegeneratedAccessToken | undefined> {
    const { accessToken, newAccessTokenPayload, accessTokenPayloadUpdate, ifUnchangedSince } = input;
    const result = await this.sessionsCore.regenerateAccessToken({
      accessToken,
      accessTokenPayload: newAccessTokenPayload && this.withIssuer(newAccessTokenPayload),
      accessTokenPayloadUpdate: accessTokenPayloadUpdate && this.sessionAudience.writeUpdate(accessTokenPayloadUpdate),
      ifUnchangedSince: ifUnchangedSince && this.withIssuer(ifUnchangedSince),
    });
    return result.status === 'OK' ? { ...result, session: this.sessionAudience.look(result.session).shown } : undefined;
  }

  /** The requirements on every session. Override it to add the application's own. */
  @Immediate('globalClaimValidators')
  async getGlobalClaimValidators(input: Types.GetGlobalClaimValidatorsInput): Promise<SessionClaimValidator[]> {
    return this.globalClaimValidators(input);
  }

  private globalClaimValidators(input: Types.GetGlobalClaimValidatorsInput): SessionClaimValidator[] {
    return input.claimValidatorsAddedByOtherRecipes;
  }

  /** Fetches the claims that are missing or old, then checks them all. */
  @Immediate('judgeClaims')
  async validateClaims(input: ValidateClaimsInput): Promise<ValidateClaimsResult> {
    return this.judgeClaims(input);
  }

  private judgeClaims(input: ValidateClaimsInput): MaybePromise<ValidateClaimsResult> {
    return validateClaims(input, (claim) => this.sessionClaims.resolve(claim));
  }

  /** Seen in the access token from the next refresh on; with a request, use the `SessionContainer`. */
  async fetchAndSetClaim<T>({ sessionHandle, claim, userContext = {} }: Types.ClaimInput<T>): Promise<boolean> {
    const source = this.sessionClaims.resolve(claim);
    for (let fetches = 0; fetches < MAX_FETCHES; fetches++) {
      const information = await this.getSessionInformation({ sessionHandle, userContext });
      if (information === undefined) return false;
      const { userId, recipeUserId, tenantId, customClaimsInAccessTokenPayload: payload } = information;
      const built = await source.build(userId, recipeUserId, tenantId, payload, userContext);
      const accessTokenPayloadUpdate = source.keep(built);
      const update = { sessionHandle, accessTokenPayloadUpdate, ifUnchangedSince: payload, userContext };
      if (await this.mergeIntoAccessTokenPayload(update)) return true;
    }
    return true;
  }

  /**
   * Fetches claims for every session of a user or of a login method, once for each login method and tenant, all or none
   * of them. `Facts` calls it in the transaction that changes what the claims speak of.
   */
  async refetchClaims({ claims, userContext = {}, ...owner }: Types.RefetchClaimsInput): Promise<void> {
    const onDemand = claims.filter((claim) => this.sessionClaims.isOnDemand(claim));
    const fetched = claims.filter((claim) => !onDemand.includes(claim));
    const removal = Object.assign({}, ...onDemand.map((claim) => claim.removeFromPayloadByMerge())) as JsonObject;
    await this.sessionsCore.updateClaims(owner, async (group) => ({
      ...removal,
      ...(await this.sessionClaims.build(fetched, group, {}, userContext)),
    }));
  }

  /** Sets the value of a claim; seen in the access token from the next refresh on. */
  async setClaimValue<T>({
    sessionHandle,
    claim,
    value,
    userContext = {},
  }: Types.SetClaimValueInput<T>): Promise<boolean> {
    const accessTokenPayloadUpdate = claim.addToPayload({}, value, userContext);
    return this.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate, userContext });
  }

  /** The value of a claim as the core keeps it. */
  async getClaimValue<T>({
    sessionHandle,
    claim,
    userContext,
  }: Types.ClaimInput<T>): Promise<Types.ClaimValueResult<T>> {
    const information = await this.getSessionInformation({ sessionHandle, userContext });
    if (information === undefined) return { status: 'SESSION_DOES_NOT_EXIST_ERROR' };
    const value = claim.getValueFromPayload(information.customClaimsInAccessTokenPayload, userContext);
    return { status: 'OK', value };
  }

  /** Removes a claim; seen in the access token from the next refresh on. */
  async removeClaim<T>({ sessionHandle, claim, userContext }: Types.ClaimInput<T>): Promise<boolean> {
    const accessTokenPayloadUpdate = claim.removeFromPayloadByMerge();
    return this.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate, userContext });
  }

  /** The public keys of access tokens, for services that verify them without us. */
  async getJWKS(_input?: Types.WithUserContext): Promise<JsonWebKeySet> {
    return this.signingKeysCore.getJWKS();
  }

  /** Where others find out by which keys our tokens are verified. */
  async getOpenIdDiscoveryConfiguration(_input?: Types.WithUserContext): Promise<Types.OpenIdDiscoveryConfiguration> {
    return { status: 'OK', issuer: this.publicPaths.issuer, jwks_uri: this.publicPaths.jwksUri };
  }

  /**
   * Signs a JWT, which other services verify by the published keys. It is no access token, and no route here takes it
   * for one, whatever it says.
   * @throws {BadInputError} the payload is not JSON, or the validity no whole number of seconds from 1 to a hundred years
   */
  async createJWT(input: Types.CreateJWTFunctionInput = {}): Promise<{ status: 'OK'; jwt: string }> {
    const { payload = {}, validitySeconds = MAX_JWT_VALIDITY_SECONDS, useStaticSigningKey = true, userContext } = input;
    const { issuer } = await this.getOpenIdDiscoveryConfiguration({ userContext });
    return this.signingKeysCore.createJWT({
      payload,
      validitySeconds,
      useDynamicSigningKey: !useStaticSigningKey,
      issuer: typeof payload.iss === 'string' ? payload.iss : issuer,
    });
  }

  /** The core knows no addresses, so to it they are custom claims, which nobody may replace or remove. */
  private withIssuer(payload: JsonObject | undefined): JsonObject {
    return this.sessionAudience.write(payload);
  }

  private get rotation(): RefreshTokenRotation | undefined {
    return this.sessionConfig.refreshTokenRotation ?? this.sessionsCore.rotations[0];
  }

  private allowsUnknownUser({ allowUnknownUser = this.sessionConfig.allowUnknownUser }: Types.CreateNewSessionInput) {
    return allowUnknownUser ?? this.firstFactors.length === 0;
  }

  private usesAntiCsrfToken(disabled: boolean | undefined): boolean {
    return disabled !== true && this.sessionConfig.antiCsrf === 'VIA_TOKEN';
  }

  private containerWithNewTokens(created: SessionWithTokens, userContext: UserContext): SessionContainer {
    const { session, accessToken, refreshToken, antiCsrfToken } = created;
    const tokens = { accessToken: accessToken.token, refreshToken, antiCsrfToken, accessTokenUpdated: true };
    return this.container(session, tokens, userContext);
  }

  private container(session: CoreSession, tokens: SessionTokens, userContext: UserContext): SessionContainer {
    const { shown } = this.sessionAudience.look(session);
    return new SessionContainer(this, this.sessionClaims, shown, tokens, userContext);
  }
}

/** @returns undefined for all tenants */
function tenantOf(tenantId: string | undefined, acrossAllTenants: boolean | undefined): string | undefined {
  if (acrossAllTenants === true) return undefined;
  return tenantId ?? (acrossAllTenants === false ? PUBLIC_TENANT_ID : undefined);
}
