import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** PHC text, as passlib and others write it: base64 without padding, `ln` the base-2 logarithm of N. */
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{1,512})\$([A-Za-z0-9+/]{22,512})$/;

const scryptInBackground = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);

interface ScryptHash {
  /** The base-2 logarithm of N. */
  memoryCost: number;
  /** r. */
  blockSize: number;
  /** p. */
  parallelism: number;
  salt: Buffer;
  key: Buffer;
}

/** @returns undefined for anything in another form */
export function parseScrypt(text: string): ScryptHash | undefined {
  const [, memoryCost, blockSize, parallelism, salt, key] = FORM.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return {
    memoryCost: Number(memoryCost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/** How much memory verifying takes, in bytes. */
export function memoryOfScrypt({ memoryCost, blockSize }: ScryptHash): number {
  return 128 * 2 ** memoryCost * blockSize;
}

/** Better Auth hashes the form NFKC of a password, others what was typed. */
export async function verifyScrypt(password: string, hash: ScryptHash): Promise<boolean> {
  for (const form of new Set([password, password.normalize('NFKC')])) {
    if (timingSafeEqual(await keyOf(form, hash), hash.key)) return true;
  }
  return false;
}

function keyOf(password: string, hash: ScryptHash): Promise<Buffer> {
  const { memoryCost, blockSize: r, parallelism: p, salt, key } = hash;
  const maxmem = 2 * memoryOfScrypt(hash) + 128 * r * p;
  return scryptInBackground(Buffer.from(password), salt, key.length, { N: 2 ** memoryCost, r, p, maxmem });
}
