import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompiledQuery, sql } from 'kysely';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { QueryRecorder, storageQueries } from '../../../../../test/support/storage-queries.js';
import type { SqlAuthDatabase } from '../sql-auth-database.js';
import { migrateUp } from '../migrator.js';
import type { OpenedDatabase } from '../storage-dialect.js';
import type { Tables } from '../tables.js';
import { UserListStorage } from '../user-list.storage.js';
import { openPostgres } from './connection.js';

const ROWS = 20_000;

/** A row of each table, from the number n. Every tenth user is of the public tenant. */
const seeds: { [Table in Exclude<keyof Tables, 'latchkey_migration'>]: string } = {
  latchkey_tenants: `'tenant-' || n`,
  latchkey_users: `'u' || n, 0, n`,
  latchkey_user_tenants: `case n % 10 when 0 then 'public' else 'tenant-' || n end, 'u' || n, n`,
  latchkey_login_methods: `'u' || n, 'u' || n, 'emailpassword', n || '@example.com', '+' || n, 'google', n, n`,
  latchkey_login_method_tenants: `case n % 10 when 0 then 'public' else 'tenant-' || n end, 'emailpassword', n || '@example.com', 'u' || n`,
  latchkey_password_credentials: `'u' || n, 'hash'`,
  latchkey_verified_emails: `'u' || n, n || '@example.com'`,
  latchkey_one_time_tokens: `'hash' || n, 'password-reset', 'u' || n, 'public', n || '@example.com', n`,
  latchkey_email_outbox: `'e' || n, 'passwordReset', '{}', 'u' || n, 0, n, n, n, 'messages'`,
  latchkey_user_metadata: `'u' || n, '{}'`,
  latchkey_roles: `'role-' || n`,
  latchkey_role_permissions: `'role-' || n % 100, 'permission-' || n`,
  latchkey_user_roles: `'role-' || n % 10, case n % 10 when 0 then 'public' else 'tenant-' || n end, 'u' || n`,
  latchkey_user_id_mappings: `'u' || n, 'external' || n, null`,
  latchkey_tenant_configs: `'tenant-' || n, '{}'`,
  latchkey_attempts: `'hash' || n, n`,
  latchkey_apps: `'app-' || n, '{}', n`,
  latchkey_dashboard_users: `'d' || n, n || '@example.com', 'hash', n`,
  latchkey_dashboard_sessions: `'h' || n, 'd' || n, 'hash', n, n`,
  latchkey_audit: `'e' || n, n, 'userDELETE', '{}', 'public', 'u' || n, null, '{}'`,
  latchkey_revocations: `'r' || n, n, 'sessions', '[]', n`,
  latchkey_third_party_configs: `'tenant-' || n % 2000, 'provider-' || n, '{}'`,
  latchkey_sessions: `'handle' || n, 'u' || n, 'u' || n, 'public', 'a' || n, null, n, 's', '{}', '{}', n, n`,
  latchkey_shared_claims: `'u' || n, 'u' || n, 'public', '{}', n`,
  latchkey_user_activity: `'u' || n, n`,
  latchkey_signing_keys: `'kid' || n, 'dynamic', n, 'jwk', 'pem', n`,
};

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

describe('query plans on PostgreSQL', () => {
  const { url, schema, drop } = postgresSchema();
  let opened: OpenedDatabase;
  let recorder: QueryRecorder;

  beforeAll(async () => {
    opened = await openPostgres({ postgres: url, schema });
    await migrateUp(opened);
    for (const [table, columns] of Object.entries(seeds)) {
      const into = sql`insert into ${sql.table(`${schema}.${table}`)}`;
      await sql`${into} select ${sql.raw(columns)} from generate_series(1, ${sql.lit(ROWS)}) n`.execute(opened.kysely);
      await sql`analyze ${sql.table(`${schema}.${table}`)}`.execute(opened.kysely);
    }
    recorder = new QueryRecorder(opened);
  });
  afterAll(async () => {
    await recorder.database.close();
    await drop();
  });

  async function planNodes(work: (database: SqlAuthDatabase) => Promise<unknown>): Promise<PlanNode[]> {
    const queries = await recorder.queriesOf(work);
    expect(queries).not.toEqual([]);
    const nodes: PlanNode[] = [];
    for (const { sql: text, parameters } of queries) {
      const explain = CompiledQuery.raw(`explain (format json) ${text}`, parameters);
      const { rows } = await opened.kysely.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(explain);
      nodes.push(...rows[0]!['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)));
    }
    return nodes;
  }

  /** @returns the tables that are read from end to end */
  async function scans(work: (database: SqlAuthDatabase) => Promise<unknown>): Promise<unknown[]> {
    const nodes = await planNodes(work);
    return nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);
  }

  it.each(storageQueries)('%s searches by an index', async (_, work) => {
    expect(await scans(work)).toEqual([]);
  });

  it('walks along the order of joining for the first users of all tenants', async () => {
    const nodes = await planNodes((database) => new UserListStorage(database).page({}, 'desc', undefined, 10));
    expect(nodes.map((node) => node['Node Type'])).toEqual(['Limit', expect.stringMatching(/^Index (Only )?Scan$/)]);
    expect(nodes[1]).toMatchObject({ 'Index Name': 'latchkey_users_by_time', 'Scan Direction': 'Backward' });
  });

  it('notices a scan', async () => {
    const found = await scans(async (database) => {
      const db = await database.tables();
      await db.selectFrom('latchkey_sessions').selectAll().where('access_token_payload', '=', 'x').execute();
    });
    expect(found).toEqual(['latchkey_sessions']);
  });
});

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
