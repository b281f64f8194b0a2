import { randomUUID } from 'node:crypto';
import { claimsChangeOf } from '../access-token/claims-update.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import type { FactOwner } from '../facts.js';
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
  type VerifySessionResult,
} from '../sessions.core.js';
import { customClaimsToText } from '../access-token/access-token.js';
import { AccessTokenVerifier, type VerifyAccessTokenInput } from '../access-token/access-token.verifier.js';
import type { TokenWatch } from '../access-token/known-revocations.js';
import type { DeletedUser, NeedsHousekeeping, OwnsTenantData, OwnsUserData } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import { toJsonText } from '../json.js';
import { FirstUse } from './first-use.js';
import { firstRefreshToken, hashRefreshToken, newRefreshSecret } from './refresh-token.js';
import { SessionClaimsWriter } from './session-claims-writer.js';
import { issueTokens, reissueAccessToken } from './session-issuer.js';
import { SessionMaker, type SessionMakerDependencies } from './session-maker.js';
import { SessionVerifier } from './session-verifier.js';
import { type RefreshInput, SessionRefresher, type SessionRefresherDependencies } from './session-refresher.js';
import { EndedSessionsStorage } from './storage/ended-sessions.storage.js';
import type { RevocationLog } from './storage/revocation-log.js';
import { SessionAge } from './storage/session-age.js';
import type { UserActivity } from './user-activity.js';
import { SharedClaimsStorage } from './storage/shared-claims.storage.js';
import { type SessionRow, SessionsStorage } from './storage/sessions.storage.js';

interface EmbeddedSessionsDependencies
  extends Omit<SessionRefresherDependencies, 'age'>, Omit<SessionMakerDependencies, 'age' | 'ended'> {
  maxSessionLifetimeSeconds: number;
  activity: UserActivity;
  /** Undefined where revocations are not told to others, nor looked for. */
  revocations?: { log: RevocationLog; watch: TokenWatch; refreshesChangedClaims: boolean };
}

export class EmbeddedSessionsCore extends SessionsCore implements OwnsUserData, OwnsTenantData, NeedsHousekeeping {
  readonly rotations = ['when-child-is-used', 'in-refresh'] as const;
  private readonly storage: SessionsStorage;
  private readonly ended: EndedSessionsStorage;
  private readonly age: SessionAge;
  private readonly maker: SessionMaker;
  private readonly claims: SessionClaimsWriter;
  private readonly sharedClaims: SharedClaimsStorage;
  private readonly verifier: SessionVerifier;
  private readonly refresher: SessionRefresher;

  constructor(private readonly engine: EmbeddedSessionsDependencies) {
    super();
    const { database, clock, keys, revocations } = engine;
    const age = new SessionAge(engine.maxSessionLifetimeSeconds * 1000);
    this.age = age;
    this.storage = new SessionsStorage(database, age);
    this.ended = new EndedSessionsStorage(database, age, revocations?.log);
    this.sharedClaims = new SharedClaimsStorage(database);
    const claimsLog = revocations?.refreshesChangedClaims === true ? revocations.log : undefined;
    this.claims = new SessionClaimsWriter(database, clock, age, claimsLog);
    this.maker = new SessionMaker(this.claims, { ...engine, age, ended: this.ended });
    this.refresher = new SessionRefresher(this.storage, { ...engine, age });
    const tokens = new AccessTokenVerifier(keys, () => database.inTransaction);
    const firstUse = new FirstUse(this.storage, engine);
    this.verifier = new SessionVerifier(tokens, this.storage, firstUse, clock, revocations);
  }

  async createNewSession(input: CreateNewSessionCoreInput): Promise<SessionWithTokens> {
    const { tenants, keys, clock, accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds } = this.engine;
    const access_token_payload = customClaimsToText(input.accessTokenPayload);
    const session_data = toJsonText(input.sessionDataInDatabase, 'sessionDataInDatabase');
    await tenants.assertExists(input.tenantId);
    const key = await keys.signingKey(input.useDynamicSigningKey ? 'dynamic' : 'static');

    const nowMs = clock();
    const session_handle = newSessionHandle(input.tenantId);
    const refresh_secret = newRefreshSecret();
    const refreshToken = firstRefreshToken(session_handle, refresh_secret, input.enableAntiCsrf);
    const row: SessionRow = {
      session_handle,
      user_id: input.userId,
      recipe_user_id: input.recipeUserId,
      tenant_id: input.tenantId,
      refresh_token_hash: hashRefreshToken(refreshToken),
      previous_refresh_token_hash: null,
      unseen_refresh_token_hash: null,
      rotated_at_ms: nowMs,
      refresh_secret,
      access_token_payload,
      session_data,
      created_at_ms: nowMs,
      expires_at_ms: this.age.cut(nowMs + refreshTokenLifetimeSeconds * 1000, nowMs),
      claims_at_ms: 0,
    };
    const stored = await this.maker.make(row, input);
    await this.engine.activity.note(stored.user_id, nowMs);
    const { enableAntiCsrf } = input;
    return issueTokens({ row: stored, refreshToken, enableAntiCsrf, key, nowMs, accessTokenLifetimeSeconds });
  }

