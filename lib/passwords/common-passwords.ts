import { createHash } from 'node:crypto';

/** Shorter ones are refused for their length, or an application has decided otherwise. */
const MIN_LENGTH = 8;

/** Such as the year and the sign that are added where rules ask for them. */
const APPENDED = /\P{L}{1,5}$/u;

const REPEATED = /^(.{1,4})\1+$/su;

let loading: Promise<Uint32Array> | undefined;

/**
 * Whether a password is one of the 49,000 most common ones, in whatever case, or one of them with up to five digits and
 * signs behind it; or one to four characters over and over, which such lists leave out. One password in 40,000 is taken for common by mistake: hashes of 32 bits are kept, not the words.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  const text = password.normalize('NFKC').toLowerCase();
  if (text.length < MIN_LENGTH) return false;
  if (REPEATED.test(text)) return true;
  loading ??= loadHashes();
  const hashes = await loading;
  return includes(hashes, hashOf(text)) || includes(hashes, hashOf(text.replace(APPENDED, '')));
}

/** Not at boot: most processes judge no password for a while. */
async function loadHashes(): Promise<Uint32Array> {
  const { COMMON_PASSWORD_HASHES } = await import('./common-passwords.data.js');
  const bytes = Buffer.from(COMMON_PASSWORD_HASHES, 'base64');
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32BE(at * 4));
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE();
}

function includes(sorted: Uint32Array, hash: number): boolean {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < hash) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === hash;
}
