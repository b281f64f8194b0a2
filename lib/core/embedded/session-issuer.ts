import type { JsonObject } from '../json.types.js';
import type { CoreSession, SessionWithTokens, Token } from '../sessions.core.js';
import { type AccessTokenClaims, toCoreSession } from '../access-token/access-token.js';
import { antiCsrfTokenOf, hashRefreshToken } from './refresh-token.js';
import type { VerifiedAccessToken } from '../access-token/access-token.verifier.js';
import type { SigningKey } from './signing-key.js';
import type { SessionRow } from './storage/sessions.storage.js';
import { signAccessToken } from './sign-access-token.js';

interface IssueInput {
  row: SessionRow;
  refreshToken: string;
  /** Where rotation waits for the tokens to be used: which token that will spend. */
  parentRefreshTokenHash?: string;
  enableAntiCsrf: boolean;
  key: SigningKey;
  nowMs: number;
  accessTokenLifetimeSeconds: number;
}

/** Makes the tokens that go to the client, out of what is stored and a refresh token. */
export async function issueTokens(input: IssueInput): Promise<SessionWithTokens> {
  const { row, refreshToken, nowMs } = input;
  const antiCsrfToken = input.enableAntiCsrf ? antiCsrfTokenOf(refreshToken, row.refresh_secret) : undefined;
  const iat = Math.floor(nowMs / 1000);
  const claims: AccessTokenClaims = {
    sub: row.user_id,
    iat,
    // No longer than the session itself, whose end may be near.
    exp: Math.min(iat + input.accessTokenLifetimeSeconds, Math.floor(row.expires_at_ms / 1000)),
    sessionHandle: row.session_handle,
    refreshTokenHash1: hashRefreshToken(refreshToken),
    // Also where it is not used: clients count the keys.
    parentRefreshTokenHash1: input.parentRefreshTokenHash ?? null,
    antiCsrfToken: antiCsrfToken ?? null,
    tId: row.tenant_id,
    rsub: row.recipe_user_id,
  };
  const issued: SessionWithTokens = {
    ...(await issueAccessToken(claims, row.access_token_payload, input.key, nowMs)),
    refreshToken: { token: refreshToken, expiry: row.expires_at_ms, createdTime: row.rotated_at_ms },
  };
  if (antiCsrfToken !== undefined) issued.antiCsrfToken = antiCsrfToken;
  return issued;
}

/**
 * Signs what is stored now into a new access token of the same expiry.
 * @param verified the token to replace
 */
export async function reissueAccessToken(
  { claims: verified }: VerifiedAccessToken,
  row: SessionRow,
  parentRefreshTokenHash1: string | null,
  key: SigningKey,
  nowMs: number,
): Promise<{ session: CoreSession; accessToken: Token }> {
  // Taken by name: the claims of a verified token are its whole payload.
  const { sub, exp, sessionHandle, refreshTokenHash1, antiCsrfToken, tId, rsub } = verified;
  const kept = { sub, exp, sessionHandle, refreshTokenHash1, antiCsrfToken, tId, rsub };
  const claims = { ...kept, iat: Math.floor(nowMs / 1000), parentRefreshTokenHash1 };
  return issueAccessToken(claims, row.access_token_payload, key, nowMs);
}

/** @param customClaimsText as stored */
async function issueAccessToken(
  claims: AccessTokenClaims,
  customClaimsText: string,
  key: SigningKey,
  nowMs: number,
): Promise<{ session: CoreSession; accessToken: Token }> {
  const { token, payload } = await signAccessToken(claims, JSON.parse(customClaimsText) as JsonObject, key);
  return {
    session: toCoreSession(claims, payload),
    accessToken: { token, expiry: claims.exp * 1000, createdTime: nowMs },
  };
}
