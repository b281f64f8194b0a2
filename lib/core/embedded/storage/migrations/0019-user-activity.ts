import type { MigrationDatabase, TableDialect } from '../migration.js';

const table = 'latchkey_user_activity';

/** When each user was last active. Of those who are here, as far as their sessions tell. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, table)
    .addColumn('user_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('active_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await db.schema.createIndex(`${table}_by_time`).on(table).column('active_at_ms').execute();
  await db
    .insertInto(table)
    .columns(['user_id', 'active_at_ms'])
    .expression(
      db
        .selectFrom('latchkey_sessions as session')
        .leftJoin('latchkey_user_id_mappings as mapping', 'mapping.external_user_id', 'session.user_id')
        .select(({ fn }) => [
          fn.coalesce('mapping.user_id', 'session.user_id').as('user_id'),
          fn.max('session.rotated_at_ms').as('active_at_ms'),
        ])
        .groupBy(({ fn }) => fn.coalesce('mapping.user_id', 'session.user_id')),
    )
    .execute();
}