  @Immediate('verifyAtOnce')
  async verifySession(input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    return this.verifyAtOnce(input);
  }

  async readAccessToken(accessToken: string): Promise<CoreSession | undefined> {
    const verified = await this.verifier.read({ accessToken });
    return 'status' in verified ? undefined : verified.session;
  }

  async sessionOfRefreshToken(refreshToken: string): Promise<string | undefined> {
    return this.refresher.sessionOf(refreshToken);
  }

  async refreshSession(input: RefreshInput): Promise<RefreshSessionResult> {
    const result = await this.refresher.refresh(input);
    if (result.status === 'OK') await this.engine.activity.note(result.session.userId, this.engine.clock());
    return result;
  }

  async regenerateAccessToken(input: RegenerateAccessTokenCoreInput): Promise<RegenerateAccessTokenResult> {
    const change = claimsChangeOf(input);
    const verified = await this.verifier.read(input);
    if ('status' in verified) return { status: 'UNAUTHORISED' };

    const nowMs = this.engine.clock();
    const { handle } = verified.session;
    const key = await this.engine.keys.signingKey(verified.keyKind);
    const changed = change && (await this.claims.change(handle, change));
    const row = change === undefined ? await this.storage.find(handle, nowMs) : changed?.row;
    if (row === undefined) return { status: 'UNAUTHORISED' };

    const { parentRefreshTokenHash1 } = verified.claims;
    const reissued = await reissueAccessToken(verified, row, parentRefreshTokenHash1, key, nowMs);
    return { status: 'OK', ...reissued, isApplied: changed?.isApplied ?? true };
  }

  async updateClaims(owner: FactOwner, fetchUpdate: (group: SessionGroup) => Promise<JsonObject>): Promise<void> {
    await this.claims.changeAll(owner, fetchUpdate);
  }

  /** By the lock that reading within a transaction takes. */
  async exclusively<T>(_sessionHandle: string, work: () => Promise<T>): Promise<T> {
    return this.engine.database.transaction(work);
  }

  async getSessionInformation(sessionHandle: string): Promise<SessionInformation | undefined> {
    // Anyone who reads a session within a transaction is about to change it by what is read.
    const lock = this.engine.database.inTransaction;
    const row = await this.storage.find(sessionHandle, this.engine.clock(), { lock });
    if (row === undefined) return undefined;
    return {
      sessionHandle: row.session_handle,
      userId: row.user_id,
      recipeUserId: row.recipe_user_id,
      tenantId: row.tenant_id,
      timeCreated: row.created_at_ms,
      expiry: row.expires_at_ms,
      sessionDataInDatabase: JSON.parse(row.session_data) as JsonObject,
      customClaimsInAccessTokenPayload: JSON.parse(row.access_token_payload) as JsonObject,
    };
  }

  async getAllSessionHandlesForUser(input: SessionsOfUser): Promise<string[]> {
    await this.assertTenant(input.tenantId);
    return this.storage.handlesOfUser(input, this.engine.clock());
  }

  async revokeSessions(sessionHandles: string[]): Promise<string[]> {
    return this.ended.delete(sessionHandles, this.engine.clock());
  }

  async revokeAllSessionsForUser(input: SessionsOfUser): Promise<string[]> {
    await this.assertTenant(input.tenantId);
    return this.ended.deleteOfUser(input, this.engine.clock());
  }

  async updateSessionData(input: { sessionHandle: string; sessionData: JsonObject }): Promise<boolean> {
    const session_data = toJsonText(input.sessionData, 'sessionData');
    const row = await this.storage.update(input.sessionHandle, { session_data }, this.engine.clock());
    return row !== undefined;
  }

  async updateAccessTokenPayload(input: { sessionHandle: string; accessTokenPayload: JsonObject }): Promise<boolean> {
    const access_token_payload = customClaimsToText(input.accessTokenPayload);
    const row = await this.storage.update(input.sessionHandle, { access_token_payload }, this.engine.clock());
    return row !== undefined;
  }

  async getAccessTokenLifeTimeMS(): Promise<number> {
    return this.engine.accessTokenLifetimeSeconds * 1000;
  }

  async getRefreshTokenLifeTimeMS(): Promise<number> {
    return this.engine.refreshTokenLifetimeSeconds * 1000;
  }

  async deleteTenantData(input: { tenantId: string; userId?: string; recipeUserId?: string }): Promise<void> {
    await this.ended.deleteOfTenant(input);
    if (input.recipeUserId === undefined) await this.sharedClaims.deleteOfTenant(input.tenantId);
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    for (const id of new Set([userId, ...recipeUserIds])) {
      await this.ended.deleteOfUser({ userId: id }, this.engine.clock());
      await this.sharedClaims.deleteOfUser(id);
    }
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteExpired(this.engine.clock(), limit));
  }

  private verifyAtOnce(input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    return this.verifier.verify(input);
  }

  private async assertTenant(tenantId: string | undefined): Promise<void> {
    if (tenantId !== undefined) await this.engine.tenants.assertExists(tenantId);
  }
}

/** A tenant other than the public one can be read off the handle. */
function newSessionHandle(tenantId: string): string {
  return tenantId === PUBLIC_TENANT_ID ? randomUUID() : `${randomUUID()}_${tenantId}`;
}
