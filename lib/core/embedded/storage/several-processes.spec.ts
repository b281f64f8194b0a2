import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { buildChildScript, runChildScript } from '../../../../test/support/child-script.js';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/temporary-folder.js';
import { UsersStorage } from './users.storage.js';
import { UserListStorage } from './user-list.storage.js';
import { openStorage } from './open-storage.js';

describe('several processes over one SQLite file', () => {
  let script: string;
  let folder: TemporaryFolder;
  let file: string;

  beforeAll(async () => {
    script = await buildChildScript('sign-up-repeatedly.ts');
  });
  afterAll(() => rm(script));
  beforeEach(async () => {
    folder = await temporaryFolder();
    file = folder.path('auth.sqlite');
  });
  afterEach(() => folder.remove());

  it('boot on a fresh file at once, and write side by side', async () => {
    const children = ['a', 'b', 'c', 'd'].map((prefix) => runChildScript(script, [file, prefix, '25']));
    for (const child of children) {
      expect(await child.ended).toEqual({ code: 0, signal: null, errors: '' });
      expect(child.lines).toHaveLength(1 + 25);
    }
    const database = await openStorage({ sqlite: file });
    expect(await new UserListStorage(database).count({})).toBe(100);
    await database.close();
  });

  it('keeps everything that was answered OK when the process is killed, and nothing by halves', async () => {
    const child = runChildScript(script, [file, 'user', '100000'], (line) => {
      if (line.startsWith('user200@')) child.process.kill('SIGKILL');
    });
    expect((await child.ended).signal).toBe('SIGKILL');
    const answered = child.lines.slice(1);
    expect(answered.length).toBeGreaterThan(200);

    const database = await openStorage({ sqlite: file });
    const users = new UsersStorage(database);
    for (const email of answered) {
      expect(await users.findByAccountInfo('public', { email })).toHaveLength(1);
    }
    const db = await database.tables();
    const count = async (table: 'latchkey_users' | 'latchkey_password_credentials' | 'latchkey_login_method_tenants') =>
      (
        await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('rows'))
          .executeTakeFirstOrThrow()
      ).rows;
    expect(await count('latchkey_password_credentials')).toBe(await count('latchkey_users'));
    expect(await count('latchkey_login_method_tenants')).toBe(await count('latchkey_users'));
    await database.close();
  });
});
