import { randomBytes } from 'node:crypto';
import type { PasswordHasher } from '../password-hasher.js';

/** Of one hasher: the apps of a core service share it, and are opened and closed as they are asked for. */
const dummyHashes = new WeakMap<PasswordHasher, Promise<string>>();

/** @returns a hash that no password matches, to be verified where there is no account */
export function dummyHashOf(hasher: PasswordHasher): Promise<string> {
  const known = dummyHashes.get(hasher);
  if (known !== undefined) return known;
  const made = hasher.hash(randomBytes(32).toString('base64url'));
  dummyHashes.set(hasher, made);
  made.catch(() => dummyHashes.delete(hasher));
  return made;
}
