import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../tables.js';

const strict = sql`strict`;

export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_user_metadata')
    .addColumn('user_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .modifyEnd(strict)
    .execute();

  await db.schema
    .createTable('latchkey_user_id_mappings')
    .addColumn('user_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('external_user_id', 'text', (column) => column.notNull())
    .addColumn('external_user_id_info', 'text')
    .addUniqueConstraint('latchkey_user_id_mappings_external', ['external_user_id'])
    .modifyEnd(strict)
    .execute();

  await db.schema
    .createTable('latchkey_apps')
    .addColumn('app_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('core_config', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(strict)
    .execute();
}
