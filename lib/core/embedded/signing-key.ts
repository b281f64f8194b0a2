import { type KeyObject, randomBytes } from 'node:crypto';
import { type CryptoKey, importPKCS8 } from 'jose';
import { importVerificationKey } from '../access-token/signature.js';
import { KID_PREFIX, SIGNING_ALGORITHM, type SigningKeyKind } from '../access-token/signing-key-kind.js';
import type { JsonWebKey } from '../signing-keys.core.js';
import { generateRsaKeyPair, type RsaKeyPair } from './rsa-key-pair.js';
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

export async function generateSigningKey(
  kind: SigningKeyKind,
  sequence: number,
  { clock, generateKeyPair = generateRsaKeyPair }: { clock: () => number; generateKeyPair?: () => Promise<RsaKeyPair> },
): Promise<SigningKeyRow> {
  const createdAtMs = clock();
  const { publicKey, privateKey } = await generateKeyPair();
  const kid = KID_PREFIX[kind] + randomBytes(16).toString('base64url');
  const { n, e } = publicKey.export({ format: 'jwk' });
  return {
    kid,
    kind,
    sequence,
    public_jwk: JSON.stringify({ kty: 'RSA', kid, n, e, alg: SIGNING_ALGORITHM, use: 'sig' }),
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
    privateKey: await importPKCS8(row.private_key_pem, SIGNING_ALGORITHM),
  };
}
