import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../tables.js';

const text = sql`text collate "C"`;

export async function up(db: Kysely<Tables>): Promise<void> {
  await createVerifiedEmails(db);
  await createTokens(db);
}

/** Takes the place of a column of the login methods, which knew nothing of the emails that they had before. */
async function createVerifiedEmails(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_verified_emails')
    .addColumn('recipe_user_id', text, (column) => column.notNull())
    .addColumn('email', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_verified_emails_pk', ['recipe_user_id', 'email'])
    .execute();
  await db
    .insertInto('latchkey_verified_emails')
    .columns(['recipe_user_id', 'email'])
    .expression(({ selectFrom }) =>
      selectFrom('latchkey_login_methods')
        .select(['recipe_user_id', sql<string>`email`.as('email')])
        .where('email', 'is not', null)
        .where(sql`verified`, '=', sql.lit(1)),
    )
    .execute();
  await db.schema.alterTable('latchkey_login_methods').dropColumn('verified').execute();
}

async function createTokens(db: Kysely<Tables>): Promise<void> {
  const table = 'latchkey_email_verification_tokens';
  await db.schema
    .createTable(table)
    .addColumn('token_hash', text, (column) => column.primaryKey().notNull())
    .addColumn('recipe_user_id', text, (column) => column.notNull())
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('email', text, (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex(`${table}_by_email`).on(table).columns(['recipe_user_id', 'email']).execute();
  await db.schema.createIndex(`${table}_by_expiry`).on(table).column('expires_at_ms').execute();
}
