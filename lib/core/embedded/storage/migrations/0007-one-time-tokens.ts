import { sql } from 'kysely';
import type { MigrationDatabase, TableDialect } from '../migration.js';

const table = 'latchkey_one_time_tokens';

/**
 * One table for every kind of token, to which those in people's inboxes move. The tables of before stay, empty: processes
 * of the version before, which go on while they run, would fail without them. A later migration drops them.
 */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, table)
    .addColumn('token_hash', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('kind', dialect.text, (column) => column.notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('subject', dialect.text, (column) => column.notNull())
    .addColumn('expires_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await db.schema.createIndex(`${table}_by_user`).on(table).columns(['recipe_user_id', 'kind', 'subject']).execute();
  await db.schema.createIndex(`${table}_by_expiry`).on(table).column('expires_at_ms').execute();
  await move(db, 'latchkey_password_reset_tokens', 'password-reset');
  await move(db, 'latchkey_email_verification_tokens', 'email-verification');
}

async function move(db: MigrationDatabase, from: string, kind: string): Promise<void> {
  await db
    .insertInto(table)
    .columns(['token_hash', 'kind', 'recipe_user_id', 'tenant_id', 'subject', 'expires_at_ms'])
    .expression(({ selectFrom }) =>
      selectFrom(from).select([
        'token_hash',
        sql.lit(kind).as('kind'),
        'recipe_user_id',
        'tenant_id',
        'email as subject',
        'expires_at_ms',
      ]),
    )
    .execute();
  await db.deleteFrom(from).execute();
}
