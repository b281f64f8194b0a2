import { ConfigurationError } from '../../../auth.error.js';
import { betterSqlite3 } from './better-sqlite3.js';
import { nodeSqlite } from './node-sqlite.js';
import type { SqlitePackage } from './sqlite-database.js';

let isWarned = false;

/**
 * `better-sqlite3` where it is installed and loads, else `node:sqlite`.
 * @throws {ConfigurationError} there is neither; the message says what to install
 */
export async function loadSqlite(): Promise<SqlitePackage> {
  const installed = await betterSqlite3();
  if (typeof installed === 'function') return installed;
  const ofNode = nodeSqlite();
  if (ofNode === undefined) {
    if (installed !== undefined) throw new ConfigurationError(`core: { sqlite }: ${installed.problem}`, installed);
    throw new ConfigurationError(
      `core: { sqlite } needs the package better-sqlite3 on Node ${process.versions.node}, and it is not installed. ` +
        'Use Node 22.13 or later, which has SQLite itself, or install it: npm install better-sqlite3@12',
    );
  }
  if (installed !== undefined && !isWarned) {
    isWarned = true;
    process.emitWarning(
      `core: { sqlite } uses node:sqlite, since ${installed.problem}. Or remove it, if nothing else needs it.`,
      { code: 'LATCHKEY_SQLITE', detail: reason(installed.cause) },
    );
  }
  return ofNode;
}

function reason(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
