import { z } from 'zod';
import { BadInputError, type SessionRefusal, SessionRefusedError, StorageUnavailableError } from '../auth.error.js';
import { claimsChangeOf } from '../access-token/claims-update.js';
import type { FactOwner } from '../facts.js';
import {
  customClaimsToText,
  readAccessToken,
  type ReadAccessToken,
  toCoreSession,
} from '../access-token/access-token.js';
import { mergeAtRoot, toJsonText } from '../json.js';
import { Immediate } from '../immediate.js';
import type { JsonObject } from '../json.types.js';
import type { MaybePromise } from '../maybe-promise.js';
import {
  type CoreSession,
  type CreateNewSessionCoreInput,
  type RefreshSessionResult,
  type RegenerateAccessTokenCoreInput,
  type RegenerateAccessTokenResult,
  type SessionGroup,
  type SessionInformation,
  SessionsCore,
  type SessionsOfUser,
  type SessionWithTokens,
  type Token,
  type VerifySessionResult,
} from '../sessions.core.js';
import type { UsersCore } from '../users.core.js';
import { jsonObject, ok, statusOf, token } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';
import type { RemoteRevocationFeed } from './remote-revocation-feed.js';
import { RemoteAccessTokens } from './remote-access-tokens.js';
import type { VerifyAccessTokenInput } from '../access-token/access-token.verifier.js';
import type { RemoteKeyRing } from './remote-key-ring.js';
import { readLifetimes } from './remote-lifetimes.js';
import { RemoteSessionClaims } from './remote-session-claims.js';

/** More than any core's refresh or anti-CSRF token. */
const MAX_TOKEN_LENGTH = 8192;

const tokens = ok.extend({
  session: z.object({ handle: z.string(), userId: z.string() }),
  accessToken: token,
  refreshToken: token,
  antiCsrfToken: z.string().nullish(),
});
const unauthorised = statusOf('UNAUTHORISED').extend({ message: z.string() });
const stolen = statusOf('TOKEN_THEFT_DETECTED').extend({
  session: z.object({ handle: z.string(), userId: z.string(), recipeUserId: z.string().optional() }),
});
const refreshed = z.discriminatedUnion('status', [tokens, unauthorised, stolen]);
const regenerated = z.discriminatedUnion('status', [
  ok.extend({ session: z.object({ userDataInJWT: jsonObject }), accessToken: token.optional() }),
  unauthorised,
]);
const information = z.discriminatedUnion('status', [
  ok.extend({
    sessionHandle: z.string(),
    userId: z.string(),
    recipeUserId: z.string().optional(),
    tenantId: z.string(),
    timeCreated: z.number(),
    expiry: z.number(),
    userDataInDatabase: jsonObject,
    userDataInJWT: jsonObject,
  }),
  unauthorised,
]);
const handles = ok.extend({ sessionHandles: z.array(z.string()) });
const revoked = ok.extend({ sessionHandlesRevoked: z.array(z.string()) });
const changed = statusOf('OK', 'UNAUTHORISED');

interface RemoteSessionsDependencies {
  client: CoreClient;
  ring: RemoteKeyRing;
  users: UsersCore;
  clock: () => number;
  /** Undefined where revocations are not looked for. */
  feed: RemoteRevocationFeed | undefined;
}

export class RemoteSessionsCore extends SessionsCore {
  /** As the version of the wire that we speak has it. */
  readonly rotations = ['in-refresh'] as const;
  private readonly client: CoreClient;
  private readonly ring: RemoteKeyRing;
  private readonly accessTokens: RemoteAccessTokens;
  private readonly claims: RemoteSessionClaims;

  constructor(private readonly engine: RemoteSessionsDependencies) {
    super();
    this.client = engine.client;
    this.ring = engine.ring;
    this.accessTokens = new RemoteAccessTokens(engine);
    this.claims = new RemoteSessionClaims(this, engine.users);
  }

  async createNewSession(input: CreateNewSessionCoreInput): Promise<SessionWithTokens> {
    const { tenantId, sessionDataInDatabase, useDynamicSigningKey, enableAntiCsrf } = input;
    customClaimsToText(input.accessTokenPayload);
    // Before the session is there, as the wire has no way to complete one: a change meanwhile is missed.
    const fetched = await input.fetchClaims?.(input.accessTokenPayload);
    const accessTokenPayload = mergeAtRoot(input.accessTokenPayload, fetched ?? {});
    customClaimsToText(accessTokenPayload);
    toJsonText(sessionDataInDatabase, 'sessionDataInDatabase');
    const body = {
      // The core finds out whose login method it is.
      userId: input.recipeUserId,
      userDataInJWT: accessTokenPayload,
      userDataInDatabase: sessionDataInDatabase,
      useDynamicSigningKey,
      enableAntiCsrf,
    };
    const answer = await this.client.call({ method: 'POST', path: '/recipe/session', tenantId, body, answer: tokens });
    if (answer.session.userId !== input.userId) {
      await this.revokeSessions([answer.session.handle]);
      throw new BadInputError(`The core knows no login method ${input.recipeUserId} of the user ${input.userId}`);
    }
    const refusal = await this.findRefusal(input);
    if (refusal !== undefined) {
      await this.revokeSessions([answer.session.handle]);
      throw new SessionRefusedError(refusal, input);
    }
    return this.withTokens(answer);
  }

