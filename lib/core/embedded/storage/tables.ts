/*
 * The rows as every database has them: times are integers of milliseconds since the Unix epoch, booleans
 * are 0 or 1, JSON is text. The prefix keeps them apart from an application's own tables in the same
 * database, which it needs in order to write both in one transaction.
 */

/** The migrations that were run. */
interface MigrationTable {
  name: string;
  applied_at_ms: number;
}

interface TenantsTable {
  tenant_id: string;
}

export interface UsersTable {
  user_id: string;
  is_primary: number;
  time_joined_ms: number;
}

/** Which users are members of a tenant; repeats the time so that a page of them is one walk along an index. */
interface UserTenantsTable {
  tenant_id: string;
  user_id: string;
  time_joined_ms: number;
}

export interface LoginMethodsTable {
  recipe_user_id: string;
  user_id: string;
  recipe_id: string;
  email: string | null;
  phone_number: string | null;
  third_party_id: string | null;
  third_party_user_id: string | null;
  /** Who vouched for that id. Null until a sign-in names one. */
  third_party_issuer: string | null;
  /** Its account key, where that is not an email, a phone number or an identity at a provider. */
  account_key: string | null;
  time_joined_ms: number;
}

/**
 * Who holds an account name. `account_key` is what a recipe signs in by, such as the normalised email;
 * the primary key over it is what lets only one of several concurrent sign-ups win.
 */
interface LoginMethodTenantsTable {
  tenant_id: string;
  recipe_id: string;
  account_key: string;
  recipe_user_id: string;
}

/** `subject` is what a token is about, such as the email address that it was sent to. */
export interface OneTimeTokensTable {
  token_hash: string;
  kind: string;
  recipe_user_id: string;
  tenant_id: string;
  subject: string;
  expires_at_ms: number;
}

/** `attempts` counts the claims; a claimed row is due again when its lease ends. */
export interface EmailOutboxTable {
  email_id: string;
  kind: string;
  content: string;
  recipe_user_id: string;
  attempts: number;
  created_at_ms: number;
  due_at_ms: number;
  expires_at_ms: number;
  line: string;
  tenant_id: string | null;
}

export interface SessionsTable {
  session_handle: string;
  user_id: string;
  recipe_user_id: string;
  tenant_id: string;
  refresh_token_hash: string;
  previous_refresh_token_hash: string | null;
  /**
   * Set while the session waits for a successor of its previous token to be seen: the first successor, which works beside the
   * current one until then. Processes of 0.1.0 leave it as it is.
   */
  unseen_refresh_token_hash: string | null;
  rotated_at_ms: number;
  refresh_secret: string;
  access_token_payload: string;
  session_data: string;
  created_at_ms: number;
  expires_at_ms: number;
  /** Up to which change of `latchkey_shared_claims` the payload is written. */
  claims_at_ms: number;
}

/**
 * What facts have changed for all sessions of a login method in a tenant at once, by the ids that sessions are shown under.
 * `claims` is `{ name: { at, value } }`; `changed_at_ms` is the last `at`.
 */
export interface SharedClaimsTable {
  user_id: string;
  recipe_user_id: string;
  tenant_id: string;
  claims: string;
  changed_at_ms: number;
}

/** `sequence` counts the keys of a kind: its uniqueness lets only one of several processes rotate. */
export interface SigningKeysTable {
  kid: string;
  kind: 'dynamic' | 'static';
  sequence: number;
  public_jwk: string;
  private_key_pem: string;
  created_at_ms: number;
}

/** JSON objects, by our own ids. */
export interface UserMetadataTable {
  user_id: string;
  metadata: string;
}

/** Under which id another system knows a user or a login method. */
export interface UserIdMappingsTable {
  user_id: string;
  external_user_id: string;
  external_user_id_info: string | null;
}

/** The register of apps, in the storage of the public one. */
export interface AppsTable {
  app_id: string;
  core_config: string;
  created_at_ms: number;
}

/** JSON objects. */
interface TenantConfigsTable {
  tenant_id: string;
  config: string;
}

/** `bucket` is made of hashes; at `free_at_ms` it is as good as new, and the row can go. */
interface AttemptsTable {
  bucket: string;
  free_at_ms: number;
}

/** `subjects` is a JSON list: handles of sessions that have ended, or ids of users whose claims have changed. */
export interface RevocationsTable {
  revocation_id: string;
  /** PostgreSQL's driver yields it as text. */
  position: number | string;
  kind: 'sessions' | 'claims';
  subjects: string;
  written_at_ms: number;
}

/** The storage of a recipe adds its tables: `declare module './tables.js' { interface Tables { … } }`. */
export interface Tables {
  latchkey_migration: MigrationTable;
  latchkey_tenants: TenantsTable;
  latchkey_users: UsersTable;
  latchkey_user_tenants: UserTenantsTable;
  latchkey_login_methods: LoginMethodsTable;
  latchkey_login_method_tenants: LoginMethodTenantsTable;
  latchkey_one_time_tokens: OneTimeTokensTable;
  latchkey_email_outbox: EmailOutboxTable;
  latchkey_sessions: SessionsTable;
  latchkey_shared_claims: SharedClaimsTable;
  latchkey_signing_keys: SigningKeysTable;
  latchkey_user_metadata: UserMetadataTable;
  latchkey_user_id_mappings: UserIdMappingsTable;
  latchkey_apps: AppsTable;
  latchkey_tenant_configs: TenantConfigsTable;
  latchkey_attempts: AttemptsTable;
  latchkey_revocations: RevocationsTable;
}
