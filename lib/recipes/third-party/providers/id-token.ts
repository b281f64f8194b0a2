import { createHash } from 'node:crypto';
import type { JWTPayload, RemoteJWKSet } from 'jose';

/** Signatures that only the provider can make: neither `none`, nor a secret that both sides know. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;

interface IdTokenChecks {
  keys: RemoteJWKSet;
  clientId: string;
  /** Whether tokens of that issuer are accepted. */
  isIssuer(payload: JWTPayload): boolean;
}

/**
 * @returns the payload of an id token that the provider made for this client
 * @throws an error that says what is wrong with it
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export async function verifyIdToken(idToken: string, { keys, clientId, isIssuer }: IdTokenChecks): Promise<JWTPayload> {
  const { jwtVerify } = await import('jose/jwt/verify');
  const { payload } = await jwtVerify(idToken, keys, {
    algorithms: ALGORITHMS,
    audience: clientId,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  });
  if (!isIssuer(payload)) throw new IdTokenError(`its issuer is ${payload.iss}`);
  const isForSeveral = Array.isArray(payload.aud) && payload.aud.length > 1;
  if (isForSeveral && payload.azp !== clientId) throw new IdTokenError('it was issued to another client');
  return payload;
}

class IdTokenError extends Error {}

/**
 * Ties an id token to the request it was asked for by. The client keeps the verifier anyway, so that nothing has
 * to be kept for the nonce; one hash of the other says nothing, since the challenge is another one.
 */
export function nonceFor(pkceCodeVerifier: string): string {
  return createHash('sha256').update(`nonce:${pkceCodeVerifier}`).digest('base64url');
}
