import type { JsonObject } from '../json.types.js';
import type { RefreshSessionResult, RefreshTokenRotation } from '../sessions.core.js';
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
import { awaitsUse } from './first-use.js';
import { issueTokens } from './session-issuer.js';
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

/** A client that asks again so soon did so at once, and a busy machine was slow; even where there is no grace after the use of a child. */
const AT_ONCE_MS = 10_000;

/**
 * Exchanges refresh tokens. Where rotation waits for the use of a successor, the parent goes on working until then. After the
 * grace period it yields another successor each time, so that a thief who has refreshed before the owner, and keeps
 * quiet, does not hold the same token as the owner: the session knows the first and the latest one until either is
 * seen, and the other one is a stolen one from then on.
 * @see RFC 9700 §4.14.2
 */
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
    const rotated = await this.rotate(row, parent, input, nowMs);
    if ('status' in rotated) return rotated;

    const { accessTokenLifetimeSeconds } = this.engine;
    const { enableAntiCsrf } = input;
    const { row: now, refreshToken } = rotated;
    const isAwaited = waitsForUse(input) && awaitsUse(now);
    const parentRefreshTokenHash = isAwaited ? hashRefreshToken(parent.text) : undefined;
    const tokens = {
      row: now,
      refreshToken,
      parentRefreshTokenHash,
      enableAntiCsrf,
      key,
      nowMs,
      accessTokenLifetimeSeconds,
    };
    return { status: 'OK', ...(await issueTokens(tokens)) };
  }

  /** @returns the session with the successor of the parent as its current token, or why the parent has no successor */
  private async rotate(
    found: SessionRow,
    parent: RefreshToken,
    input: RefreshInput,
    nowMs: number,
  ): Promise<Rotated | RefreshSessionResult> {
    const parentHash = hashRefreshToken(parent.text);
    let row: SessionRow | undefined = found;
    for (;;) {
      const isCurrent = row.refresh_token_hash === parentHash;
      const isSibling = awaitsUse(row) && row.unseen_refresh_token_hash === parentHash;
      const isPrevious = row.previous_refresh_token_hash === parentHash;
      const isRepeated = isPrevious && waitsForUse(input) && awaitsUse(row);
      const graceMs = Math.max(this.engine.refreshGraceSeconds * 1000, isRepeated ? AT_ONCE_MS : 0);
      const isAtOnce = nowMs - row.rotated_at_ms < graceMs;
      if (isPrevious && isAtOnce) {
        const refreshToken = storedSuccessor(parent, row);
        if (refreshToken !== undefined) return { row, refreshToken };
      }
      if (!isCurrent && !isSibling && !isRepeated) return theftOf(row);

      const refreshToken = successorOf(
        parent,
        row.refresh_secret,
        input.enableAntiCsrf,
        isRepeated ? nowMs : undefined,
      );
      const rotation = { ...this.times(row, nowMs), refresh_token_hash: hashRefreshToken(refreshToken) };
      const spending = {
        previous_refresh_token_hash: parentHash,
        unseen_refresh_token_hash: waitsForUse(input) ? rotation.refresh_token_hash : null,
      };
      const rotated: SessionRow | undefined = await this.storage.rotate(
        row,
        isRepeated ? rotation : { ...rotation, ...spending },
        nowMs,
        { whileUnseen: !isCurrent },
      );
      if (rotated !== undefined) return { row: rotated, refreshToken };
      // Somebody was faster.
      row = await this.storage.find(row.session_handle, nowMs);
      if (row === undefined) return unauthorised('The session does not exist');
    }
  }

  private times(row: SessionRow, nowMs: number) {
    const { age, refreshTokenLifetimeSeconds } = this.engine;
    return {
      rotated_at_ms: nowMs,
      expires_at_ms: age.cut(nowMs + refreshTokenLifetimeSeconds * 1000, row.created_at_ms),
    };
  }
}

interface Rotated {
  row: SessionRow;
  refreshToken: string;
}

function waitsForUse(input: RefreshInput): boolean {
  return input.rotation === 'when-child-is-used';
}

function theftOf({ session_handle: handle, user_id: userId, recipe_user_id: recipeUserId }: SessionRow) {
  return { status: 'TOKEN_THEFT_DETECTED', session: { handle, userId, recipeUserId } } as const;
}

/**
 * The successor that the session has. Of two who refresh at once, one with anti-CSRF and one without, both get that of the one
 * who was faster.
 * @returns undefined where it cannot be told from the parent
 */
function storedSuccessor(parent: RefreshToken, row: SessionRow): string | undefined {
  for (const enableAntiCsrf of [true, false]) {
    for (const repeatedAtMs of [undefined, row.rotated_at_ms]) {
      const token = successorOf(parent, row.refresh_secret, enableAntiCsrf, repeatedAtMs);
      if (hashRefreshToken(token) === row.refresh_token_hash) return token;
    }
  }
  return undefined;
}

function hasAntiCsrfToken(input: RefreshInput, row: SessionRow): boolean {
  const expected = antiCsrfTokenOf(input.refreshToken, row.refresh_secret);
  return typeof input.antiCsrfToken === 'string' && equalText(input.antiCsrfToken, expected);
}

function unauthorised(message: string): RefreshSessionResult {
  return { status: 'UNAUTHORISED', message };
}
