import { inspect } from 'node:util';
import { Kysely, sql } from 'kysely';
import { AuthError, ConfigurationError } from '../../auth.error.js';
import type { MigrationTables } from './migration.js';
import { MigrationPlan } from './migration-plan.js';
import { RecordingDriver } from './recording-driver.js';
import type { OpenedDatabase, StorageDialect } from './storage-dialect.js';

export interface MigrationStatus {
  applied: { name: string; appliedAtMs: number }[];
  /** In the order they will run in. */
  pending: string[];
  /** Applied by a later version of this package, or of a recipe of the plan. */
  unknown: string[];
  /** Applied for recipes that the plan does not have. Their tables stay as they are. */
  absent: string[];
}

/** Changes nothing in the database. */
export async function migrationStatus(database: OpenedDatabase, plan = new MigrationPlan()): Promise<MigrationStatus> {
  return explained(database, () => readStatus(database, plan));
}

async function readStatus({ dialect, unlimited }: OpenedDatabase, plan: MigrationPlan): Promise<MigrationStatus> {
  if (!(await dialect.hasOwnTable(unlimited, 'latchkey_migration'))) {
    return { applied: [], pending: [...plan.names], unknown: [], absent: [] };
  }
  const rows = await dialect
    .ownTables(unlimited)
    .selectFrom('latchkey_migration')
    .selectAll()
    .orderBy('name')
    .execute();
  const recorded = new Set(rows.map((row) => row.name));
  const others = [...recorded].filter((name) => !plan.has(name));
  return {
    applied: rows.map((row) => ({ name: row.name, appliedAtMs: row.applied_at_ms })),
    pending: plan.names.filter((name) => !recorded.has(name)),
    unknown: others.filter((name) => !plan.isOfAbsentRecipe(name)),
    absent: others.filter((name) => plan.isOfAbsentRecipe(name)),
  };
}

/**
 * Runs what is pending, each migration in a transaction of its own. Safe when several processes do so at
 * once: one of them runs a migration, the others find it done.
 *
 * @returns the names of those that this call has run
 * @throws {ConfigurationError} the tables are newer than this package
 */
export async function migrateUp(database: OpenedDatabase, plan = new MigrationPlan()): Promise<string[]> {
  return explained(database, () => runPending(database, plan));
}

async function runPending(database: OpenedDatabase, plan: MigrationPlan): Promise<string[]> {
  const { pending } = await knownStatus(database, plan);
  if (pending.length === 0) return [];
  const { dialect, unlimited } = database;
  await dialect.migrationTransaction(unlimited, async (transaction) => {
    if (await dialect.hasOwnTable(transaction, 'latchkey_migration')) return;
    await dialect.createMigrationTable(transaction);
  });
  const done: string[] = [];
  for (const name of pending) {
    if (await apply(database, plan, name)) done.push(name);
  }
  return done;
}

/** @throws {ConfigurationError} the tables are older or newer than this package */
export async function assertMigrated(database: OpenedDatabase, plan = new MigrationPlan()): Promise<void> {
  const { pending } = await knownStatus(database, plan);
  if (pending.length === 0) return;
  // Those of recipes from elsewhere have a slash in their names.
  const recipes = pending.some((name) => name.includes('/')) ? ' --recipes <the file that exports them>' : '';
  const fix = `Run: npx latchkey migrate up ${database.cliArguments}${recipes}`;
  throw new ConfigurationError(
    `core: the tables in ${database.description} lack ${pending.join(', ')}, and migrations is 'check'. ${fix}`,
  );
}

/** @returns a script of SQL that does what `migrateUp` would do for these migrations */
export async function migrationSql(
  { dialect }: OpenedDatabase,
  status: Pick<MigrationStatus, 'applied' | 'pending'>,
  plan = new MigrationPlan(),
): Promise<string> {
  const script: string[] = [];
  const db = new Kysely<unknown>({ dialect: { ...dialect.kysely, createDriver: () => new RecordingDriver(script) } });
  if (status.applied.length === 0 && status.pending.length > 0) await dialect.createMigrationTable(db);
  for (const name of status.pending) {
    script.push('', `-- ${name}`, 'begin;');
    await record(dialect, db, name).execute();
    await runMigration(dialect, db, plan, name);
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

async function knownStatus(database: OpenedDatabase, plan: MigrationPlan): Promise<MigrationStatus> {
  const status = await migrationStatus(database, plan);
  if (status.unknown.length === 0) return status;
  throw new ConfigurationError(
    `core: the tables in ${database.description} are of a later version of ${makersOf(status.unknown)}: this one does ` +
      `not know ${status.unknown.join(', ')}. Install the version that made them, or a later one`,
  );
}

/** @returns `latchkey`, or the recipes that the migrations are of, or both */
export function makersOf(names: string[]): string {
  const makers = names.map((name) => (name.includes('/') ? `recipe ${name.split('/')[0]}` : 'latchkey'));
  return [...new Set(makers)].join(' and ');
}

/** @returns false when another process has run it */
async function apply({ dialect, unlimited }: OpenedDatabase, plan: MigrationPlan, name: string): Promise<boolean> {
  return dialect.migrationTransaction(unlimited, async (transaction) => {
    // First: its primary key holds back everybody else who is about to run the same.
    const recorded = await record(dialect, transaction, name)
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .executeTakeFirst();
    if (recorded === undefined) return false;
    try {
      await runMigration(dialect, transaction, plan, name);
    } catch (error) {
      throw failure(dialect, name, error);
    }
    return true;
  });
}

/** @returns what is known already, or an error that names the migration */
function failure(dialect: StorageDialect, name: string, cause: unknown): unknown {
  if (cause instanceof AuthError || dialect.isConflict(cause) || dialect.explain(cause) !== cause) return cause;
  const reason = cause instanceof Error ? cause.message : inspect(cause);
  return new ConfigurationError(`core: the migration ${name} failed, and nothing of it is kept: ${reason}`, { cause });
}

async function runMigration(
  dialect: StorageDialect,
  db: Kysely<unknown>,
  plan: MigrationPlan,
  name: string,
): Promise<void> {
  await plan.get(name).up(dialect.ownTables<MigrationTables>(db), dialect.tableDialect);
}

function record(dialect: StorageDialect, db: Kysely<unknown>, name: string) {
  return dialect
    .ownTables(db)
    .insertInto('latchkey_migration')
    .values({ name: sql.lit(name), applied_at_ms: sql.lit(Date.now()) });
}
