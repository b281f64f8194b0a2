import { Argon2PasswordHasher } from '../embedded/argon2-password-hasher.js';
import { BoundedPasswordHasher } from '../embedded/bounded-password-hasher.js';
import { EmbeddedUserImportCore } from '../embedded/embedded-user-import.core.js';
import { hashingLimits } from '../embedded/hashing-limits.js';
import type { EmbeddedDatabaseOptions } from '../embedded/storage/database.options.js';
import { openStorage } from '../embedded/storage/open-storage.js';
import { hashingOptions } from '../engine-options.js';
import { type FirebasePasswordHashingOptions, resolvePasswordHashing } from '../password-hashing.options.js';
import type { UserImportCore } from '../user-import.core.js';

/**
 * The import of users over a database, without the rest of the engine: nothing else is made there, such as signing keys.
 * @throws {ConfigurationError} the database cannot be opened as configured
 */
export async function openUserImport(
  options: EmbeddedDatabaseOptions,
  firebase?: FirebasePasswordHashingOptions,
): Promise<{ core: UserImportCore; close(): Promise<void> }> {
  const database = await openStorage(options);
  const hasher = new Argon2PasswordHasher(resolvePasswordHashing(), firebase);
  const limits = hashingLimits(0, hashingOptions.waitingPasswordHashes.default);
  const core = new EmbeddedUserImportCore({
    database,
    passwordHasher: BoundedPasswordHasher.around(hasher, limits),
    canVerifyFirebaseScrypt: firebase !== undefined,
    clock: Date.now,
  });
  return { core, close: () => database.close() };
}
