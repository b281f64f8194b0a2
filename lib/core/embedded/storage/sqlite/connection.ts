import { closeSync, openSync } from 'node:fs';
import { Kysely } from 'kysely';
import { ConfigurationError } from '../../../auth.error.js';
import type { OpenedDatabase } from '../storage-dialect.js';
import { loadSqlite } from './load-sqlite.js';
import type { OpenedSqlite, SqliteDatabase, SqlitePackage } from './sqlite-database.js';
import { sqliteDialect } from './sqlite.dialect.js';
import { errorCode, isBusy } from './sqlite-errors.js';
import { SqliteDriver } from './sqlite-driver.js';
import { BUSY_RETRY_MS, retryWhileBusy } from './busy-retry.js';

/**
 * @param path of the file, or `:memory:`
 * @param sqlite the package that opens it, by default the one that is there
 */
export async function openSqlite(path: string, sqlite?: SqlitePackage): Promise<OpenedDatabase> {
  const driver = new SqliteDriver(await open(sqlite ?? (await loadSqlite()), path));
  const kysely = new Kysely<unknown>({ dialect: { ...sqliteDialect.kysely, createDriver: () => driver } });
  return {
    dialect: sqliteDialect,
    kysely,
    unlimited: kysely,
    description: path === ':memory:' ? 'SQLite in memory' : `the SQLite file ${path}`,
    cliArguments: `--database sqlite:${path}`,
    isPrivate: path === ':memory:',
  };
}

async function open(sqlite: SqlitePackage, path: string): Promise<OpenedSqlite> {
  let opened: OpenedSqlite | undefined;
  try {
    if (path !== ':memory:') createPrivateFile(path);
    opened = sqlite(path);
    const { database } = opened;
    await retryWhileBusy(() => configure(database), BUSY_RETRY_MS);
    return opened;
  } catch (cause) {
    opened?.database.close();
    if (isBusy(cause)) throw cause;
    throw new ConfigurationError(openingFailed(path, cause), { cause });
  }
}

/** The file holds password hashes and private keys: others on the machine may not read it. */
function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function configure(database: SqliteDatabase): void {
  // Readers and one writer side by side, also from several processes.
  database.exec('pragma journal_mode = WAL');
  // In WAL mode a commit is in the operating system's hands when it returns, so a killed process loses
  // nothing that was answered. What NORMAL gives up against FULL is the fsync at each commit: a power cut
  // may take the last moments, never the consistency. That buys an order of magnitude of writes.
  database.exec('pragma synchronous = NORMAL');
}

function openingFailed(path: string, cause: unknown): string {
  if (errorCode(cause) === 'SQLITE_NOTADB') {
    return (
      `core.sqlite: ${JSON.stringify(path)} is a file, but not a SQLite database. ` +
      'Give the path of a database, or of a file that does not exist yet'
    );
  }
  return (
    `core.sqlite: ${JSON.stringify(path)} cannot be opened (${reason(cause)}). ` +
    'Create its folder and make the folder and the file writable for this process'
  );
}

function reason(cause: unknown): string {
  if (errorCode(cause) === 'ENOENT') return 'its folder does not exist';
  return cause instanceof Error ? cause.message : String(cause);
}
