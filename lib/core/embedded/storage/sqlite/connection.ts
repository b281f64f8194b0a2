import { closeSync, openSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely } from 'kysely';
import { ConfigurationError } from '../../../auth.error.js';
import type { OpenedDatabase } from '../storage-dialect.js';
import { sqliteDialect } from './sqlite.dialect.js';
import { errorCode, isBusy } from './sqlite-errors.js';
import { SqliteDriver } from './sqlite-driver.js';
import { BUSY_RETRY_MS, retryWhileBusy } from './busy-retry.js';

/** @param path of the file, or `:memory:` */
export async function openSqlite(path: string): Promise<OpenedDatabase> {
  const Database = await loadDriver();
  const database = await open(Database, path);
  const driver = new SqliteDriver(database);
  const kysely = new Kysely<unknown>({ dialect: { ...sqliteDialect.kysely, createDriver: () => driver } });
  return {
    dialect: sqliteDialect,
    kysely,
    unlimited: kysely,
    description: path === ':memory:' ? 'SQLite in memory' : `the SQLite file ${path}`,
    cliArguments: `--database sqlite:${path}`,
  };
}

async function loadDriver(): Promise<typeof BetterSqlite3> {
  try {
    return (await import('better-sqlite3')).default;
  } catch (cause) {
    throw new ConfigurationError(
      'core: { sqlite } needs the package better-sqlite3, which is not installed. ' +
        'Install it: npm install better-sqlite3',
      { cause },
    );
  }
}

async function open(Database: typeof BetterSqlite3, path: string): Promise<BetterSqlite3.Database> {
  let database: BetterSqlite3.Database | undefined;
  try {
    if (path !== ':memory:') createPrivateFile(path);
    // Short on purpose: the wait inside SQLite stops the whole process. The rest is waited asynchronously.
    const opened = new Database(path, { timeout: 5 });
    database = opened;
    await retryWhileBusy(() => configure(opened), BUSY_RETRY_MS);
    return opened;
  } catch (cause) {
    database?.close();
    if (isBusy(cause)) throw cause;
    throw new ConfigurationError(openingFailed(path, cause), { cause });
  }
}

/** The file holds password hashes and private keys: others on the machine may not read it. */
function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function configure(database: BetterSqlite3.Database): void {
  // Readers and one writer side by side, also from several processes.
  database.pragma('journal_mode = WAL');
  // In WAL mode a commit is in the operating system's hands when it returns, so a killed process loses
  // nothing that was answered. What NORMAL gives up against FULL is the fsync at each commit: a power cut
  // may take the last moments, never the consistency. That buys an order of magnitude of writes.
  database.pragma('synchronous = NORMAL');
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
