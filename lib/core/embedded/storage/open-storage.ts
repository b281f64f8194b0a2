import { AuthDatabase } from './auth-database.js';
import { migrate } from './migrator.js';
import { openSqlite } from './sqlite/connection.js';
import { sqliteMigrations } from './sqlite/migrations/index.js';

/** @throws {ConfigurationError} the database cannot be opened as configured */
export async function openStorage(options: { sqlite: string }): Promise<AuthDatabase> {
  const database = await openSqlite(options.sqlite);
  try {
    await migrate(database, sqliteMigrations);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return new AuthDatabase(database);
}
