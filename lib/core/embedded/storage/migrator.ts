import { type Kysely, type Migration, Migrator } from 'kysely';
import type { Tables } from './tables.js';

/**
 * Brings the tables up to date. Safe when several processes boot at once: everything happens in one
 * transaction that holds the database's write lock, and who comes second finds nothing left to do.
 *
 * @param migrations by name; names sort in the order they run in
 */
export async function migrate(
  database: Kysely<Tables>,
  migrations: Record<string, Migration>,
): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'latchkey_migration',
    migrationLockTableName: 'latchkey_migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
