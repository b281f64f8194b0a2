import type { MigrationDatabase, TableDialect } from '../migration.js';

/** Who may sign in to the dashboard, their sessions, and what was done there. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  const { text, bigint } = dialect;
  await dialect
    .createTable(db, 'latchkey_dashboard_users')
    .addColumn('user_id', text, (column) => column.primaryKey().notNull())
    .addColumn('email', text, (column) => column.notNull())
    .addColumn('password_hash', text, (column) => column.notNull())
    .addColumn('time_created_ms', bigint, (column) => column.notNull())
    .addUniqueConstraint('latchkey_dashboard_users_email', ['email'])
    .execute();

  await dialect
    .createTable(db, 'latchkey_dashboard_sessions')
    .addColumn('session_handle', text, (column) => column.primaryKey().notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('secret_hash', text, (column) => column.notNull())
    .addColumn('time_created_ms', bigint, (column) => column.notNull())
    .addColumn('expires_at_ms', bigint, (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_dashboard_sessions', 'user', ['user_id']);
  await index(db, 'latchkey_dashboard_sessions', 'expiry', ['expires_at_ms']);

  await dialect
    .createTable(db, 'latchkey_audit')
    .addColumn('entry_id', text, (column) => column.primaryKey().notNull())
    .addColumn('at_ms', bigint, (column) => column.notNull())
    .addColumn('action', text, (column) => column.notNull())
    .addColumn('actor', text, (column) => column.notNull())
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('user_id', text)
    .addColumn('address', text)
    .addColumn('detail', text, (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_audit', 'time', ['at_ms', 'entry_id']);
  await index(db, 'latchkey_audit', 'user', ['user_id', 'at_ms', 'entry_id']);
}

async function index(db: MigrationDatabase, table: string, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(`${table}_by_${name}`).on(table).columns(columns).execute();
}
