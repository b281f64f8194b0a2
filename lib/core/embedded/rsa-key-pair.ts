import { generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto';
import { promisify } from 'node:util';

const generateInBackground = promisify(generateKeyPair);

/**
 * Makes a new RSA key of 2048 bits, the least that RS256 allows.
 * @see RFC 7518 §3.3
 */
export function generateRsaKeyPair(): Promise<KeyPairKeyObjectResult> {
  return generateInBackground('rsa', { modulusLength: 2048 });
}
