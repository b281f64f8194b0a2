import { EmbeddedUserImportCore } from '../embedded/embedded-user-import.core.js';
import type { EmbeddedDatabaseOptions } from '../embedded/storage/database.options.js';
import { openStorage } from '../embedded/storage/open-storage.js';
import type { FirebasePasswordHashingOptions } from '../password-hashing.options.js';
import type { UserImportCore } from '../user-import.core.js';
import { defaultPasswordHasher } from './default-password-hasher.js';

/**
 * The import of users over a database, without the rest of the engine: nothing else is made there, such as signing keys.
 * @throws {ConfigurationError} the database cannot be opened as configured
 */
export async function openUserImport(
  options: EmbeddedDatabaseOptions,
  firebase?: FirebasePasswordHashingOptions,
): Promise<{ core: UserImportCore; close(): Promise<void> }> {
  const database = await openStorage(options);
  const core = new EmbeddedUserImportCore({
    database,
    passwordHasher: defaultPasswordHasher(firebase),
    canVerifyFirebaseScrypt: firebase !== undefined,
    clock: Date.now,
  });
  return { core, close: () => database.close() };
}
