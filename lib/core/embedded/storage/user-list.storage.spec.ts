import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lentSchema } from '../../../../test/support/kept-schemas.js';
import type { Core } from '../../core.js';
import { EmailPasswordCore } from '../../email-password.core.js';
import { createEmbeddedCore } from '../../parts/embedded-core.js';
import { TenantsCore } from '../../tenants.core.js';
import type { UserSearch } from '../../user-search.js';
import { Argon2PasswordHasher } from '../argon2-password-hasher.js';
import type { EmbeddedDatabaseOptions } from './database.options.js';
import { SqlAuthDatabase } from './sql-auth-database.js';
import { UserListStorage } from './user-list.storage.js';

const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });
const places: { name: string; open(): { database: EmbeddedDatabaseOptions; remove(): Promise<void> } }[] = [
  { name: 'SQLite', open: () => ({ database: { sqlite: ':memory:' }, remove: async () => undefined }) },
  {
    name: 'PostgreSQL',
    open: () => {
      const { schema, pools, giveBack } = lentSchema();
      return { database: { postgres: pools[0], schema }, remove: giveBack };
    },
  },
];

describe.each(places)('a search that matches many on $name', ({ open }) => {
  const { database, remove } = open();
  let core: Core;
  let few: UserListStorage;
  let many: UserListStorage;

  beforeAll(async () => {
    core = await createEmbeddedCore(database, { passwordHasher });
    await core.port(TenantsCore).createTenant('acme');
    const emails = ['ada@example.com', 'adam@other.example', 'bob@ada.example', 'eve@example.com'];
    for (const tenantId of ['public', 'acme']) {
      for (const email of emails) {
        await core.port(EmailPasswordCore).signUp({ tenantId, email: `${tenantId}.${email}`, password: 'secret' });
        await core.port(EmailPasswordCore).signUp({ tenantId, email, password: 'secret' });
      }
    }
    const storage = core.port(SqlAuthDatabase);
    few = new UserListStorage(storage, 1_000_000);
    many = new UserListStorage(storage, 1);
  });
  afterAll(async () => {
    await core.close();
    await remove();
  });

  it.each<[UserSearch, number]>([
    [{ emails: ['ada'] }, 4],
    [{ emails: ['ada', 'example.com'] }, 7],
    [{ emails: ['public.', 'eve@'] }, 5],
    [{ emails: ['nobody'] }, 0],
    [{ emails: ['ada'], phoneNumbers: ['+'] }, 0],
  ])('finds by %j whom one that matches few finds, in the same order', async (search, expected) => {
    for (const tenantId of ['public', undefined]) {
      for (const order of ['asc', 'desc'] as const) {
        const first = await few.page({ tenantId, search }, order, undefined, 100);
        expect(await many.page({ tenantId, search }, order, undefined, 100)).toEqual(first);
        if (tenantId !== undefined) expect(first).toHaveLength(expected);
        const rest = await many.page({ tenantId, search, recipeIds: ['emailpassword'] }, order, first[0], 100);
        expect(rest).toEqual(first.slice(1));
      }
      expect(await many.count({ tenantId, search })).toBe(await few.count({ tenantId, search }));
    }
  });
});
