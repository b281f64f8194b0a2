import type { EmbeddedDatabaseOptions } from './database.options.js';
import { SqlAuthDatabase } from './sql-auth-database.js';
import { MigrationPlan, type RecipeMigrations } from './migration-plan.js';
import { assertMigrated, migrateUp } from './migrator.js';
import { openPostgres } from './postgres/connection.js';
import { openSqlite } from './sqlite/connection.js';
import type { OpenedDatabase } from './storage-dialect.js';

/** @throws {ConfigurationError} the database cannot be opened as configured */
export async function openDatabase(options: EmbeddedDatabaseOptions): Promise<OpenedDatabase> {
  return 'postgres' in options ? openPostgres(options) : openSqlite(options.sqlite);
}

/**
 * Opens the database, and brings its tables up to date or makes sure that they are.
 * @param recipes migrations of recipes that the application brings
 * @param open how, for tests
 * @throws {ConfigurationError} the database cannot be opened as configured, or its tables are not ours to use
 */
export async function openStorage(
  options: EmbeddedDatabaseOptions,
  recipes: readonly RecipeMigrations[] = [],
  open = openDatabase,
): Promise<SqlAuthDatabase> {
  const plan = new MigrationPlan(recipes);
  const database = await open(options);
  try {
    if (options.migrations === 'check') await assertMigrated(database, plan);
    else await migrateUp(database, plan);
  } catch (error) {
    await database.kysely.destroy();
    throw error;
  }
  return new SqlAuthDatabase(database);
}
