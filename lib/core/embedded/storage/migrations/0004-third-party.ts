import type { MigrationDatabase, TableDialect } from '../migration.js';

export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_third_party_configs')
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('third_party_id', dialect.text, (column) => column.notNull())
    .addColumn('config', dialect.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_third_party_configs_pk', ['tenant_id', 'third_party_id'])
    .execute();
}
