import type { MigrationDatabase, TableDialect } from '../migration.js';

/** Emails that are still to be sent. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_email_outbox')
    .addColumn('email_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('kind', dialect.text, (column) => column.notNull())
    .addColumn('content', dialect.text, (column) => column.notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', dialect.bigint, (column) => column.notNull())
    .addColumn('due_at_ms', dialect.bigint, (column) => column.notNull())
    .addColumn('expires_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('latchkey_email_outbox_by_due')
    .on('latchkey_email_outbox')
    .columns(['due_at_ms'])
    .execute();
  await db.schema
    .createIndex('latchkey_email_outbox_by_login_method')
    .on('latchkey_email_outbox')
    .columns(['recipe_user_id'])
    .execute();
}
