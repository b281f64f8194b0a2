import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { temporaryFolder, type TemporaryFolder } from '../../../../../test/support/temporary-folder.js';
import { waitUntil } from '../../../../../test/support/wait-until.js';
import { ConfigurationError, StorageUnavailableError } from '../../../auth.error.js';
import { openStorage } from '../open-storage.js';
import { TenantsStorage } from '../tenants.storage.js';
import { BUSY_RETRY_MS } from './busy-retry.js';
import { ConnectionQueue } from './connection-queue.js';
import { loadSqlite } from './load-sqlite.js';

async function refusal(sqlite: string): Promise<string> {
  const error: unknown = await openStorage({ sqlite }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as ConfigurationError).message;
}

/** As another process has it open. */
async function openedBeside(path: string) {
  return (await loadSqlite())(path).database;
}

describe('opening a SQLite database', () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('says that the folder is not there', async () => {
    expect(await refusal(folder.path('missing/auth.sqlite'))).toMatch(
      /core\.sqlite: .*its folder does not exist.*Create/,
    );
  });

  it('says that the file is not a database', async () => {
    writeFileSync(folder.path('notes.txt'), 'This is not a database. '.repeat(100));
    expect(await refusal(folder.path('notes.txt'))).toMatch(/is a file, but not a SQLite database\. Give/);
  });

  it('says that the path is a folder', async () => {
    mkdirSync(folder.path('sub'));
    expect(await refusal(folder.path('sub'))).toMatch(/cannot be opened/);
  });

  it('takes an empty file, and opens a database again', async () => {
    writeFileSync(folder.path('auth.sqlite'), '');
    for (const createdNew of [true, false]) {
      const database = await openStorage({ sqlite: folder.path('auth.sqlite') });
      expect(await new TenantsStorage(database).insert('acme')).toBe(createdNew);
      await database.close();
    }
  });

  it('keeps the file to its owner, and leaves the mode of one that was there', async () => {
    const mode = (name: string) => statSync(folder.path(name)).mode & 0o777;
    const database = await openStorage({ sqlite: folder.path('auth.sqlite') });
    expect([mode('auth.sqlite'), mode('auth.sqlite-wal')]).toEqual([0o600, 0o600]);
    await database.close();
    chmodSync(folder.path('auth.sqlite'), 0o660);
    await (await openStorage({ sqlite: folder.path('auth.sqlite') })).close();
    expect(mode('auth.sqlite')).toBe(0o660);
  });

  it('refuses a database of a later version', async () => {
    const sqlite = folder.path('auth.sqlite');
    await (await openStorage({ sqlite })).close();
    const file = await openedBeside(sqlite);
    file.exec(`insert into latchkey_migration (name, applied_at_ms) values ('9999-later', 0)`);
    file.close();
    await expect(openStorage({ sqlite })).rejects.toThrow(/9999-later/);
  });

  describe('while another process writes', () => {
    it('waits for it without holding up this process', async () => {
      const sqlite = folder.path('auth.sqlite');
      const database = await openStorage({ sqlite });
      const other = await openedBeside(sqlite);
      other.exec('begin immediate');
      let turns = 0;
      const ticking = setInterval(() => turns++, 5);
      const inserting = new TenantsStorage(database).insert('acme');
      const inTransaction = database.transaction(() => new TenantsStorage(database).insert('corp'));
      await waitUntil(async () => turns > 5);
      other.exec('commit');
      expect(await inserting).toBe(true);
      expect(await inTransaction).toBe(true);
      clearInterval(ticking);
      other.close();
      await database.close();
    });

    it('says that the storage is unavailable when it takes too long, and goes on afterwards', async () => {
      const sqlite = folder.path('auth.sqlite');
      const database = await openStorage({ sqlite });
      const other = await openedBeside(sqlite);
      other.exec('begin immediate');
      const startedAt = performance.now();
      await expect(new TenantsStorage(database).insert('acme')).rejects.toThrow(StorageUnavailableError);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(BUSY_RETRY_MS);
      expect(await new TenantsStorage(database).exists('public')).toBe(true);
      other.exec('rollback');
      expect(await new TenantsStorage(database).insert('acme')).toBe(true);
      other.close();
      await database.close();
    });
  });
});

describe('ConnectionQueue', () => {
  it('serves in order, and gives up on a connection that does not come back', async () => {
    const queue = new ConnectionQueue(30);
    const served: number[] = [];
    await queue.acquire();
    const second = queue.acquire().then(() => served.push(2));
    const third = queue.acquire().then(() => served.push(3));
    queue.release();
    await second;
    expect(served).toEqual([2]);
    await expect(third).rejects.toThrow(StorageUnavailableError);
    queue.release();
    await queue.acquire();
    expect(served).toEqual([2]);
  });
});
