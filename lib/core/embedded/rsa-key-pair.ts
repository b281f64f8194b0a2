import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface RsaKeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const generateInBackground = promisify(generateKeyPair);

/**
 * Makes a new RSA key of 2048 bits, the least that RS256 allows.
 * @see RFC 7518 §3.3
 */
export function generateRsaKeyPair(): Promise<RsaKeyPair> {
  return generateInBackground('rsa', { modulusLength: 2048 });
}
