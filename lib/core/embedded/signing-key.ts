import { type KeyObject, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { importPKCS8 } from 'jose/key/import';
import { importVerificationKey } from '../access-token/signature.js';
import { KID_PREFIX, type SigningKeyKind } from '../access-token/signing-key-kind.js';
import type { JsonWebKey, SigningAlgorithm } from '../signing-keys.core.js';
import { generateSigningKeyPair } from './signing-key-pair.js';
import type { SigningKeyRow } from './storage/signing-keys.storage.js';

export interface SigningKey {
  kid: string;
  kind: SigningKeyKind;
  sequence: number;
  createdAtMs: number;
  publicJwk: JsonWebKey;
  publicKey: KeyObject;
  privateKey: CryptoKey;
}

/** How a new key is made. */
export interface SigningKeySource {
  /** Milliseconds since the Unix epoch. */
  clock: () => number;
  signingAlgorithm: SigningAlgorithm;
  /** Of RSA. @default new ones */
  generateKeyPair?: () => Promise<KeyPairKeyObjectResult>;
}

export async function generateSigningKey(
  kind: SigningKeyKind,
  sequence: number,
  { clock, signingAlgorithm, generateKeyPair }: SigningKeySource,
): Promise<SigningKeyRow> {
  const createdAtMs = clock();
  const { publicKey, privateKey } = await generateSigningKeyPair(signingAlgorithm, generateKeyPair);
  const kid = KID_PREFIX[kind] + randomBytes(16).toString('base64url');
  return {
    kid,
    kind,
    sequence,
    public_jwk: JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid, alg: signingAlgorithm, use: 'sig' }),
    private_key_pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    created_at_ms: createdAtMs,
  };
}

export async function importSigningKey(row: SigningKeyRow): Promise<SigningKey> {
  const publicJwk = JSON.parse(row.public_jwk) as JsonWebKey;
  return {
    kid: row.kid,
    kind: row.kind,
    sequence: row.sequence,
    createdAtMs: row.created_at_ms,
    publicJwk,
    publicKey: importVerificationKey(publicJwk),
    privateKey: await importPKCS8(row.private_key_pem, publicJwk.alg),
  };
}
