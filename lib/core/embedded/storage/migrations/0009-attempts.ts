import type { MigrationDatabase, TableDialect } from '../migration.js';

const table = 'latchkey_attempts';

/** One row for each bucket of attempts that is not as good as new. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, table)
    .addColumn('bucket', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('free_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await db.schema.createIndex(`${table}_by_free_at`).on(table).column('free_at_ms').execute();
}
