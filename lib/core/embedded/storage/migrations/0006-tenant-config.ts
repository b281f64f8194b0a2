import type { MigrationDatabase, TableDialect } from '../migration.js';

export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_tenant_configs')
    .addColumn('tenant_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('config', dialect.text, (column) => column.notNull())
    .execute();
}
