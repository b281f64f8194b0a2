import type { MigrationDatabase, TableDialect } from '../migration.js';

const table = 'latchkey_email_outbox';

/** Whose email waits. Null for those that are there, which are sent or expire soon. */
export async function up(db: MigrationDatabase, { text }: TableDialect): Promise<void> {
  await db.schema.alterTable(table).addColumn('tenant_id', text).execute();
  await db.schema.createIndex(`${table}_by_tenant`).on(table).columns(['tenant_id', 'recipe_user_id']).execute();
}
