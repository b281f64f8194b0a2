import type { MigrationDatabase, TableDialect } from '../migration.js';

/** Who vouched for the user of an identity provider. Null where that is not known, as for everybody before this migration. */
export async function up(db: MigrationDatabase, { text }: TableDialect): Promise<void> {
  await db.schema.alterTable('latchkey_login_methods').addColumn('third_party_issuer', text).execute();
}
