import type { Core } from '../lib/core/core.js';
import { UserRolesCore } from '../lib/core/user-roles.core.js';
import { SqlAuthDatabase } from '../lib/core/embedded/storage/sql-auth-database.js';
import { sql, type RawBuilder } from 'kysely';

const CHUNK = 50_000;

interface Series {
  /** Yields one row with a column `i` for each number. */
  from(first: number, last: number): RawBuilder<unknown>;
  /** A text of 32 hexadecimal digits that follows from `i` and looks random, as ids and hashes do. */
  digest(salt: string): RawBuilder<string>;
}

const sqliteSeries: Series = {
  from: (first, last) =>
    sql`(with recursive n(i) as (select cast(${first} as integer) union all select i + 1 from n where i < ${last}) select i from n)`,
  // SQLite has no hash of its own; a multiplication modulo 2^32 scatters as well.
  digest: (salt) =>
    sql`printf('%08x%s%016x', (i * 2654435761) % 4294967296, ${salt}, (i * 40503) % 4294967296 * 4294967296 + i)`,
};

const postgresSeries: Series = {
  from: (first, last) => sql`(select i from generate_series(${first}::bigint, ${last}::bigint) as n(i))`,
  digest: (salt) => sql`md5(i::text || ${salt})`,
};

/**
 * Fills the core's tables with users who have a password, each with one session. Rows are made by the database.
 * @param schema of the core's tables, on PostgreSQL
 */
export async function seed(core: Core, users: number, schema?: string): Promise<void> {
  const database = core.port(SqlAuthDatabase);
  const series = schema === undefined ? sqliteSeries : postgresSeries;
  const prefix = schema === undefined ? [] : [schema];
  for (let first = 1; first <= users; first += CHUNK) {
    const last = Math.min(users, first + CHUNK - 1);
    await database.transaction(() => seedChunk(database, prefix, series, series.from(first, last)));
  }
  const db = await database.tables();
  await sql`analyze`.execute(db);
}

/** Gives all of them the role `member`; the core has the part of UserRoles. */
export async function seedRoles(core: Core, users: number, schema?: string): Promise<void> {
  await core.port(UserRolesCore).createNewRoleOrAddPermissions({ role: 'member', permissions: [] });
  const { from, digest } = schema === undefined ? sqliteSeries : postgresSeries;
  const db = await core.port(SqlAuthDatabase).tables();
  const table = sql.id(...(schema === undefined ? [] : [schema]), 'latchkey_user_roles');
  await sql`insert into ${table} (role, tenant_id, user_id)
    select 'member', 'public', ${digest('user')} from ${from(1, users)} as numbers`.execute(db);
  await sql`analyze`.execute(db);
}

async function seedChunk(
  database: SqlAuthDatabase,
  prefix: string[],
  { digest }: Series,
  numbers: RawBuilder<unknown>,
): Promise<void> {
  const db = await database.tables();
  const user = digest('user');
  const email = sql`'user-' || i || '@example.com'`;
  const joined = sql`1700000000000 + i * 1000`;
  const never = 4_102_444_800_000;
  const tables: [string, RawBuilder<unknown>][] = [
    ['latchkey_users (user_id, is_primary, time_joined_ms)', sql`${user}, 0, ${joined}`],
    ['latchkey_user_tenants (tenant_id, user_id, time_joined_ms)', sql`'public', ${user}, ${joined}`],
    [
      'latchkey_login_methods (recipe_user_id, user_id, recipe_id, email, time_joined_ms)',
      sql`${user}, ${user}, 'emailpassword', ${email}, ${joined}`,
    ],
    [
      'latchkey_login_method_tenants (tenant_id, recipe_id, account_key, recipe_user_id)',
      sql`'public', 'emailpassword', ${email}, ${user}`,
    ],
    ['latchkey_password_credentials (recipe_user_id, password_hash)', sql`${user}, 'plain:password'`],
    [
      'latchkey_sessions (session_handle, user_id, recipe_user_id, tenant_id, refresh_token_hash, rotated_at_ms,' +
        ' refresh_secret, access_token_payload, session_data, created_at_ms, expires_at_ms)',
      sql`${digest('session')}, ${user}, ${user}, 'public', ${digest('token')}, ${joined}, ${digest('secret')},
        '{}', '{}', ${joined}, ${never}`,
    ],
  ];
  for (const [target, values] of tables) {
    const [name, columns] = target.split(' (', 2) as [string, string];
    await sql`insert into ${sql.id(...prefix, name)} (${sql.raw(columns)} select ${values} from ${numbers} as numbers`.execute(
      db,
    );
  }
}
