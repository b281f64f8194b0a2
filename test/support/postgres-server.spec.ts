import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { startPostgresServer } from './postgres-server.js';
import { waitUntil } from './wait-until.js';

it('says why it does not start, and leaves nothing behind', async () => {
  let data = '';
  const starting = startPostgresServer(await freePort(), { no_such_setting: 'on' }, async (folder) => {
    data = folder;
  });

  await expect(starting).rejects.toThrow(/^PostgreSQL does not start:[^]*parameter "no_such_setting"/);
  expect(existsSync(data)).toBe(false);
});

it('is removed also after it has ended by itself', async () => {
  let data = '';
  const server = await startPostgresServer(await freePort(), {}, async (folder) => {
    data = folder;
  });
  const pidFile = join(data, 'postmaster.pid');
  process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGTERM');
  await waitUntil(async () => !existsSync(pidFile));

  await server.remove();
  expect(existsSync(data)).toBe(false);
});
