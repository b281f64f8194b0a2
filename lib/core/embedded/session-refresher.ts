import type { JsonObject } from '../json.types.js';
import type { RefreshSessionResult, RefreshTokenRotation, VerifySessionResult } from '../sessions.core.js';
import type { VerifiedAccessToken } from '../access-token/access-token.verifier.js';
import type { EmbeddedSigningKeysCore } from './embedded-signing-keys.core.js';
import {
  antiCsrfTokenOf,
  hashRefreshToken,
  isGenuine,
  needsAntiCsrf,
  readRefreshToken,
  type RefreshToken,
  successorOf,
} from './refresh-token.js';
import { issueTokens, reissueAccessToken } from './session-issuer.js';
import type { SessionAge } from './storage/session-age.js';
import type { SessionRow, SessionsStorage } from './storage/sessions.storage.js';
import { equalText } from '../equal-text.js';

export interface RefreshInput {
  refreshToken: string;
  antiCsrfToken?: string;
  enableAntiCsrf: boolean;
  useDynamicSigningKey: boolean;
  rotation?: RefreshTokenRotation;
  admits?(customClaims: Readonly<JsonObject>): boolean;
}

export interface SessionRefresherDependencies {
  keys: EmbeddedSigningKeysCore;
  age: SessionAge;
  accessTokenLifetimeSeconds: number;
  refreshTokenLifetimeSeconds: number;
  refreshGraceSeconds: number;
  clock: () => number;
}

/** Exchanges refresh tokens. @see RFC 9700 §4.14.2 */
export class SessionRefresher {
  constructor(
    private readonly storage: SessionsStorage,
    private readonly engine: SessionRefresherDependencies,
  ) {}

  /** @returns the handle of a session that has issued the token, spent or not */
  async sessionOf(text: string): Promise<string | undefined> {
    const token = readRefreshToken(text);
    const row = token && (await this.storage.find(token.sessionHandle, this.engine.clock()));
    return row && isGenuine(token!, row.refresh_secret) ? row.session_handle : undefined;
  }

  async refresh(input: RefreshInput): Promise<RefreshSessionResult> {
    const { clock, keys } = this.engine;
    const waitsForUse = input.rotation === 'when-child-is-used';
    const parent = readRefreshToken(input.refreshToken);
    if (parent === undefined) return unauthorised('The refresh token is not readable');
    const row = await this.storage.find(parent.sessionHandle, clock());
    if (row === undefined) return unauthorised('The session does not exist');
    if (!isGenuine(parent, row.refresh_secret)) return unauthorised('The refresh token was not issued by us');
    if (input.enableAntiCsrf && needsAntiCsrf(parent) && !hasAntiCsrfToken(input, row)) {
      return unauthorised('The anti-CSRF token is missing or wrong');
    }

    if (input.admits?.(JSON.parse(row.access_token_payload) as JsonObject) === false) {
      return unauthorised('The session is of another application');
    }

    // Before the rotation: what can fail should fail while the parent is still good.
    const key = await keys.signingKey(input.useDynamicSigningKey ? 'dynamic' : 'static');
    const nowMs = clock();
    const successor = successorOf(parent, row.refresh_secret, input.enableAntiCsrf);
    const rotated = await this.rotate(row, parent, successor, nowMs, waitsForUse);
    if ('status' in rotated) return rotated;
    const refreshToken = storedSuccessor(parent, rotated, successor);

    const { accessTokenLifetimeSeconds } = this.engine;
    const { enableAntiCsrf } = input;
    const parentRefreshTokenHash = waitsForUse ? hashRefreshToken(parent.text) : undefined;
    const tokens = {
      row: rotated,
      refreshToken,
      parentRefreshTokenHash,
      enableAntiCsrf,
      key,
      nowMs,
      accessTokenLifetimeSeconds,
    };
    return { status: 'OK', ...(await issueTokens(tokens)) };
  }

  /**
   * Rotation by use: the first sight of an access token spends the parent of its refresh token.
   * @param verified an access token that names a parent
   */
  async useChild(verified: VerifiedAccessToken): Promise<VerifySessionResult> {
    const { clock, keys } = this.engine;
    const { sessionHandle, refreshTokenHash1 } = verified.claims;
    // Before anything is spent: see refresh.
    const key = await keys.signingKey(verified.keyKind);
    const nowMs = clock();
    const row = await this.storage.find(sessionHandle, nowMs);
    if (row === undefined) return { status: 'UNAUTHORISED', message: 'The session does not exist' };
    // The session has moved on to later tokens, and the parent was spent by that.
    if (row.refresh_token_hash !== refreshTokenHash1) return { status: 'OK', session: verified.session };
    if (row.previous_refresh_token_hash !== null) {
      await this.storage.forgetPrevious(sessionHandle, refreshTokenHash1);
    }
    return { status: 'OK', ...(await reissueAccessToken(verified, row, null, key, nowMs)) };
  }

  /** @returns the row with the successor as its current token, or why there is none */
  private async rotate(
    seen: SessionRow,
    parent: RefreshToken,
    successor: string,
    nowMs: number,
    waitsForUse: boolean,
  ): Promise<SessionRow | RefreshSessionResult> {
    const parentHash = hashRefreshToken(parent.text);
    let row: SessionRow | undefined = seen;
    if (row.refresh_token_hash === parentHash) {
      const { age, refreshTokenLifetimeSeconds } = this.engine;
      const expiresAtMs = age.cut(nowMs + refreshTokenLifetimeSeconds * 1000, row.created_at_ms);
      const rotated = await this.storage.rotate(
        row.session_handle,
        parentHash,
        hashRefreshToken(successor),
        nowMs,
        expiresAtMs,
      );
      if (rotated !== undefined) return rotated;
      // Somebody was faster.
      row = await this.storage.find(row.session_handle, nowMs);
      if (row === undefined) return unauthorised('The session does not exist');
    }

    // What was used since has had it forgotten.
    const isGood = waitsForUse || nowMs - row.rotated_at_ms < this.engine.refreshGraceSeconds * 1000;
    if (row.previous_refresh_token_hash === parentHash && isGood) return row;
    return {
      status: 'TOKEN_THEFT_DETECTED',
      session: { handle: row.session_handle, userId: row.user_id, recipeUserId: row.recipe_user_id },
    };
  }
}

/** Of two who refresh at once, one with anti-CSRF and one without, both get the successor of the one who was faster. */
function storedSuccessor(parent: RefreshToken, row: SessionRow, successor: string): string {
  const both = [true, false].map((enableAntiCsrf) => successorOf(parent, row.refresh_secret, enableAntiCsrf));
  return both.find((token) => hashRefreshToken(token) === row.refresh_token_hash) ?? successor;
}

function hasAntiCsrfToken(input: RefreshInput, row: SessionRow): boolean {
  const expected = antiCsrfTokenOf(input.refreshToken, row.refresh_secret);
  return typeof input.antiCsrfToken === 'string' && equalText(input.antiCsrfToken, expected);
}

function unauthorised(message: string): RefreshSessionResult {
  return { status: 'UNAUTHORISED', message };
}
