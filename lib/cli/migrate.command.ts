import { existsSync } from 'node:fs';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import {
  makersOf,
  migrationSql,
  type MigrationStatus,
  migrationStatus,
  migrateUp,
} from '../core/embedded/storage/migrator.js';
import { openDatabase } from '../core/embedded/storage/open-storage.js';
import type { OpenedDatabase } from '../core/embedded/storage/storage-dialect.js';
import type { MigrateAction, MigrateCommand } from './cli-arguments.js';

type Action = (database: OpenedDatabase) => Promise<string>;

const actions: Record<MigrateAction, Action> = {
  status: async (database) => describe(database, await migrationStatus(database)),
  sql: async (database) => migrationSql(database, await migrationStatus(database)),
  up: async (database) => {
    const done = await migrateUp(database);
    const lines = done.length === 0 ? ['Nothing to do.'] : done.map((name) => `Ran ${name}`);
    return lines.map((line) => `${line}\n`).join('');
  },
};

/** @returns what to print */
export async function migrate({ action, database }: MigrateCommand): Promise<string> {
  const opened = await open(action, database);
  try {
    return await actions[action](opened);
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
    const note = absent.includes(name) ? '  (a recipe that is not loaded here)' : '';
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
