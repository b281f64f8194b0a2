import { CompactSign } from 'jose/jws/compact/sign';
import { BadInputError } from '../auth.error.js';
import type { JsonObject } from '../json.types.js';
import { type CreateJWTInput, MAX_JWT_VALIDITY_SECONDS } from '../signing-keys.core.js';
import { toJsonText } from '../json.js';
import { type SigningKey } from './signing-key.js';

/** @throws {BadInputError} */
export function jwtPayload({ payload, validitySeconds, issuer }: CreateJWTInput, nowMs: number): JsonObject {
  if (!Number.isInteger(validitySeconds) || validitySeconds < 1 || validitySeconds > MAX_JWT_VALIDITY_SECONDS) {
    throw new BadInputError(`validity must be a whole number of seconds from 1 to ${MAX_JWT_VALIDITY_SECONDS}`);
  }
  const callerClaims = JSON.parse(toJsonText(payload, 'payload')) as JsonObject;
  const iat = Math.floor(nowMs / 1000);
  const claims: JsonObject = { ...callerClaims, iat, exp: iat + validitySeconds };
  return issuer === undefined ? claims : { ...claims, iss: issuer };
}

/** Without the `version` in the header that access tokens have: none can be made this way. */
export async function signJWT(payload: JsonObject, key: SigningKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: key.publicJwk.alg, typ: 'JWT', kid: key.kid })
    .sign(key.privateKey);
}
