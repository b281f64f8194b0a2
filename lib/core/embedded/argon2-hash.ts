/** As the reference implementation writes it, with the parameters in this order; before version 19 it wrote no version. */
const FORM =
  /^\$(argon2(?:id|i|d))\$(?:v=(16|19)\$)?m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const MAX_32_BITS = 0xffff_ffff;
const MAX_LANES = 0xff_ffff;
/** RFC 9106 §3.1. */
const MIN_MEMORY_KIB_OF_LANE = 8;
const MIN_SALT_BYTES = 8;
const MIN_HASH_BYTES = 4;

/** What an argon2 hash says of how it was made. */
interface Argon2Hash {
  algorithm: string;
  version: number;
  memoryCostKiB: number;
  timeCost: number;
  parallelism: number;
}

/** Needs not the package that verifies them, which is loaded after the start. @returns undefined for what it could not verify */
export function parseArgon2(text: string): Argon2Hash | undefined {
  const [, algorithm, version = '16', ...rest] = FORM.exec(text) ?? [];
  if (algorithm === undefined) return undefined;
  const [memoryCostKiB, timeCost, parallelism] = rest.slice(0, 3).map(Number) as [number, number, number];
  const isPossible =
    timeCost <= MAX_32_BITS &&
    parallelism <= MAX_LANES &&
    memoryCostKiB >= MIN_MEMORY_KIB_OF_LANE * parallelism &&
    memoryCostKiB <= MAX_32_BITS &&
    bytesOf(rest[3]!) >= MIN_SALT_BYTES &&
    bytesOf(rest[4]!) >= MIN_HASH_BYTES;
  if (!isPossible) return undefined;
  return { algorithm, version: Number(version), memoryCostKiB, timeCost, parallelism };
}

/** @returns 0 for what is not the one text that base64 without padding makes of some bytes */
function bytesOf(base64: string): number {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === base64 ? bytes.length : 0;
}
