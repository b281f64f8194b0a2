import { existsSync } from 'node:fs';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { MigrationPlan } from '../core/embedded/storage/migration-plan.js';
import {
  makersOf,
  migrationSql,
  type MigrationStatus,
  migrationStatus,
  migrateUp,
} from '../core/embedded/storage/migrator.js';
import { openDatabase } from '../core/embedded/storage/open-storage.js';
import type { OpenedDatabase } from '../core/embedded/storage/storage-dialect.js';
import { migrationsOf } from '../core/parts/core-parts.js';
import type { MigrateAction, MigrateCommand } from './cli-arguments.js';
import { loadCoreParts } from './recipes-module.js';

type Action = (database: OpenedDatabase, plan: MigrationPlan) => Promise<string>;

const actions: Record<MigrateAction, Action> = {
  status: async (database, plan) => describe(database, await migrationStatus(database, plan)),
  sql: async (database, plan) => migrationSql(database, await migrationStatus(database, plan), plan),
  up: async (database, plan) => {
    const done = await migrateUp(database, plan);
    const lines = done.length === 0 ? ['Nothing to do.'] : done.map((name) => `Ran ${name}`);
    return lines.map((line) => `${line}\n`).join('');
  },
};

/** @returns what to print */
export async function migrate({ action, database, recipes }: MigrateCommand): Promise<string> {
  const parts = recipes === undefined ? [] : await loadCoreParts(recipes);
  const plan = new MigrationPlan(migrationsOf(parts));
  const opened = await open(action, database);
  try {
    return await actions[action](opened, plan);
  } finally {
    await opened.kysely.destroy();
  }
}

/** Looking at a file that is not there must not make it. */
async function open(action: MigrateAction, database: EmbeddedDatabaseOptions): Promise<OpenedDatabase> {
  if (action === 'up' || !('sqlite' in database) || existsSync(database.sqlite)) return openDatabase(database);
  const empty = await openDatabase({ sqlite: ':memory:' });
  return { ...empty, description: `the SQLite file ${database.sqlite}, which is not there yet` };
}

function describe({ description }: OpenedDatabase, { applied, pending, unknown, absent }: MigrationStatus): string {
  const lines = applied.map(({ name, appliedAtMs }) => {
    const state = unknown.includes(name) ? 'unknown' : 'applied';
    const note = absent.includes(name) ? '  (of a recipe that --recipes does not name)' : '';
    return `  ${state}  ${name}  ${new Date(appliedAtMs).toISOString()}${note}`;
  });
  const all = [...lines, ...pending.map((name) => `  pending  ${name}`)];
  return [`Tables in ${description}`, ...all, verdict(pending, unknown), ''].join('\n');
}

function verdict(pending: string[], unknown: string[]): string {
  if (unknown.length > 0) {
    return `A later version of ${makersOf(unknown)} made these tables. Install that version, or a later one.`;
  }
  return pending.length === 0 ? 'Up to date.' : `Run "latchkey migrate up" for ${pending.length} more.`;
}
