import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import type { SqlitePackage } from './sqlite-database.js';

/** Why an installed better-sqlite3 is of no use, and what to do about it, as a sentence without a full stop. */
interface Unusable {
  problem: string;
  cause?: unknown;
}

let loaded: SqlitePackage | undefined;

/** @returns undefined where it is not installed */
export async function betterSqlite3(): Promise<SqlitePackage | Unusable | undefined> {
  if (loaded !== undefined) return loaded;
  const manifest = readManifest();
  const name = `better-sqlite3${manifest === undefined ? '' : ` ${manifest.version}`}`;
  // Before it is loaded: version 13 ends a process of Node 20 without a word.
  if (manifest?.engines?.node !== undefined && !(await isForThisNode(manifest.engines.node))) {
    return {
      problem:
        `${name} is installed, which is not for Node ${process.versions.node} (its engines are ${manifest.engines.node}). ` +
        `Install a version that is: npm install better-sqlite3@${nodeMajor() < 22 ? '12' : '13'}`,
    };
  }
  try {
    const { default: Database } = await import('better-sqlite3');
    // Its binary is loaded by the first database.
    new Database(':memory:').close();
    loaded = (path) => opened(new Database(path, { timeout: 5 }));
    return loaded;
  } catch (cause) {
    if (isMissing(cause, manifest)) return undefined;
    return {
      problem:
        `${name} is installed, but its binary does not load on Node ${process.versions.node}: it has not been built, or ` +
        'was built for another version or machine. Run npm rebuild better-sqlite3, or with pnpm: pnpm approve-builds',
      cause,
    };
  }
}

function opened(database: BetterSqlite3.Database) {
  return { database, handle: database };
}

interface Manifest {
  version: string;
  engines?: { node?: string };
}

function readManifest(): Manifest | undefined {
  try {
    return createRequire(import.meta.url)('better-sqlite3/package.json') as Manifest;
  } catch {
    return undefined;
  }
}

/** Most ranges name a version of Node as `24.x`, for which no package must be loaded. */
async function isForThisNode(range: string): Promise<boolean> {
  if (range.split('||').some((part) => part.trim() === `${nodeMajor()}.x`)) return true;
  const { default: satisfies } = await import('semver/functions/satisfies.js');
  return satisfies(process.version, range);
}

/** Jest says MODULE_NOT_FOUND, and so does a package that misses a file of its own. */
function isMissing(error: unknown, manifest: Manifest | undefined): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'ERR_MODULE_NOT_FOUND' || (code === 'MODULE_NOT_FOUND' && manifest === undefined);
}

function nodeMajor(): number {
  return Number.parseInt(process.versions.node, 10);
}
