import type { MigrationDatabase, TableDialect } from '../migration.js';

/** A JSON list of the hashes of passwords that the login method had before, the latest first. Null where none are kept. */
export async function up(db: MigrationDatabase, { text }: TableDialect): Promise<void> {
  await db.schema.alterTable('latchkey_password_credentials').addColumn('former_hashes', text).execute();
}
