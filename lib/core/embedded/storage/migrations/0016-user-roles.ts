import type { MigrationDatabase, TableDialect } from '../migration.js';

/** Roles and their permissions are the app's, who has a role differs by tenant. The primary keys are the order of pages. */
export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  const { text } = dialect;
  await dialect
    .createTable(db, 'latchkey_roles')
    .addColumn('role', text, (column) => column.primaryKey().notNull())
    .execute();

  await dialect
    .createTable(db, 'latchkey_role_permissions')
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('permission', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_role_permissions_pk', ['role', 'permission'])
    .execute();
  await index(db, 'latchkey_role_permissions', 'permission', ['permission', 'role']);

  await dialect
    .createTable(db, 'latchkey_user_roles')
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_user_roles_pk', ['role', 'tenant_id', 'user_id'])
    .execute();
  await index(db, 'latchkey_user_roles', 'user', ['user_id', 'tenant_id', 'role']);
  await index(db, 'latchkey_user_roles', 'tenant', ['tenant_id']);
}

async function index(db: MigrationDatabase, table: string, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(`${table}_by_${name}`).on(table).columns(columns).execute();
}
