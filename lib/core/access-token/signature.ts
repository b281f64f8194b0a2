import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { PublicKeyMembers, SigningAlgorithm } from '../signing-keys.core.js';

/** RFC 7518 §3.3. */
const MIN_MODULUS_BITS = 2048;

/**
 * The public half of a key that signs tokens.
 * @throws {Error} it is too short, or no such key
 */
export function importVerificationKey(members: PublicKeyMembers): KeyObject {
  // Without `alg` and `use`, which a key that is published elsewhere may say anything in.
  const key = createPublicKey({ key: { ...members }, format: 'jwk' });
  const bits = key.asymmetricKeyDetails?.modulusLength ?? MIN_MODULUS_BITS;
  if (bits < MIN_MODULUS_BITS)
    throw new Error(`A key of ${bits} bits, shorter than ${MIN_MODULUS_BITS}, verifies nothing`);
  if (algorithmOf(key) === undefined) throw new Error(`A key of type ${key.asymmetricKeyType} signs no tokens`);
  return key;
}

/** The one algorithm that a key is for, whatever a token's header says. @returns undefined for a key that signs no tokens */
export function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  const isOnP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return isOnP256 ? 'ES256' : undefined;
}

/**
 * Verifies a signature at once, on the main thread: that takes less than the way to another thread and back, and waits
 * for nobody's password.
 * @param token a compact JWS, whose header was looked at
 */
export function isSignedBy(token: string, publicKey: KeyObject): boolean {
  const end = token.lastIndexOf('.');
  // Ed25519 hashes by itself.
  const digest = publicKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signed = Buffer.from(token.slice(0, end));
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  // JWS has both halves of an ECDSA signature one after the other: RFC 7518 §3.4.
  return verify(digest, signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}
