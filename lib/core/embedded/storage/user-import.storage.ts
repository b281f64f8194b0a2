import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { LoginMethodsTable, Tables, UserIdMappingsTable, UserMetadataTable } from './tables.js';

/** The name by which a login method signs in to one tenant. */
interface Claim {
  tenant_id: string;
  recipe_id: string;
  account_key: string;
}

/** A user with everything that is written about it; ids are our own. */
export interface ImportRows {
  userId: string;
  isPrimary: boolean;
  timeJoinedMs: number;
  tenantIds: string[];
  claims: (Claim & { recipe_user_id: string })[];
  methods: LoginMethodsTable[];
  verified: { recipe_user_id: string; email: string }[];
  credentials: { recipe_user_id: string; password_hash: string }[];
  roles: Tables['latchkey_user_roles'][];
  mapping?: UserIdMappingsTable;
  metadata?: UserMetadataTable;
}

/** SQLite takes 32,766 values in a statement, and a row of ours has at most ten. */
const ROWS_IN_A_STATEMENT = 1000;

/** Many users at once, by few statements. Everything but the look-ups belongs into one transaction. */
export class UserImportStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns our own id of the user that holds each of the names, by `claimKey` */
  async holders(claims: readonly Claim[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const { tenant_id, recipe_id, keys } of byTenantAndRecipe(claims)) {
      for (const some of chunks(keys)) {
        const db = await this.database.tables();
        const rows = await db
          .selectFrom('latchkey_login_method_tenants as member')
          .innerJoin('latchkey_login_methods as method', 'method.recipe_user_id', 'member.recipe_user_id')
          .select(['member.account_key', 'method.user_id'])
          .where('member.tenant_id', '=', tenant_id)
          .where('member.recipe_id', '=', recipe_id)
          .where('member.account_key', 'in', some)
          .execute();
        for (const { account_key, user_id } of rows)
          found.set(claimKey({ tenant_id, recipe_id, account_key }), user_id);
      }
    }
    return found;
  }

  /** @returns our own id of whom each of the external ids is mapped to */
  async mapped(externalUserIds: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const some of chunks(externalUserIds)) {
      const db = await this.database.tables();
      const rows = await db
        .selectFrom('latchkey_user_id_mappings')
        .select(['external_user_id', 'user_id'])
        .where('external_user_id', 'in', some)
        .execute();
      for (const { external_user_id, user_id } of rows) found.set(external_user_id, user_id);
    }
    return found;
  }

  /** @returns which of them are ids that we gave to a user or a login method */
  async ownIds(ids: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const some of chunks(ids)) {
      const db = await this.database.tables();
      const methods = db
        .selectFrom('latchkey_login_methods')
        .select('recipe_user_id as id')
        .where('recipe_user_id', 'in', some);
      const users = db.selectFrom('latchkey_users').select('user_id as id').where('user_id', 'in', some);
      for (const { id } of await methods.union(users).execute()) found.add(id);
    }
    return found;
  }

  /** @returns which of the emails a user has to whom accounts may be linked, in which tenant */
  async primaryEmails(emails: readonly string[]): Promise<{ email: string; tenant_id: string }[]> {
    const found: { email: string; tenant_id: string }[] = [];
    for (const some of chunks(emails)) {
      const db = await this.database.tables();
      const rows = await db
        .selectFrom('latchkey_login_methods as method')
        .innerJoin('latchkey_users as user', 'user.user_id', 'method.user_id')
        .innerJoin('latchkey_login_method_tenants as member', 'member.recipe_user_id', 'method.recipe_user_id')
        .select(['method.email', 'member.tenant_id'])
        .where('user.is_primary', '=', 1)
        .where('method.email', 'in', some)
        .execute();
      for (const { email, tenant_id } of rows) found.push({ email: email!, tenant_id });
    }
    return found;
  }

  /** Nobody deletes them before the end of the transaction. @returns which of the roles are there */
  async holdRoles(roles: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const some of chunks([...new Set(roles)].sort())) {
      const db = await this.database.tables();
      const rows = await db
        .selectFrom('latchkey_roles')
        .select('role')
        .where('role', 'in', some)
        .orderBy('role')
        .forKeyShare()
        .execute();
      for (const { role } of rows) found.add(role);
    }
    return found;
  }

  /** @returns the ids of users who got every name and the external id that they ask for; of others nothing is kept */
  async claim(users: readonly ImportRows[]): Promise<Set<string>> {
    const db = await this.database.tables();
    // One order for all, or two who claim the same names would wait for each other.
    const claims = users.flatMap((user) => user.claims).sort((a, b) => (claimKey(a) < claimKey(b) ? -1 : 1));
    const got = new Set<string>();
    for (const some of chunks(claims)) {
      const rows = await db
        .insertInto('latchkey_login_method_tenants')
        .values(some)
        .onConflict((conflict) => conflict.doNothing())
        .returning(['recipe_user_id', 'tenant_id'])
        .execute();
      for (const row of rows) got.add(memberKey(row));
    }
    const named = users.filter((user) => user.claims.every((claim) => got.has(memberKey(claim))));
    const mappings = named.flatMap(({ mapping }) => mapping ?? []);
    const mapped = new Set<string>();
    for (const some of chunks(mappings)) {
      const rows = await db
        .insertInto('latchkey_user_id_mappings')
        .values(some)
        .onConflict((conflict) => conflict.doNothing())
        .returning('user_id')
        .execute();
      for (const { user_id } of rows) mapped.add(user_id);
    }
    const lucky = new Set(
      named.filter(({ mapping, userId }) => mapping === undefined || mapped.has(userId)).map(({ userId }) => userId),
    );
    await this.release(users.filter(({ userId }) => !lucky.has(userId)));
    return lucky;
  }

  /** Of users whose names were claimed before. */
  async insert(users: readonly ImportRows[]): Promise<void> {
    const db = await this.database.tables();
    const owners = users.map(({ userId: user_id, isPrimary, timeJoinedMs: time_joined_ms }) => ({
      user_id,
      is_primary: isPrimary ? 1 : 0,
      time_joined_ms,
    }));
    const members = users.flatMap(({ userId: user_id, tenantIds, timeJoinedMs: time_joined_ms }) =>
      tenantIds.map((tenant_id) => ({ tenant_id, user_id, time_joined_ms })),
    );
    for (const some of chunks(owners)) await db.insertInto('latchkey_users').values(some).execute();
    for (const some of chunks(members)) await db.insertInto('latchkey_user_tenants').values(some).execute();
    for (const some of chunks(users.flatMap(({ methods }) => methods))) {
      await db.insertInto('latchkey_login_methods').values(some).execute();
    }
    for (const some of chunks(users.flatMap(({ credentials }) => credentials))) {
      await db.insertInto('latchkey_password_credentials').values(some).execute();
    }
    for (const some of chunks(users.flatMap(({ verified }) => verified))) {
      await db.insertInto('latchkey_verified_emails').values(some).execute();
    }
    for (const some of chunks(users.flatMap(({ metadata }) => metadata ?? []))) {
      await db.insertInto('latchkey_user_metadata').values(some).execute();
    }
    for (const some of chunks(users.flatMap(({ roles }) => roles))) {
      await db
        .insertInto('latchkey_user_roles')
        .values(some)
        // A user may name one role twice.
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  private async release(users: readonly ImportRows[]): Promise<void> {
    const db = await this.database.tables();
    const recipeUserIds = users.flatMap(({ methods }) => methods.map(({ recipe_user_id }) => recipe_user_id));
    for (const some of chunks(recipeUserIds)) {
      await db.deleteFrom('latchkey_login_method_tenants').where('recipe_user_id', 'in', some).execute();
    }
  }
}

export function claimKey({ tenant_id, recipe_id, account_key }: Claim): string {
  return JSON.stringify([tenant_id, recipe_id, account_key]);
}

function byTenantAndRecipe(claims: readonly Claim[]) {
  const groups = new Map<string, { tenant_id: string; recipe_id: string; keys: string[] }>();
  for (const { tenant_id, recipe_id, account_key } of claims) {
    const name = JSON.stringify([tenant_id, recipe_id]);
    const group = groups.get(name) ?? { tenant_id, recipe_id, keys: [] };
    group.keys.push(account_key);
    groups.set(name, group);
  }
  return groups.values();
}

function memberKey({ recipe_user_id, tenant_id }: { recipe_user_id: string; tenant_id: string }): string {
  return `${recipe_user_id} ${tenant_id}`;
}

function chunks<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_IN_A_STATEMENT);
  return Array.from({ length: count }, (_, at) => rows.slice(at * ROWS_IN_A_STATEMENT, (at + 1) * ROWS_IN_A_STATEMENT));
}
