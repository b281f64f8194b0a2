import type { EmbeddedDatabaseOptions } from './database.options.js';
import { removePostgresSchema } from './postgres/remove-schema.js';
import { removeSqliteFile } from './sqlite/remove-file.js';

/**
 * Deletes everything that an app has stored: its schema, with whatever else is in it, or its file. Its core must be
 * closed before, here and in other processes. Does nothing where there is nothing.
 *
 * @returns whether there was something
 * @throws {ConfigurationError} what is there was not made by this package; {StorageUnavailableError} it is in use
 */
export async function removeAppStorage(options: EmbeddedDatabaseOptions): Promise<boolean> {
  return 'postgres' in options ? removePostgresSchema(options) : removeSqliteFile(options.sqlite);
}
