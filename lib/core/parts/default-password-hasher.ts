import { Argon2PasswordHasher } from '../embedded/argon2-password-hasher.js';
import { BoundedPasswordHasher } from '../embedded/bounded-password-hasher.js';
import { hashingLimits } from '../embedded/hashing-limits.js';
import { hashingOptions } from '../engine-options.js';
import { type FirebasePasswordHashingOptions, resolvePasswordHashing } from '../password-hashing.options.js';

/** For commands, which know no options of the application. Hashes tell their own parameters, so that it verifies them all the same. */
export function defaultPasswordHasher(firebase?: FirebasePasswordHashingOptions): BoundedPasswordHasher {
  const hasher = new Argon2PasswordHasher(resolvePasswordHashing(), firebase);
  return BoundedPasswordHasher.around(hasher, hashingLimits(0, hashingOptions.waitingPasswordHashes.default));
}