  @Immediate('verifyAccessToken')
  async verifySession(input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    return this.verifyAccessToken(input);
  }

  private verifyAccessToken(input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    return this.accessTokens.verify(input);
  }

  async readAccessToken(accessToken: string): Promise<CoreSession | undefined> {
    return this.accessTokens.read(accessToken);
  }

  async sessionOfRefreshToken(refreshToken: string): Promise<string | undefined> {
    return canBeToken(refreshToken) && refreshToken.endsWith('.V2') ? refreshToken : undefined;
  }

  async refreshSession(input: {
    refreshToken: string;
    antiCsrfToken?: string;
    enableAntiCsrf: boolean;
    useDynamicSigningKey: boolean;
    admits?(customClaims: Readonly<JsonObject>): boolean;
  }): Promise<RefreshSessionResult> {
    const { refreshToken, antiCsrfToken, enableAntiCsrf, useDynamicSigningKey } = input;
    if (!canBeToken(refreshToken)) return { status: 'UNAUTHORISED', message: 'The refresh token is not readable' };
    const body = {
      refreshToken,
      antiCsrfToken: canBeToken(antiCsrfToken) ? antiCsrfToken : undefined,
      enableAntiCsrf,
      useDynamicSigningKey,
    };
    const answer = await this.client.call({ method: 'POST', path: '/recipe/session/refresh', body, answer: refreshed });
    if (answer.status === 'UNAUTHORISED') return answer;
    if (answer.status === 'OK') {
      const tokens = this.withTokens(answer);
      if (input.admits?.(tokens.session.accessTokenPayload) !== false) return { status: 'OK', ...tokens };
      return { status: 'UNAUTHORISED', message: 'The session is of another application' };
    }
    const { handle, userId, recipeUserId = userId } = answer.session;
    return { status: answer.status, session: { handle, userId, recipeUserId } };
  }

  async regenerateAccessToken(input: RegenerateAccessTokenCoreInput): Promise<RegenerateAccessTokenResult> {
    const { accessToken, accessTokenPayload, accessTokenPayloadUpdate } = input;
    const change = claimsChangeOf(input);
    const sent = readAccessToken(accessToken);
    if (sent === undefined) return { status: 'UNAUTHORISED' };
    if (change === undefined || accessTokenPayloadUpdate === undefined) {
      return this.regenerate(accessToken, sent, accessTokenPayload);
    }
    const merged = await this.claims.change(sent.claims.sessionHandle, change, async (claims) => {
      const result = await this.regenerate(accessToken, sent, claims);
      return result.status === 'OK' ? { ...result, isApplied: claims !== undefined } : result;
    });
    return merged ?? { status: 'UNAUTHORISED' };
  }

  async updateClaims(owner: FactOwner, fetchUpdate: (group: SessionGroup) => Promise<JsonObject>): Promise<void> {
    await this.claims.changeAll(owner, fetchUpdate);
  }

  async exclusively<T>(sessionHandle: string, work: () => Promise<T>): Promise<T> {
    return this.claims.inLine(sessionHandle, work);
  }

  async getSessionInformation(sessionHandle: string): Promise<SessionInformation | undefined> {
    if (!canBeLookedUp(sessionHandle)) return undefined;
    const query = { sessionHandle };
    const answer = await this.client.call({ method: 'GET', path: '/recipe/session', query, answer: information });
    if (answer.status === 'UNAUTHORISED') return undefined;
    return {
      sessionHandle: answer.sessionHandle,
      userId: answer.userId,
      recipeUserId: answer.recipeUserId ?? answer.userId,
      tenantId: answer.tenantId,
      timeCreated: answer.timeCreated,
      expiry: answer.expiry,
      sessionDataInDatabase: answer.userDataInDatabase,
      customClaimsInAccessTokenPayload: answer.userDataInJWT,
    };
  }

  async getAllSessionHandlesForUser({ userId, tenantId, ofLinkedAccounts }: SessionsOfUser): Promise<string[]> {
    const query = {
      // With an id that nobody has, so that the tenant is asked for as well.
      userId: canBeLookedUp(userId) ? userId : '-',
      fetchAcrossAllTenants: tenantId === undefined,
      fetchSessionsForAllLinkedAccounts: ofLinkedAccounts,
    };
    const path = '/recipe/session/user';
    const { sessionHandles } = await this.client.call({ method: 'GET', path, tenantId, query, answer: handles });
    return canBeLookedUp(userId) ? sessionHandles : [];
  }

  async revokeSessions(sessionHandles: string[]): Promise<string[]> {
    if (sessionHandles.length === 0) return [];
    return this.remove({ sessionHandles: [...new Set(sessionHandles)] });
  }

