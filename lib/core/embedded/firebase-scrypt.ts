import { createCipheriv, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/*
 * Firebase's variant of scrypt: the derived key encrypts a key of the project, and the ciphertext is the hash.
 * @see https://github.com/firebase/scrypt
 */

const FORM = /^\$f_scrypt\$([^$]+)\$([^$]+)\$m=(\d{1,2})\$r=(\d{1,3})\$s=([^$]*)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const scryptInBackground = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);

interface FirebaseScryptHash {
  hash: Buffer;
  salt: Buffer;
  saltSeparator: Buffer;
  /** The base-2 logarithm of scrypt's N. */
  memoryCost: number;
  /** Scrypt's r. */
  rounds: number;
}

/** @returns undefined for anything in another form */
export function parseFirebaseScrypt(text: string): FirebaseScryptHash | undefined {
  const [, hash, salt, memoryCost, rounds, saltSeparator] = FORM.exec(text) ?? [];
  if (hash === undefined || salt === undefined || saltSeparator === undefined) return undefined;
  if (![hash, salt, saltSeparator].every((part) => BASE64.test(part))) return undefined;
  return {
    hash: fromBase64(hash),
    salt: fromBase64(salt),
    saltSeparator: fromBase64(saltSeparator),
    memoryCost: Number(memoryCost),
    rounds: Number(rounds),
  };
}

/** How much memory verifying takes, in bytes. */
export function memoryOf({ memoryCost, rounds }: FirebaseScryptHash): number {
  return 128 * 2 ** memoryCost * rounds;
}

/** @param signerKey the key of the Firebase project, in base64 */
export async function verifyFirebaseScrypt(
  password: string,
  { hash, salt, saltSeparator, memoryCost, rounds }: FirebaseScryptHash,
  signerKey: string,
): Promise<boolean> {
  const cost = { N: 2 ** memoryCost, r: rounds, p: 1, maxmem: 256 * 2 ** memoryCost * rounds };
  const key = await scryptInBackground(Buffer.from(password), Buffer.concat([salt, saltSeparator]), 32, cost);
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const expected = Buffer.concat([cipher.update(fromBase64(signerKey)), cipher.final()]);
  return expected.length === hash.length && timingSafeEqual(expected, hash);
}

export function isBase64(text: string): boolean {
  return text !== '' && BASE64.test(text);
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
