import { sql } from 'kysely';
import { PUBLIC_TENANT_ID } from '../../../core.js';
import type { MigrationDatabase, TableDialect } from '../migration.js';

export async function up(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await createTenants(db, dialect);
  await createUsers(db, dialect);
  await createPasswords(db, dialect);
  await createSessions(db, dialect);
  await createSigningKeys(db, dialect);
}

async function createTenants(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_tenants')
    .addColumn('tenant_id', dialect.text, (column) => column.primaryKey().notNull())
    .execute();
  await db
    .insertInto('latchkey_tenants')
    .values({ tenant_id: sql.lit(PUBLIC_TENANT_ID) })
    .execute();
}

async function createUsers(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_users')
    .addColumn('user_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('is_primary', 'integer', (column) => column.notNull())
    .addColumn('time_joined_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_users', 'time', ['time_joined_ms', 'user_id']);

  await dialect
    .createTable(db, 'latchkey_user_tenants')
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('user_id', dialect.text, (column) => column.notNull())
    .addColumn('time_joined_ms', dialect.bigint, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_user_tenants_pk', ['tenant_id', 'user_id'])
    .execute();
  await index(db, 'latchkey_user_tenants', 'time', ['tenant_id', 'time_joined_ms', 'user_id']);
  await index(db, 'latchkey_user_tenants', 'user', ['user_id']);

  await dialect
    .createTable(db, 'latchkey_login_methods')
    .addColumn('recipe_user_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('user_id', dialect.text, (column) => column.notNull())
    .addColumn('recipe_id', dialect.text, (column) => column.notNull())
    .addColumn('email', dialect.text)
    .addColumn('phone_number', dialect.text)
    .addColumn('third_party_id', dialect.text)
    .addColumn('third_party_user_id', dialect.text)
    .addColumn('verified', 'integer', (column) => column.notNull())
    .addColumn('time_joined_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_login_methods', 'user', ['user_id']);
  await index(db, 'latchkey_login_methods', 'email', ['email']);
  await index(db, 'latchkey_login_methods', 'phone_number', ['phone_number']);
  await index(db, 'latchkey_login_methods', 'third_party', ['third_party_user_id', 'third_party_id']);

  await dialect
    .createTable(db, 'latchkey_login_method_tenants')
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('recipe_id', dialect.text, (column) => column.notNull())
    .addColumn('account_key', dialect.text, (column) => column.notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_login_method_tenants_pk', ['tenant_id', 'recipe_id', 'account_key'])
    .execute();
  await index(db, 'latchkey_login_method_tenants', 'login_method', ['recipe_user_id', 'tenant_id']);
}

async function createPasswords(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_password_credentials')
    .addColumn('recipe_user_id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('password_hash', dialect.text, (column) => column.notNull())
    .execute();

  await dialect
    .createTable(db, 'latchkey_password_reset_tokens')
    .addColumn('token_hash', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('email', dialect.text, (column) => column.notNull())
    .addColumn('expires_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_password_reset_tokens', 'login_method', ['recipe_user_id']);
  await index(db, 'latchkey_password_reset_tokens', 'expiry', ['expires_at_ms']);
}

async function createSessions(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_sessions')
    .addColumn('session_handle', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('user_id', dialect.text, (column) => column.notNull())
    .addColumn('recipe_user_id', dialect.text, (column) => column.notNull())
    .addColumn('tenant_id', dialect.text, (column) => column.notNull())
    .addColumn('refresh_token_hash', dialect.text, (column) => column.notNull())
    .addColumn('previous_refresh_token_hash', dialect.text)
    .addColumn('rotated_at_ms', dialect.bigint, (column) => column.notNull())
    .addColumn('refresh_secret', dialect.text, (column) => column.notNull())
    .addColumn('access_token_payload', dialect.text, (column) => column.notNull())
    .addColumn('session_data', dialect.text, (column) => column.notNull())
    .addColumn('created_at_ms', dialect.bigint, (column) => column.notNull())
    .addColumn('expires_at_ms', dialect.bigint, (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_sessions', 'user', ['user_id']);
  await index(db, 'latchkey_sessions', 'expiry', ['expires_at_ms']);
}

async function createSigningKeys(db: MigrationDatabase, dialect: TableDialect): Promise<void> {
  await dialect
    .createTable(db, 'latchkey_signing_keys')
    .addColumn('kid', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('kind', dialect.text, (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('public_jwk', dialect.text, (column) => column.notNull())
    .addColumn('private_key_pem', dialect.text, (column) => column.notNull())
    .addColumn('created_at_ms', dialect.bigint, (column) => column.notNull())
    .addUniqueConstraint('latchkey_signing_keys_sequence', ['kind', 'sequence'])
    .execute();
}

async function index(db: MigrationDatabase, table: string, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(`${table}_by_${name}`).on(table).columns(columns).execute();
}
