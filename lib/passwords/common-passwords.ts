import { createHash } from 'node:crypto';

const REPEATED = /^(.{1,4})\1+$/su;

/** Lists hold such passwords up to about this length. */
const MAX_PATTERN_LENGTH = 16;

let loading: Promise<Uint32Array> | undefined;

/**
 * Whether a password is one of the 20,000 most common ones, in whatever case, or a pattern that the list leaves to programs: up to
 * four characters over and over, or characters that follow each other, such as 87654321. One password in 200,000 is taken
 * for common by mistake: hashes of 32 bits are kept, not the words.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  const text = password.normalize('NFKC').toLowerCase();
  if (text.length <= MAX_PATTERN_LENGTH && (REPEATED.test(text) || isRun(text))) return true;
  loading ??= loadHashes();
  return includes(await loading, hashOf(text));
}

function isRun(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const steps = new Set(codes.slice(1).map((code, at) => code - codes[at]!));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
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
