import type { BoundedPasswordHasher } from '../embedded/bounded-password-hasher.js';

/** Of one hasher: the apps of a core service share it, and are opened and closed as they are asked for. */
const dummyHashes = new WeakMap<BoundedPasswordHasher, Promise<string>>();

/** @returns a hash that no password matches, to be verified where there is no account */
export function dummyHashOf(hasher: BoundedPasswordHasher): Promise<string> {
  const known = dummyHashes.get(hasher);
  if (known !== undefined) return known;
  const hash = hasher.decoy();
  dummyHashes.set(hasher, hash);
  hash.catch(() => dummyHashes.delete(hasher));
  return hash;
}
