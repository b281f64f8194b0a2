import type { VerifiedAccessToken, VerifyAccessTokenInput } from '../access-token/access-token.verifier.js';
import { StorageUnavailableError } from '../auth.error.js';
import type { VerifySessionResult } from '../sessions.core.js';
import type { EmbeddedSigningKeysCore } from './embedded-signing-keys.core.js';
import { reissueAccessToken } from './session-issuer.js';
import type { SessionRow, SessionsStorage } from './storage/sessions.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

/** How long nobody waits for a storage that has just failed. */
const PAUSE_MS = 5000;

interface FirstUseDependencies {
  database: SqlAuthDatabase;
  keys: EmbeddedSigningKeysCore;
  clock: () => number;
}

/**
 * Rotation by use: the first sight of an access token spends the parent of its refresh token. That is the one thing for
 * which a guarded request needs the storage, so it happens once for each token, and a request does not fail by it.
 */
export class FirstUse {
  private readonly seen = new WeakSet<VerifiedAccessToken>();
  private readonly running = new WeakMap<VerifiedAccessToken, Promise<VerifySessionResult>>();
  private pausedUntilMs = 0;

  constructor(
    private readonly storage: SessionsStorage,
    private readonly engine: FirstUseDependencies,
  ) {}

  /** Whether the storage must be told of the token. */
  isDue(verified: VerifiedAccessToken, { rotation, allowsOverlap }: VerifyAccessTokenInput, mustAsk: boolean): boolean {
    if (rotation !== 'when-child-is-used' || verified.claims.parentRefreshTokenHash1 === null) return false;
    if (!allowsOverlap) return true;
    return !this.seen.has(verified) && (mustAsk || this.engine.clock() >= this.pausedUntilMs);
  }

  /**
   * @param verified an access token that names a parent
   * @param mustAsk the storage is needed for this request whatever becomes of the parent
   */
  async tell(
    verified: VerifiedAccessToken,
    input: VerifyAccessTokenInput,
    mustAsk: boolean,
  ): Promise<VerifySessionResult> {
    try {
      return await this.once(verified, input);
    } catch (error) {
      // The token is good. The parent is spent by a later request.
      if (mustAsk || !(error instanceof StorageUnavailableError)) throw error;
      this.pausedUntilMs = this.engine.clock() + PAUSE_MS;
      return { status: 'OK', session: verified.session };
    }
  }

  /** Requests that come with one token at once share the work. */
  private async once(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    // What a transaction has seen may be taken back, and others must not wait for its connection.
    if (!input.allowsOverlap || this.engine.database.inTransaction) return this.spend(verified, input);
    const running = this.running.get(verified) ?? this.spend(verified, input);
    this.running.set(verified, running);
    try {
      const result = await running;
      if (result.status === 'OK') this.seen.add(verified);
      return result;
    } finally {
      this.running.delete(verified);
    }
  }

  private async spend(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    const { clock, keys } = this.engine;
    const { sessionHandle, refreshTokenHash1, parentRefreshTokenHash1 } = verified.claims;
    // Before anything is spent: what can fail should fail while the parent is still good.
    const key = await keys.signingKey(verified.keyKind);
    const nowMs = clock();
    const row = await this.storage.find(sessionHandle, nowMs);
    if (row === undefined) return { status: 'UNAUTHORISED', message: 'The session does not exist' };
    const isAwaited = awaitsUse(row) && row.previous_refresh_token_hash === parentRefreshTokenHash1;
    const isCurrent = row.refresh_token_hash === refreshTokenHash1;
    // The session has moved on to other tokens, and the parent was spent by that.
    if (!isCurrent && !(isAwaited && row.unseen_refresh_token_hash === refreshTokenHash1)) {
      return { status: 'OK', session: verified.session };
    }
    if (isAwaited) {
      const previous = input.allowsOverlap ? row.previous_refresh_token_hash : null;
      const rotation = {
        refresh_token_hash: refreshTokenHash1,
        previous_refresh_token_hash: previous,
        unseen_refresh_token_hash: null,
      };
      await this.storage.rotate(row, rotation, nowMs, { whileUnseen: true });
    }
    return { status: 'OK', ...(await reissueAccessToken(verified, row, null, key, nowMs)) };
  }
}

/** Whether the previous token of a session works until one of its successors is seen. */
export function awaitsUse(row: SessionRow): boolean {
  const { unseen_refresh_token_hash: unseen, previous_refresh_token_hash: previous } = row;
  // A process of 0.1.0 that has refreshed the session meanwhile leaves it behind.
  return unseen !== null && unseen !== previous;
}
