import { type Kysely, sql } from 'kysely';
import { PUBLIC_TENANT_ID } from '../../../../core.js';
import type { Tables } from '../../tables.js';

// By bytes: no index depends on the operating system's collation, which changes with its versions, and ids
// compare faster.
const text = sql`text collate "C"`;

export async function up(db: Kysely<Tables>): Promise<void> {
  await createTenants(db);
  await createUsers(db);
  await createPasswords(db);
  await createSessions(db);
  await createSigningKeys(db);
}

async function createTenants(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_tenants')
    .addColumn('tenant_id', text, (column) => column.primaryKey().notNull())
    .execute();
  await db
    .insertInto('latchkey_tenants')
    .values({ tenant_id: sql.lit(PUBLIC_TENANT_ID) })
    .execute();
}

async function createUsers(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_users')
    .addColumn('user_id', text, (column) => column.primaryKey().notNull())
    .addColumn('is_primary', 'integer', (column) => column.notNull())
    .addColumn('time_joined_ms', 'bigint', (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_users', 'time', ['time_joined_ms', 'user_id']);

  await db.schema
    .createTable('latchkey_user_tenants')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('time_joined_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_user_tenants_pk', ['tenant_id', 'user_id'])
    .execute();
  await index(db, 'latchkey_user_tenants', 'time', ['tenant_id', 'time_joined_ms', 'user_id']);
  await index(db, 'latchkey_user_tenants', 'user', ['user_id']);

  await db.schema
    .createTable('latchkey_login_methods')
    .addColumn('recipe_user_id', text, (column) => column.primaryKey().notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('recipe_id', text, (column) => column.notNull())
    .addColumn('email', text)
    .addColumn('phone_number', text)
    .addColumn('third_party_id', text)
    .addColumn('third_party_user_id', text)
    .addColumn('verified', 'integer', (column) => column.notNull())
    .addColumn('time_joined_ms', 'bigint', (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_login_methods', 'user', ['user_id']);
  await index(db, 'latchkey_login_methods', 'email', ['email']);
  await index(db, 'latchkey_login_methods', 'phone_number', ['phone_number']);
  await index(db, 'latchkey_login_methods', 'third_party', ['third_party_user_id', 'third_party_id']);

  await db.schema
    .createTable('latchkey_login_method_tenants')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('recipe_id', text, (column) => column.notNull())
    .addColumn('account_key', text, (column) => column.notNull())
    .addColumn('recipe_user_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkey_login_method_tenants_pk', ['tenant_id', 'recipe_id', 'account_key'])
    .execute();
  await index(db, 'latchkey_login_method_tenants', 'login_method', ['recipe_user_id', 'tenant_id']);
}

async function createPasswords(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_password_credentials')
    .addColumn('recipe_user_id', text, (column) => column.primaryKey().notNull())
    .addColumn('password_hash', text, (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('latchkey_password_reset_tokens')
    .addColumn('token_hash', text, (column) => column.primaryKey().notNull())
    .addColumn('recipe_user_id', text, (column) => column.notNull())
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('email', text, (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_password_reset_tokens', 'login_method', ['recipe_user_id']);
  await index(db, 'latchkey_password_reset_tokens', 'expiry', ['expires_at_ms']);
}

async function createSessions(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_sessions')
    .addColumn('session_handle', text, (column) => column.primaryKey().notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('recipe_user_id', text, (column) => column.notNull())
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('refresh_token_hash', text, (column) => column.notNull())
    .addColumn('previous_refresh_token_hash', text)
    .addColumn('rotated_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('refresh_secret', text, (column) => column.notNull())
    .addColumn('access_token_payload', text, (column) => column.notNull())
    .addColumn('session_data', text, (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await index(db, 'latchkey_sessions', 'user', ['user_id']);
  await index(db, 'latchkey_sessions', 'expiry', ['expires_at_ms']);
}

async function createSigningKeys(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('latchkey_signing_keys')
    .addColumn('kid', text, (column) => column.primaryKey().notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('public_jwk', text, (column) => column.notNull())
    .addColumn('private_key_pem', text, (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('latchkey_signing_keys_sequence', ['kind', 'sequence'])
    .execute();
}

async function index(db: Kysely<Tables>, table: keyof Tables, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(`${table}_by_${name}`).on(table).columns(columns).execute();
}
