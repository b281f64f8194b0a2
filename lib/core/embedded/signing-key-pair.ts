import { generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm } from '../signing-keys.core.js';
import { generateRsaKeyPair } from './rsa-key-pair.js';

const generateInBackground = promisify(generateKeyPair);

/** Makes a new key of the kind that an algorithm signs by. @param generateRsa one of RSA, which takes much longer than the others */
export async function generateSigningKeyPair(
  algorithm: SigningAlgorithm,
  generateRsa: () => Promise<KeyPairKeyObjectResult> = generateRsaKeyPair,
): Promise<KeyPairKeyObjectResult> {
  if (algorithm === 'ES256') return generateInBackground('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generateInBackground('ed25519');
  return generateRsa();
}
