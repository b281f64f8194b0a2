import { CompactSign } from 'jose/jws/compact/sign';
import { ACCESS_TOKEN_VERSION, type AccessTokenClaims } from '../access-token/access-token.js';
import type { JsonObject } from '../json.types.js';
import type { SigningKey } from './signing-key.js';

export async function signAccessToken(
  claims: AccessTokenClaims,
  customClaims: JsonObject,
  key: SigningKey,
): Promise<{ token: string; payload: JsonObject }> {
  const text = JSON.stringify({ ...customClaims, ...claims });
  const token = await new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: key.publicJwk.alg, typ: 'JWT', kid: key.kid, version: ACCESS_TOKEN_VERSION })
    .sign(key.privateKey);
  return { token, payload: JSON.parse(text) as JsonObject };
}
