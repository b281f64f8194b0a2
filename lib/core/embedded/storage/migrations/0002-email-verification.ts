import { sql } from 'kysely';
import type { MigrationDatabase, TableDialect } from '../migration.js';

export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await createVerifiedEmails(db, dialect);
  await createTokens(db, dialect);
}

/** Replaces a column of the login methods, which knew nothing of the emails that they had before. */
async function createVerifiedEmails(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_verified_emails')
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('email', dialect.text, (column) => column.notNull())
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

async function createTokens(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  const table = 'latchkey_email_verification_tokens';
  await dialect
    .createTable(db, table)
    .addColumn('token_hash', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('email', dialect.text, (column) => column.notNull())
    .addColumn('expires_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await db.schema.createIndex(`${table}_by_email`).on(table).columns(['recipe_user_id', 'email']).execute();
  await db.schema.createIndex(`${table}_by_expiry`).on(table).column('expires_at_ms').execute();
}
