import { existsSync } from 'node:fs';
import type { EmbeddedDatabaseOptions } from '../../core/embedded/storage/database.options.js';
import { EmailOutboxStorage } from '../../core/embedded/storage/email-outbox.storage.js';
import { MigrationPlan } from '../../core/embedded/storage/migration-plan.js';
import { makersOf, migrationStatus } from '../../core/embedded/storage/migrator.js';
import { openDatabase } from '../../core/embedded/storage/open-storage.js';
import { SigningKeysStorage } from '../../core/embedded/storage/signing-keys.storage.js';
import { SqlAuthDatabase } from '../../core/embedded/storage/sql-auth-database.js';
import type { OpenedDatabase } from '../../core/embedded/storage/storage-dialect.js';
import type { CorePart } from '../../core/parts/core-part.js';
import { migrationsOf } from '../../core/parts/core-parts.js';
import { type Finding, ok, problem, problemOf, warning } from './finding.js';

interface DatabaseToCheck {
  database: EmbeddedDatabaseOptions;
  /** Of recipes from elsewhere. */
  parts: readonly CorePart[];
  signingKeyLifetimeHours: number;
}

const OUTBOX_PATIENCE_MS = 600_000;
const DAY_MS = 86_400_000;

/** Looks, and changes nothing: a file that is not there is not made. */
export async function checkDatabase(input: DatabaseToCheck): Promise<Finding[]> {
  const { database } = input;
  if ('sqlite' in database && database.sqlite === ':memory:') {
    return [warning('database', 'SQLite in memory: users are gone with the process. Give a file, or PostgreSQL')];
  }
  if ('sqlite' in database && !existsSync(database.sqlite)) {
    const text = `The SQLite file ${database.sqlite} is not there yet: the application makes it at its start`;
    return [
      database.migrations === 'check'
        ? problem('database', `${text}, but migrations is 'check'. ${UP}`)
        : warning('database', `${text}. If it should be there, start where it is, or give its full path`),
    ];
  }
  let opened: OpenedDatabase;
  try {
    opened = await openDatabase(database);
  } catch (error) {
    return [problemOf('database', error, 'Look at the core option')];
  }
  try {
    return await checkOpened(opened, input);
  } catch (error) {
    const fix = 'Start the server, and look at its address, the name of the database, the user and the password';
    return [problemOf('database', error, `${fix}: this was ${opened.description}`)];
  } finally {
    await opened.kysely.destroy();
  }
}

const UP = 'Run: npx latchkey migrate up';

async function checkOpened(opened: OpenedDatabase, input: DatabaseToCheck): Promise<Finding[]> {
  const status = await migrationStatus(opened, new MigrationPlan(migrationsOf(input.parts)));
  const reached = ok('database', `Reached ${opened.description}`);
  const { unknown, pending } = status;
  if (unknown.length > 0) {
    const newer = `A later version of ${makersOf(unknown)} made the tables. Install that version, or a later one`;
    return [reached, problem('migrations', newer)];
  }
  if (pending.length > 0) {
    const text = `${pending.length} are pending, from ${pending[0]}`;
    const isLeft = input.database.migrations !== 'check';
    const fix = `${UP} ${opened.cliArguments}`;
    return [
      reached,
      isLeft
        ? warning('migrations', `${text}: the next start runs them. Or run them before. ${fix}`)
        : problem('migrations', `${text}, and migrations is 'check', so no start succeeds. ${fix}`),
    ];
  }
  const storage = new SqlAuthDatabase(opened);
  return [
    reached,
    ok('migrations', 'Up to date'),
    await checkKeys(storage, input.signingKeyLifetimeHours),
    await checkOutbox(storage),
  ];
}

async function checkKeys(database: SqlAuthDatabase, lifetimeHours: number): Promise<Finding> {
  const keys = await new SigningKeysStorage(database).list();
  const newest = Math.max(...keys.filter(({ kind }) => kind === 'dynamic').map((key) => key.created_at_ms));
  if (newest === -Infinity) return ok('keys', 'No signing key yet: the first start makes one');
  const ageMs = Date.now() - newest;
  const age = `The newest signing key is ${Math.round(ageMs / DAY_MS)} days old`;
  if (ageMs < 2 * lifetimeHours * 3_600_000) return ok('keys', age);
  return warning(
    'keys',
    `${age}, and they are to rotate after ${lifetimeHours} hours. A running application makes a new one by itself: see ` +
      'whether one runs on this database, and whether its clock is right',
  );
}

async function checkOutbox(database: SqlAuthDatabase): Promise<Finding> {
  const { waiting, oldestAtMs = Date.now() } = await new EmailOutboxStorage(database).waiting('messages');
  const minutes = Math.round((Date.now() - oldestAtMs) / 60_000);
  if (Date.now() - oldestAtMs < OUTBOX_PATIENCE_MS) return ok('outbox', `${waiting} messages wait`);
  return warning(
    'outbox',
    `${waiting} messages wait, the oldest for ${minutes} minutes. See whether the application runs, and in its log for why ` +
      'they are not sent',
  );
}