  async revokeAllSessionsForUser({ userId, tenantId, ofLinkedAccounts }: SessionsOfUser): Promise<string[]> {
    const revokeAcrossAllTenants = tenantId === undefined;
    return this.remove({ userId, revokeAcrossAllTenants, revokeSessionsForLinkedAccounts: ofLinkedAccounts }, tenantId);
  }

  async updateSessionData({ sessionHandle, sessionData }: { sessionHandle: string; sessionData: JsonObject }) {
    toJsonText(sessionData, 'sessionData');
    return this.change('/recipe/session/data', { sessionHandle, userDataInDatabase: sessionData });
  }

  async updateAccessTokenPayload(input: { sessionHandle: string; accessTokenPayload: JsonObject }): Promise<boolean> {
    const { sessionHandle, accessTokenPayload } = input;
    customClaimsToText(accessTokenPayload);
    return this.change('/recipe/jwt/data', { sessionHandle, userDataInJWT: accessTokenPayload });
  }

  async getAccessTokenLifeTimeMS(): Promise<number> {
    return (await readLifetimes(this.client)).accessTokenMs;
  }

  async getRefreshTokenLifeTimeMS(): Promise<number> {
    return (await readLifetimes(this.client)).refreshTokenMs;
  }

  /**
   * Called once the session is there: a user who is deleted, or leaves the tenant, after this call loses the session
   * by that, and this call sees one who did so before.
   */
  private async findRefusal(input: CreateNewSessionCoreInput): Promise<SessionRefusal | undefined> {
    const { holder = 'anybody', userId, recipeUserId, tenantId, credentialsVersion } = input;
    if (holder === 'anybody') return undefined;
    const isKnownToCore = holder === 'member' || credentialsVersion !== undefined;
    const user = await this.engine.users.getUser(recipeUserId);
    if (user === undefined) return isKnownToCore ? 'UNKNOWN_USER' : undefined;
    const method = user.loginMethods.find((each) => each.recipeUserId === recipeUserId);
    const isMember = method?.tenantIds.some((id) => id.toLowerCase() === tenantId.toLowerCase()) === true;
    return user.id === userId && isMember ? undefined : 'NOT_IN_TENANT';
  }

  private async regenerate(
    accessToken: string,
    sent: ReadAccessToken,
    accessTokenPayload: JsonObject | undefined,
  ): Promise<RegenerateAccessTokenResult> {
    const body = { accessToken, userDataInJWT: accessTokenPayload };
    const path = '/recipe/session/regenerate';
    const answer = await this.client.call({ method: 'POST', path, body, isRepeatable: true, answer: regenerated });
    if (answer.status === 'UNAUTHORISED') return { status: 'UNAUTHORISED' };
    if (answer.accessToken !== undefined) {
      const session = this.sessionIn(answer.accessToken);
      return { status: 'OK', session, accessToken: answer.accessToken, isApplied: true };
    }
    // The token had expired: the core changed the session only.
    const session = toCoreSession(sent.claims, { ...answer.session.userDataInJWT, ...standardClaims(sent) });
    const { exp, iat } = sent.claims;
    const unchanged = { token: accessToken, expiry: exp * 1000, createdTime: iat * 1000 };
    return { status: 'OK', session, accessToken: unchanged, isApplied: true };
  }

  private async change(path: string, body: object): Promise<boolean> {
    return (await this.client.call({ method: 'PUT', path, body, answer: changed })).status === 'OK';
  }

  private async remove(body: object, tenantId?: string): Promise<string[]> {
    // Made again after a lost answer, it would name fewer than were revoked; they are revoked all the same.
    const call = { method: 'POST', path: '/recipe/session/remove', tenantId, body, isRepeatable: true } as const;
    const { sessionHandlesRevoked } = await this.client.call({ ...call, answer: revoked });
    this.engine.feed?.addEnded(sessionHandlesRevoked);
    return sessionHandlesRevoked;
  }

  private withTokens({ accessToken, refreshToken, antiCsrfToken }: z.infer<typeof tokens>): SessionWithTokens {
    const issued: SessionWithTokens = { session: this.sessionIn(accessToken), accessToken, refreshToken };
    return antiCsrfToken == null ? issued : { ...issued, antiCsrfToken };
  }

  private sessionIn(issued: Token): CoreSession {
    const read = readAccessToken(issued.token);
    if (read === undefined) throw new StorageUnavailableError({ detail: 'the core issued an unreadable access token' });
    this.ring.expect(read.header.kid);
    return toCoreSession(read.claims, read.payload);
  }
}

function canBeToken(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= MAX_TOKEN_LENGTH;
}

/** By name: the claims that were read are the whole payload. */
function standardClaims({ claims }: ReadAccessToken): JsonObject {
  const { sub, iat, exp, sessionHandle, refreshTokenHash1, parentRefreshTokenHash1, antiCsrfToken, tId, rsub } = claims;
  return { sub, iat, exp, sessionHandle, refreshTokenHash1, parentRefreshTokenHash1, antiCsrfToken, tId, rsub };
}
