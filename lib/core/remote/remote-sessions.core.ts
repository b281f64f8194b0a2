import { z } from 'zod';
import { BadInputError, StorageUnavailableError } from '../auth.error.js';
import {
  customClaimsToText,
  readAccessToken,
  type ReadAccessToken,
  toCoreSession,
} from '../access-token/access-token.js';
import { toJsonText } from '../json.js';
import type { JsonObject } from '../json.types.js';
import {
  type CoreSession,
  type CreateNewSessionCoreInput,
  type RefreshSessionResult,
  type RegenerateAccessTokenResult,
  type SessionInformation,
  SessionsCore,
  type SessionWithTokens,
  type Token,
  type VerifySessionResult,
} from '../sessions.core.js';
import { jsonObject, ok, statusOf, token } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';
import { RemoteAccessTokens } from './remote-access-tokens.js';
import type { VerifyAccessTokenInput } from '../access-token/access-token.verifier.js';
import type { RemoteKeyRing } from './remote-key-ring.js';
import { readLifetimes } from './remote-lifetimes.js';

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

export class RemoteSessionsCore extends SessionsCore {
  private readonly accessTokens: RemoteAccessTokens;

  constructor(
    private readonly client: CoreClient,
    private readonly ring: RemoteKeyRing,
    clock: () => number,
  ) {
    super();
    this.accessTokens = new RemoteAccessTokens(client, ring, clock);
  }

  async createNewSession(input: CreateNewSessionCoreInput): Promise<SessionWithTokens> {
    const { tenantId, accessTokenPayload, sessionDataInDatabase, useDynamicSigningKey, enableAntiCsrf } = input;
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
    return this.withTokens(answer);
  }

  verifySession(input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    return this.accessTokens.verify(input);
  }

  async refreshSession(input: {
    refreshToken: string;
    antiCsrfToken?: string;
    enableAntiCsrf: boolean;
    useDynamicSigningKey: boolean;
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
    if (answer.status === 'OK') return { status: 'OK', ...this.withTokens(answer) };
    const { handle, userId, recipeUserId = userId } = answer.session;
    return { status: answer.status, session: { handle, userId, recipeUserId } };
  }

  async regenerateAccessToken(input: {
    accessToken: string;
    accessTokenPayload?: JsonObject;
  }): Promise<RegenerateAccessTokenResult> {
    const { accessToken, accessTokenPayload } = input;
    if (accessTokenPayload !== undefined) customClaimsToText(accessTokenPayload);
    const sent = readAccessToken(accessToken);
    if (sent === undefined) return { status: 'UNAUTHORISED' };
    const body = { accessToken, userDataInJWT: accessTokenPayload };
    const path = '/recipe/session/regenerate';
    const answer = await this.client.call({ method: 'POST', path, body, isRepeatable: true, answer: regenerated });
    if (answer.status === 'UNAUTHORISED') return { status: 'UNAUTHORISED' };
    if (answer.accessToken !== undefined) {
      return { status: 'OK', session: this.sessionIn(answer.accessToken), accessToken: answer.accessToken };
    }
    // The token had expired: the core changed the session only.
    const session = toCoreSession(sent.claims, { ...answer.session.userDataInJWT, ...standardClaims(sent) });
    const { exp, iat } = sent.claims;
    return { status: 'OK', session, accessToken: { token: accessToken, expiry: exp * 1000, createdTime: iat * 1000 } };
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

  async getAllSessionHandlesForUser({ userId, tenantId }: { userId: string; tenantId?: string }): Promise<string[]> {
    // With an id that nobody has, so that the tenant is asked for as well.
    const query = { userId: canBeLookedUp(userId) ? userId : '-', fetchAcrossAllTenants: tenantId === undefined };
    const path = '/recipe/session/user';
    const { sessionHandles } = await this.client.call({ method: 'GET', path, tenantId, query, answer: handles });
    return canBeLookedUp(userId) ? sessionHandles : [];
  }

  async revokeSessions(sessionHandles: string[]): Promise<string[]> {
    if (sessionHandles.length === 0) return [];
    return this.remove({ sessionHandles: [...new Set(sessionHandles)] });
  }

  async revokeAllSessionsForUser({ userId, tenantId }: { userId: string; tenantId?: string }): Promise<string[]> {
    return this.remove({ userId, revokeAcrossAllTenants: tenantId === undefined }, tenantId);
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

  private async change(path: string, body: object): Promise<boolean> {
    return (await this.client.call({ method: 'PUT', path, body, answer: changed })).status === 'OK';
  }

  private async remove(body: object, tenantId?: string): Promise<string[]> {
    // Made again after a lost answer, it would name fewer than were revoked; they are revoked all the same.
    const call = { method: 'POST', path: '/recipe/session/remove', tenantId, body, isRepeatable: true } as const;
    return (await this.client.call({ ...call, answer: revoked })).sessionHandlesRevoked;
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
