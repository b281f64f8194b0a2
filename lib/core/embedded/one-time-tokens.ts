import { createHash, randomBytes } from 'node:crypto';
import type { DeletedUser, NeedsHousekeeping, OwnsTenantData, OwnsUserData } from './engine-part.js';
import { deleteInBatches } from './housekeeper.js';
import { type LockedLoginMethod, LoginMethodsStorage } from './storage/login-methods.storage.js';
import {
  type FoundToken,
  OneTimeTokensStorage,
  type SpentToken,
  type TokensOfUser,
} from './storage/one-time-tokens.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** What tokens are for; each kind is found by its own name only. */
export interface TokenKind {
  /** Kept with each token, so it must never change. */
  readonly name: string;
  /** What a token that is spent takes with it: every other one of the login method, or those of its subject only. */
  readonly spendsOthers: 'OF_USER' | 'OF_SUBJECT';
  /** How many of one login method work at a time in one tenant; a further one replaces the oldest. @default any number */
  readonly maxLive?: number;
  /** What spent tokens are kept as until they would have expired, so that `find` knows them. @default they are forgotten */
  readonly spentKind?: Pick<TokenKind, 'name'>;
}

/**
 * Of links in emails. As many as the attempt limits let anybody ask for in the hour in which a reset link works, so that
 * nobody makes a link in another one's inbox useless by asking for more.
 */
export const MAX_LIVE_LINKS = 10;

/** For whom a one-time token is made, and until when it works. */
export interface NewToken {
  tenantId: string;
  /** A login method, under whatever id it is known by. */
  recipeUserId: string;
  /** What it is about, such as the email address it is sent to. */
  subject: string;
  expiresAtMs: number;
}

/**
 * Tokens that are sent to somebody and work once, of every kind. Only their hash is stored. They go with their user and
 * their tenant, and some time after they have expired.
 */
export class OneTimeTokens implements OwnsUserData, OwnsTenantData, NeedsHousekeeping {
  private readonly storage: OneTimeTokensStorage;
  private readonly loginMethods: LoginMethodsStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly clock: () => number,
  ) {
    this.storage = new OneTimeTokensStorage(database);
    this.loginMethods = new LoginMethodsStorage(database);
  }

  /** @returns the token, which nothing keeps */
  async create(kind: TokenKind, { tenantId, recipeUserId, subject, expiresAtMs }: NewToken): Promise<string> {
    const token = randomBytes(48).toString('base64url');
    const tokenHash = hashOf(token);
    await this.storage.insert({
      token_hash: tokenHash,
      kind: kind.name,
      recipe_user_id: recipeUserId,
      tenant_id: tenantId,
      subject,
      expires_at_ms: expiresAtMs,
    });
    // Afterwards: of several at once, the last then sees those of all.
    if (kind.maxLive !== undefined) {
      await this.storage.keepNewest({ kind: kind.name, recipeUserId, tenantId, tokenHash }, kind.maxLive);
    }
    return token;
  }

  /**
   * Spends the token, with others as its kind says. Within a transaction, which then locks its login method, if there is
   * one: a transaction that deletes or changes it at the same time waits, or came before.
   *
   * @returns undefined, and nothing is spent, for a token that does not work
   */
  async spend(
    kind: TokenKind,
    tenantId: string,
    token: string,
  ): Promise<(SpentToken & { loginMethod: LockedLoginMethod | undefined }) | undefined> {
    if (!looksLikeOneTimeToken(token)) return undefined;
    const tokenHash = hashOf(token);
    const owner = await this.storage.findOwner(kind.name, tokenHash);
    if (owner === undefined) return undefined;
    // The login method first, as in every change of one: in another order two would wait for each other.
    const loginMethod = await this.loginMethods.lock(owner);
    const presented = { kind: kind.name, tokenHash, tenantId, nowMs: this.clock() };
    const spent = await this.storage.spend(presented, kind.spendsOthers, kind.spentKind?.name);
    return spent && { ...spent, loginMethod };
  }

  /** A token that works, without spending it. @returns its login method under our own id, and what it is about */
  async find(kind: Pick<TokenKind, 'name'>, tenantId: string, token: string): Promise<FoundToken | undefined> {
    if (!looksLikeOneTimeToken(token)) return undefined;
    return this.storage.find({ kind: kind.name, tokenHash: hashOf(token), tenantId, nowMs: this.clock() });
  }

  /** Makes the tokens of a login method useless. */
  async revoke(kind: TokenKind, tokens: TokensOfUser): Promise<void> {
    await this.storage.revoke(kind.name, tokens);
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    await this.storage.deleteUserData([userId, ...recipeUserIds]);
  }

  async deleteTenantData({ tenantId, recipeUserId }: { tenantId: string; recipeUserId?: string }): Promise<void> {
    await this.storage.deleteTenantData(tenantId, recipeUserId);
  }

  async housekeep(): Promise<void> {
    await deleteInBatches((limit) => this.storage.deleteExpired(this.clock(), limit));
  }
}

/** Spares the database what cannot be one. */
export function looksLikeOneTimeToken(token: unknown): token is string {
  return typeof token === 'string' && /^[\w-]{64}$/.test(token);
}

/** A plain hash of that much randomness gives nothing away. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
