import type { MigrationDatabase, TableDialect } from '../migration.js';

export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_user_metadata')
    .addColumn('user_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('metadata', dialect.text, (column) => column.notNull())
    .execute();

  await dialect
    .createTable(db, 'latchkey_user_id_mappings')
    .addColumn('user_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('external_user_id', dialect.text, (column) => column.notNull())
    .addColumn('external_user_id_info', dialect.text)
    .addUniqueConstraint('latchkey_user_id_mappings_external', ['external_user_id'])
    .execute();

  await dialect
    .createTable(db, 'latchkey_apps')
    .addColumn('app_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('core_config', dialect.text, (column) => column.notNull())
    .addColumn('created_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
}
