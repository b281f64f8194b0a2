import { randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigurationError } from '../../lib/core/auth.error.js';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';

/** @returns where a service keeps the key that it has made itself; undefined where there is no place that lasts */
export function keyFileFor(database: EmbeddedDatabaseOptions): string | undefined {
  const sqlite = 'sqlite' in database ? database.sqlite : undefined;
  return sqlite === undefined || sqlite === ':memory:' ? undefined : `${resolve(sqlite)}.key`;
}

/**
 * The key in the file, made at the first start. Only its owner may read the file; of two processes that start at once,
 * both get the key of the faster.
 * @throws {ConfigurationError} the file cannot be read or written
 */
export async function readOrMakeKey(file: string): Promise<{ key: string; isNew: boolean }> {
  try {
    const isNew = (await readKey(file)) === undefined && (await makeKey(file));
    const key = await readKey(file);
    if (key !== undefined && key !== '') return { key, isNew };
    throw new Error('it is empty');
  } catch (cause) {
    throw new ConfigurationError(
      `Core service: the key file ${file} cannot be used (${(cause as Error).message}). Let the service read and write ` +
        'it, or give keys by LATCHKEY_API_KEYS',
      { cause },
    );
  }
}

async function readKey(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and then linked, so that nobody reads half a key. @returns false where another process was faster */
async function makeKey(file: string): Promise<boolean> {
  const aside = join(dirname(file), `.latchkey-key-${randomBytes(6).toString('hex')}`);
  await writeFile(aside, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(aside);
  }
}
