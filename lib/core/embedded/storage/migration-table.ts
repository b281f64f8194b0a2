import type { MigrationDatabase, TableDialect } from './migration.js';

/** Makes the table that records which migrations were run. Does nothing where it is there. */
export async function createMigrationTable(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_migration')
    .ifNotExists()
    .addColumn('name', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('applied_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
}
