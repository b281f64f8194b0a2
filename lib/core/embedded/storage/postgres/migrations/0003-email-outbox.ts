import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../tables.js';

// By bytes, as in every table.
const text = sql`text collate "C"`;

/** Emails that are still to be sent. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_email_outbox')
    .addColumn('email_id', text, (column) => column.primaryKey().notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('content', text, (column) => column.notNull())
    .addColumn('recipe_user_id', text, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('due_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
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
