import type { JsonObject } from './json.types.js';

/**
 * How tokens are signed: by RSA with 2048 bits, by ECDSA on the curve P-256, or by Ed25519.
 * @see RFC 7518 §3, RFC 8037 §3
 */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

/** In messages and options in this order. */
export const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const satisfies SigningAlgorithm[];

/** What a public key consists of, by its algorithm. @see RFC 7518 §6, RFC 8037 §2 */
export type PublicKeyMembers =
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'EC'; crv: 'P-256'; x: string; y: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string };

/** A public key. @see RFC 7517 §4 */
export type JsonWebKey = PublicKeyMembers & { kid: string; alg: SigningAlgorithm; use: 'sig' };

/** A hundred years: `exp` stays a whole number of seconds that every language can read as a date. */
export const MAX_JWT_VALIDITY_SECONDS = 100 * 365 * 86_400;

/** A key that must not be trusted any more is forgotten by verifiers within ten minutes. */
export const MAX_JWKS_AGE_SECONDS = 600;

export interface CreateJWTInput {
  /** Claims of the caller. `iat`, `exp` and, where an issuer is given, `iss` are not taken from it. */
  payload: JsonObject;
  /** From 1 to `MAX_JWT_VALIDITY_SECONDS`. What outlives an access token should be signed with the static key: the others retire. */
  validitySeconds: number;
  /** True signs with the rotating key (`d-…`), false with the static one (`s-…`). */
  useDynamicSigningKey: boolean;
  issuer?: string;
}

/** Public keys for the verification of access tokens. @see RFC 7517 §5 */
export interface JsonWebKeySet {
  keys: JsonWebKey[];
  /** How long a client may keep the set, in seconds: less than the set's remaining life, and at most 600. */
  maxAgeSeconds: number;
}

/** The keys that sign access tokens: dynamic ones (`d-…`) rotate, the static one (`s-…`) does not. */
export abstract class SigningKeysCore {
  /** Every key a live token may be signed with. */
  abstract getJWKS(): Promise<JsonWebKeySet>;

  /**
   * Signs a JWT that is not an access token and is never taken for one.
   * @throws {BadInputError} the payload is not JSON, or the validity is not a whole number of seconds
   */
  abstract createJWT(input: CreateJWTInput): Promise<{ status: 'OK'; jwt: string }>;
}
