import type { MigrationDatabase, TableDialect } from '../migration.js';

/**
 * While a session waits for one of the refresh tokens that replaced its previous one to be seen: the hash of the first of
 * them. Null where none is awaited, as for the sessions that are there.
 */
export async function up(db: MigrationDatabase, { text }: TableDialect): Promise<void> {
  await db.schema.alterTable('latchkey_sessions').addColumn('unseen_refresh_token_hash', text).execute();
}
