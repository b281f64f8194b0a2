import { BadInputError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import type { JsonObject } from '../json.types.js';
import { type CoreSession, PROTECTED_ACCESS_TOKEN_CLAIMS } from '../sessions.core.js';
import { deepFreeze, toJsonText } from '../json.js';

export const ACCESS_TOKEN_VERSION = '5';
/** Far more than any header or cookie carries. */
const MAX_LENGTH = 65_536;
const COMPACT_JWS = /^([\w-]+)\.([\w-]+)\.[\w-]*$/;

/** What the core itself says in an access token; `iat` and `exp` are in seconds. */
export interface AccessTokenClaims {
  sub: string;
  iat: number;
  exp: number;
  sessionHandle: string;
  refreshTokenHash1: string;
  parentRefreshTokenHash1: string | null;
  antiCsrfToken: string | null;
  tId: string;
  rsub: string;
}

interface AccessTokenHeader {
  alg: unknown;
  kid: string;
  version: unknown;
}

/** An access token as its text has it: in the right form, and not verified. */
export interface ReadAccessToken {
  header: AccessTokenHeader;
  claims: AccessTokenClaims;
  payload: JsonObject;
}

/** @returns undefined for anything that does not have the form of our access tokens */
export function readAccessToken(token: unknown): ReadAccessToken | undefined {
  const read = readSignedToken(token);
  if (read === undefined || read.header.version !== ACCESS_TOKEN_VERSION || !hasOurClaims(read.payload))
    return undefined;
  const { header, payload } = read;
  return { header, claims: payload, payload };
}

/**
 * A JWT with the claims of an access token but without a version in its header. The wire takes it for one of the latest
 * version, whose claims may be left out where they say nothing: the login method of a user who has one, the public tenant.
 *
 * @returns undefined for anything else
 */
export function readSessionJWT(token: unknown): ReadAccessToken | undefined {
  const read = readSignedToken(token);
  if (read === undefined || read.header.version !== undefined) return undefined;
  const { header, payload } = read;
  const { sub, rsub, tId, parentRefreshTokenHash1, antiCsrfToken } = payload;
  const claims: JsonObject = {
    ...payload,
    rsub: rsub ?? sub ?? null,
    tId: tId ?? PUBLIC_TENANT_ID,
    parentRefreshTokenHash1: parentRefreshTokenHash1 ?? null,
    antiCsrfToken: antiCsrfToken ?? null,
  };
  return hasOurClaims(claims) ? { header, claims, payload } : undefined;
}

function readSignedToken(token: unknown): { header: AccessTokenHeader; payload: JsonObject } | undefined {
  if (typeof token !== 'string' || token.length > MAX_LENGTH) return undefined;
  const [, headerPart, payloadPart] = COMPACT_JWS.exec(token) ?? [];
  if (headerPart === undefined || payloadPart === undefined) return undefined;
  const header = readJsonObject(headerPart);
  const payload = readJsonObject(payloadPart);
  if (header === undefined || payload === undefined) return undefined;
  if (header.typ !== 'JWT' || typeof header.kid !== 'string') return undefined;
  return { header: { alg: header.alg, kid: header.kid, version: header.version }, payload };
}

export function toCoreSession(claims: AccessTokenClaims, payload: JsonObject): CoreSession {
  return Object.freeze({
    handle: claims.sessionHandle,
    userId: claims.sub,
    recipeUserId: claims.rsub,
    tenantId: claims.tId,
    accessTokenPayload: deepFreeze(payload),
    accessTokenExpiry: claims.exp * 1000,
  });
}

/** @throws {BadInputError} a claim that the core writes itself, or something that is not JSON */
export function customClaimsToText(customClaims: JsonObject): string {
  const text = toJsonText(customClaims, 'accessTokenPayload');
  const isProtected = (claim: string): boolean =>
    Object.hasOwn(customClaims, claim) && customClaims[claim] !== undefined;
  if (PROTECTED_ACCESS_TOKEN_CLAIMS.some(isProtected)) {
    throw new BadInputError('The user payload contains protected field');
  }
  return text;
}

function readJsonObject(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function hasOurClaims(payload: JsonObject): payload is JsonObject & AccessTokenClaims {
  return (
    typeof payload.sub === 'string' &&
    typeof payload.iat === 'number' &&
    typeof payload.exp === 'number' &&
    typeof payload.sessionHandle === 'string' &&
    typeof payload.refreshTokenHash1 === 'string' &&
    isTextOrNull(payload.parentRefreshTokenHash1) &&
    isTextOrNull(payload.antiCsrfToken) &&
    typeof payload.tId === 'string' &&
    typeof payload.rsub === 'string'
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
