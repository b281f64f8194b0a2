import type { JsonObject } from '../../lib/core/json.types.js';
import {
  type CoreSession,
  PROTECTED_ACCESS_TOKEN_CLAIMS,
  type RefreshTokenRotation,
  type SessionWithTokens,
  type Token,
} from '../../lib/core/sessions.core.js';
import { type CdiVersion, isAtLeast } from './cdi-version.js';

/** A session as the wire has it; its custom claims without those that the core writes itself. */
export function sessionAnswer({ handle, userId, recipeUserId, tenantId, accessTokenPayload }: CoreSession) {
  return { handle, userId, recipeUserId, userDataInJWT: customClaimsOf(accessTokenPayload), tenantId };
}

export function tokenAnswer({ token, expiry, createdTime }: Token) {
  return { token, expiry, createdTime };
}

export function sessionWithTokensAnswer({ session, accessToken, refreshToken, antiCsrfToken }: SessionWithTokens) {
  return {
    status: 'OK',
    session: sessionAnswer(session),
    accessToken: tokenAnswer(accessToken),
    refreshToken: tokenAnswer(refreshToken),
    ...(antiCsrfToken === undefined ? {} : { antiCsrfToken }),
  };
}

export function unauthorisedAnswer(message = 'Session does not exist.') {
  return { status: 'UNAUTHORISED', message };
}

/** Drivers up to 5.4 confirm a refresh by using what it gave out. */
export function rotationOf(version: CdiVersion): RefreshTokenRotation {
  return isAtLeast(version, '5.6') ? 'in-refresh' : 'when-child-is-used';
}

function customClaimsOf(payload: Readonly<JsonObject>): JsonObject {
  const ours: readonly string[] = PROTECTED_ACCESS_TOKEN_CLAIMS;
  return Object.fromEntries(Object.entries(payload).filter(([claim]) => !ours.includes(claim)));
}
