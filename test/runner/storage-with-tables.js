// `openStorage` as the embedded cores of tests get it: a new database begins with the tables that one run of the migrations
// has made, since these take longer than all else of a small application's start. The migrations themselves are tested
// where they are run (migrator.spec.ts, upgrade.spec.ts, and every process that a test starts).
import { existsSync, writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { MigrationPlan } from '../../lib/core/embedded/storage/migration-plan.js';
import { migrateUp, migrationSql } from '../../lib/core/embedded/storage/migrator.js';
import { openDatabase, openStorage as openMigrated } from '../../lib/core/embedded/storage/open-storage.js';
import { betterSqlite3 } from '../../lib/core/embedded/storage/sqlite/better-sqlite3.js';
import { openSqlite } from '../../lib/core/embedded/storage/sqlite/connection.js';

/** test/support/kept-pools.ts */
const KEPT_POOLS = Symbol.for('latchkey.kept-pools');

/** What the tables lack then, such as those of an application's recipes, is migrated as always. */
export async function openStorage(options, recipes) {
  return openMigrated(options, recipes, options.migrations === 'check' ? openDatabase : openWithTables);
}

async function openWithTables(options) {
  if ('sqlite' in options) return openSqliteWithTables(options.sqlite);
  const database = await openDatabase(options);
  const { postgres } = options;
  const isKept = globalThis[KEPT_POOLS]?.includes(postgres);
  const isOurs = isKept || typeof postgres === 'string' || 'connectionString' in postgres;
  // Where this fails, the migrations fail too, and say why.
  if (isOurs) await makeTables(database).catch(() => undefined);
  return database;
}

let image;

async function openSqliteWithTables(path) {
  const sqlite = await betterSqlite3();
  // The SQLite of Node opens no database that is in memory already.
  if (typeof sqlite !== 'function') return openSqlite(path);
  image ??= imageOfTables(sqlite);
  const { bytes, Database } = await image;
  if (path === ':memory:') return openSqlite(path, () => opened(new Database(bytes, { timeout: 5 })));
  try {
    if (!existsSync(path)) writeFileSync(path, inWalMode(bytes), { flag: 'wx', mode: 0o600 });
  } catch {
    // The library says what is wrong with the path.
  }
  const database = await openSqlite(path);
  // Nobody needs the data after the run. A process that is killed loses nothing by it.
  await sql`pragma synchronous = off`.execute(database.unlimited);
  return database;
}

/** Otherwise the first who opens the file changes it to that mode, and waits for the disk. */
function inWalMode(bytes) {
  const file = Buffer.from(bytes);
  // The versions of writing and reading: https://www.sqlite.org/fileformat.html#file_format_version_numbers
  file.fill(2, 18, 20);
  return file;
}

async function imageOfTables(sqlite) {
  let handle;
  const database = await openSqlite(':memory:', (path) => {
    const opened = sqlite(path);
    ({ handle } = opened);
    return opened;
  });
  await migrateUp(database);
  const bytes = handle.serialize();
  await database.kysely.destroy();
  return { bytes, Database: handle.constructor };
}

function opened(database) {
  return { database, handle: database };
}

/** All migrations in one message. */
async function makeTables(database) {
  const { dialect, unlimited } = database;
  const areThere = (db) => dialect.hasOwnTable(db, 'latchkey_migration');
  if (await areThere(unlimited)) return;
  const script = await migrationSql(database, { applied: [], pending: new MigrationPlan().names });
  const statements = script.replaceAll(/^(begin|commit);$/gm, '');
  await dialect.migrationTransaction(unlimited, async (transaction) => {
    if (await areThere(transaction)) return;
    await sql.raw(statements).execute(transaction);
  });
}
