import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../tables.js';

const text = sql`text collate "C"`;

export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_third_party_configs')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('third_party_id', text, (column) => column.notNull())
    .addColumn('config', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_third_party_configs_pk', ['tenant_id', 'third_party_id'])
    .execute();
}
