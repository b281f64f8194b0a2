import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../tables.js';

export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_tenant_configs')
    .addColumn('tenant_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('config', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
