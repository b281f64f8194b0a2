import { open, rm } from 'node:fs/promises';
import { ConfigurationError } from '../../../auth.error.js';

const HEADER = 'SQLite format 3\0';

/** @see removeAppStorage */
export async function removeSqliteFile(path: string): Promise<boolean> {
  if (path === ':memory:') return false;
  const header = await readHeader(path);
  if (header === undefined) return false;
  if (header !== '' && header !== HEADER) {
    throw new ConfigurationError(`${JSON.stringify(path)} is not a SQLite database, and was not removed`);
  }
  // The file itself last: a log that were left behind would be taken for that of a later file of the same name.
  for (const suffix of ['-wal', '-shm', '']) await rm(`${path}${suffix}`, { force: true });
  return true;
}

/** @returns undefined when there is no such file */
async function readHeader(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
