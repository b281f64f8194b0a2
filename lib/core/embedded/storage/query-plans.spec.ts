import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { Facts } from '../../facts.js';
import { EmbeddedUserRolesCore } from '../embedded-user-roles.core.js';
import type { EmbeddedTenantsCore } from '../embedded-tenants.core.js';
import { QueryRecorder, storageQueries } from '../../../../test/support/storage-queries.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { migrateUp } from './migrator.js';
import { openSqlite } from './sqlite/connection.js';
import type { OpenedDatabase } from './storage-dialect.js';
import { UserListStorage } from './user-list.storage.js';

describe('query plans', () => {
  let opened: OpenedDatabase;
  let recorder: QueryRecorder;

  beforeAll(async () => {
    opened = await openSqlite(':memory:');
    await migrateUp(opened);
    recorder = new QueryRecorder(opened);
  });
  afterAll(() => recorder.database.close());

  /** @returns the steps that walk through a table or an index from end to end */
  async function scans(work: (database: SqlAuthDatabase) => Promise<unknown>): Promise<string[]> {
    const queries = await recorder.queriesOf(work);
    expect(queries).not.toEqual([]);
    const found: string[] = [];
    for (const { sql, parameters } of queries) {
      const explain = CompiledQuery.raw(`explain query plan ${sql}`, parameters);
      const plan = await opened.kysely.executeQuery<{ detail: string }>(explain);
      // `found` and a constant row are no tables: the first holds the results of a search.
      found.push(
        ...plan.rows.map((row) => row.detail).filter((detail) => /^SCAN (?!found$|CONSTANT ROW$)/.test(detail)),
      );
    }
    return found;
  }

  it.each(storageQueries)('%s searches by an index', async (_, work) => {
    expect(await scans(work)).toEqual([]);
  });

  it('walks along the order of joining for the first users of all tenants', async () => {
    expect(await scans((database) => new UserListStorage(database).page({}, 'desc', undefined, 10))).toEqual([
      expect.stringContaining('USING COVERING INDEX latchkey_users_by_time'),
    ]);
  });

  it('gives a role by one statement, and reads who has it along the primary key', async () => {
    const everyTenant = { assertExists: async () => {} } as unknown as EmbeddedTenantsCore;
    const roles = new EmbeddedUserRolesCore(recorder.database, everyTenant, new Facts());
    await roles.createNewRoleOrAddPermissions({ role: 'reader', permissions: ['read'] });
    const of = { tenantId: 'public', role: 'reader' };
    const giving = await recorder.queriesOf(() => roles.addRoleToUser({ ...of, userId: 'ada' }));
    expect(giving.map(({ sql }) => sql.split(' ')[0])).toEqual(['insert']);

    const [page, ...others] = await recorder.queriesOf(() => roles.getUsersThatHaveRole({ ...of, limit: 10 }));
    expect(others).toEqual([]);
    const explain = CompiledQuery.raw(`explain query plan ${page!.sql}`, page!.parameters);
    const { rows } = await opened.kysely.executeQuery<{ detail: string }>(explain);
    const steps = rows.map(({ detail }) => detail);
    expect(steps[0]).toMatch(
      /^SEARCH holder USING (COVERING INDEX sqlite_autoindex|PRIMARY KEY|INDEX sqlite_autoindex)/,
    );
    expect(steps.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  it('notices a scan', async () => {
    const found = await scans(async (database) => {
      const db = await database.tables();
      await db.selectFrom('latchkey_sessions').selectAll().where('tenant_id', '=', 'public').execute();
    });
    expect(found).toEqual([expect.stringContaining('SCAN latchkey_sessions')]);
  });
});
