import type { MigrationDatabase, TableDialect } from '../migration.js';

const table = 'latchkey_email_outbox';

/** In which line an email waits. What processes of the version before put in is in the first, decoys as well. */
export async function up(db: MigrationDatabase, { text }: TableDialect): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn('line', text, (column) => column.notNull().defaultTo('messages'))
    .execute();
  await db.schema.createIndex(`${table}_by_line`).on(table).columns(['line', 'due_at_ms']).execute();
}
