import type { MigrationDatabase, TableDialect } from '../migration.js';

const table = 'latchkey_revocations';

/** What was revoked of late. Rows with a greater position than a reader knows are new to it: see `revocations.storage.ts`. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, table)
    .addColumn('revocation_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('position', dialect.bigint, (column) => column.notNull())
    .addColumn('kind', dialect.text, (column) => column.notNull())
    .addColumn('subjects', dialect.text, (column) => column.notNull())
    .addColumn('written_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await db.schema.createIndex(`${table}_by_position`).on(table).columns(['position', 'revocation_id']).execute();
  await db.schema.createIndex(`${table}_by_time`).on(table).column('written_at_ms').execute();
}
