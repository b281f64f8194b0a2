import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { postgresSchema } from '../../../../test/support/postgres-schema.js';
import type { EmbeddedDatabaseOptions } from './database.options.js';
import { SqlAuthDatabase } from './sql-auth-database.js';
import { MigrationPlan } from './migration-plan.js';
import { coreMigrations } from './migrations/index.js';
import { migrateUp } from './migrator.js';
import { openDatabase } from './open-storage.js';
import type { OpenedDatabase } from './storage-dialect.js';
import { UsersStorage } from './users.storage.js';

interface FreshDatabase {
  options: EmbeddedDatabaseOptions;
  remove(): Promise<void>;
}

const kinds: { name: string; create(): FreshDatabase }[] = [
  { name: 'SQLite', create: () => ({ options: { sqlite: ':memory:' }, remove: async () => {} }) },
  {
    name: 'PostgreSQL',
    create: () => {
      const { url, schema, drop } = postgresSchema();
      return { options: { postgres: url, schema }, remove: drop };
    },
  },
];

describe.each(kinds)('0002-email-verification: $name', ({ create }) => {
  let fresh: FreshDatabase;
  let opened: OpenedDatabase;

  beforeEach(async () => {
    fresh = create();
    opened = await openDatabase(fresh.options);
  });
  afterEach(async () => {
    await opened.unlimited.destroy();
    await opened.kysely.destroy();
    await fresh.remove();
  });

  it('keeps what login methods knew of their emails', async () => {
    await migrateUp(opened, new MigrationPlan([], { '0001-initial': coreMigrations['0001-initial']! }));
    await insertUser('proven', 'ada@example.com', 1);
    await insertUser('unproven', 'bob@example.com', 0);
    await insertUser('nameless', null, 1);

    await migrateUp(opened);
    const users = await new UsersStorage(new SqlAuthDatabase(opened)).load(['proven', 'unproven', 'nameless']);
    expect(users.map(({ id, loginMethods }) => [id, loginMethods[0]!.verified])).toEqual([
      ['proven', true],
      ['unproven', false],
      ['nameless', false],
    ]);
  });

  async function insertUser(id: string, email: string | null, verified: number): Promise<void> {
    const db = opened.dialect.ownTables(opened.kysely);
    await db.insertInto('latchkey_users').values({ user_id: id, is_primary: 0, time_joined_ms: 1 }).execute();
    const method = { recipe_user_id: id, user_id: id, recipe_id: 'emailpassword', email, time_joined_ms: 1 };
    await db
      .insertInto('latchkey_login_methods')
      .values({ ...method, ...({ verified: sql`${verified}` } as object) } as never)
      .execute();
  }
});
