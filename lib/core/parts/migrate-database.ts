import type { CorePart } from './core-part.js';
import { checkCoreParts, migrationsOf } from './core-parts.js';
import type { EmbeddedDatabaseOptions } from '../embedded/storage/database.options.js';

/**
 * Brings the tables of the core and of recipes from elsewhere up to date, as an application does at boot: for those that
 * start with `migrations: 'check'`. Safe to run several times at once.
 *
 * @param database `{ sqlite }` or `{ postgres, schema }`
 * @param parts of recipes from elsewhere
 * @throws {ConfigurationError} the database cannot be opened, or its tables are of a later version
 */
export async function migrateDatabase(
  database: EmbeddedDatabaseOptions,
  parts: readonly CorePart[] = [],
): Promise<void> {
  checkCoreParts(parts);
  const { openStorage } = await import('../embedded/storage/open-storage.js');
  const opened = await openStorage({ ...database, migrations: 'auto' }, migrationsOf(parts));
  await opened.close();
}
