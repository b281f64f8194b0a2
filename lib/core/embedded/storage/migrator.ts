import { Kysely, sql } from 'kysely';
import { ConfigurationError } from '../../auth.error.js';
import { RecordingDriver } from './recording-driver.js';
import type { OpenedDatabase, StorageDialect } from './storage-dialect.js';

export interface MigrationStatus {
  applied: { name: string; appliedAtMs: number }[];
  /** In the order they will run in. */
  pending: string[];
  /** Applied by a later version of this package. */
  unknown: string[];
}

/** Changes nothing in the database. */
export async function migrationStatus(database: OpenedDatabase): Promise<MigrationStatus> {
  return explained(database, () => readStatus(database));
}

async function readStatus({ dialect, unlimited }: OpenedDatabase): Promise<MigrationStatus> {
  const known = Object.keys(dialect.migrations).sort();
  if (!(await dialect.hasOwnTable(unlimited, 'latchkey_migration'))) {
    return { applied: [], pending: known, unknown: [] };
  }
  const rows = await dialect
    .ownTables(unlimited)
    .selectFrom('latchkey_migration')
    .selectAll()
    .orderBy('name')
    .execute();
  const names = new Set(rows.map((row) => row.name));
  return {
    applied: rows.map((row) => ({ name: row.name, appliedAtMs: row.applied_at_ms })),
    pending: known.filter((name) => !names.has(name)),
    unknown: [...names].filter((name) => !known.includes(name)),
  };
}

/**
 * Runs what is pending, each migration in a transaction of its own. Safe when several processes do so at
 * once: one of them runs a migration, the others find it done.
 *
 * @returns the names of those that this call has run
 * @throws {ConfigurationError} the tables are newer than this package
 */
export async function migrateUp(database: OpenedDatabase): Promise<string[]> {
  return explained(database, () => runPending(database));
}

async function runPending(database: OpenedDatabase): Promise<string[]> {
  const { pending } = await knownStatus(database);
  if (pending.length === 0) return [];
  const { dialect, unlimited } = database;
  await dialect.migrationTransaction(unlimited, async (transaction) => {
    if (await dialect.hasOwnTable(transaction, 'latchkey_migration')) return;
    await dialect.createMigrationTable(transaction);
  });
  const done: string[] = [];
  for (const name of pending) {
    if (await apply(database, name)) done.push(name);
  }
  return done;
}

/** @throws {ConfigurationError} the tables are older or newer than this package */
export async function assertMigrated(database: OpenedDatabase): Promise<void> {
  const { pending } = await knownStatus(database);
  if (pending.length === 0) return;
  throw new ConfigurationError(
    `core: the tables in ${database.description} lack ${pending.join(', ')}, and migrations is 'check'. ` +
      `Run: npx latchkey migrate up ${database.cliArguments}`,
  );
}

/** @returns a script of SQL that does what `migrateUp` would do for these migrations */
export async function migrationSql({ dialect }: OpenedDatabase, status: MigrationStatus): Promise<string> {
  const script: string[] = [];
  const db = new Kysely<unknown>({ dialect: { ...dialect.kysely, createDriver: () => new RecordingDriver(script) } });
  if (status.applied.length === 0 && status.pending.length > 0) await dialect.createMigrationTable(db);
  for (const name of status.pending) {
    script.push('', `-- ${name}`, 'begin;');
    await record(dialect, db, name).execute();
    await dialect.migrations[name]!.up(dialect.ownTables(db));
    script.push('commit;');
  }
  return script
    .map((line) => `${line}\n`)
    .join('')
    .trimStart();
}

async function explained<T>({ dialect }: OpenedDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw dialect.explain(error);
  }
}

async function knownStatus(database: OpenedDatabase): Promise<MigrationStatus> {
  const status = await migrationStatus(database);
  if (status.unknown.length === 0) return status;
  throw new ConfigurationError(
    `core: the tables in ${database.description} are of a later version of latchkey: this one does not know ` +
      `${status.unknown.join(', ')}. Install the version that made them, or a later one`,
  );
}

/** @returns false when another process has run it */
async function apply({ dialect, unlimited }: OpenedDatabase, name: string): Promise<boolean> {
  return dialect.migrationTransaction(unlimited, async (transaction) => {
    // First: its primary key holds back everybody else who is about to run the same.
    const recorded = await record(dialect, transaction, name)
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .executeTakeFirst();
    if (recorded === undefined) return false;
    await dialect.migrations[name]!.up(dialect.ownTables(transaction));
    return true;
  });
}

function record(dialect: StorageDialect, db: Kysely<unknown>, name: string) {
  return dialect
    .ownTables(db)
    .insertInto('latchkey_migration')
    .values({ name: sql.lit(name), applied_at_ms: sql.lit(Date.now()) });
}
