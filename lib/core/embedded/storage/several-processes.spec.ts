import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { childScript, runChildScript } from '../../../../test/support/child-script.js';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/temporary-folder.js';
import { UserListStorage } from './user-list.storage.js';
import { openStorage } from './open-storage.js';

describe('several processes over one SQLite file', () => {
  let script: string;
  let folder: TemporaryFolder;
  let file: string;

  beforeAll(() => {
    script = childScript('sign-up-repeatedly');
  });
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
});
