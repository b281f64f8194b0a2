import type { MigrationDatabase, TableDialect } from '../migration.js';

/** What facts have changed for all sessions of a user at once, and up to which of these a session's payload is written. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_shared_claims')
    .addColumn('user_id', dialect.text, (column) => column.notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('claims', dialect.text, (column) => column.notNull())
    .addColumn('changed_at_ms', dialect.bigint, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_shared_claims_pk', ['user_id', 'recipe_user_id', 'tenant_id'])
    .execute();
  await db.schema
    .alterTable('latchkey_sessions')
    .addColumn('claims_at_ms', dialect.bigint, (column) => column.notNull().defaultTo(0))
    .execute();
}
