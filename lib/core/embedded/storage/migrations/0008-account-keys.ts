import type { MigrationDatabase, TableDialect } from '../migration.js';

/** For login methods of recipes from elsewhere, which sign in by something else than those of the core. */
export async function up(db: MigrationDatabase, { text }: TableDialect): Promise<void> {
  await db.schema.alterTable('latchkey_login_methods').addColumn('account_key', text).execute();
}
