import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { childScript, runChildScript } from '../../../../test/support/child-script.js';
import { postgresSchema } from '../../../../test/support/postgres-schema.js';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { ConfigurationError } from '../../auth.error.js';
import type { EmbeddedDatabaseOptions } from './database.options.js';
import { migrationSql, migrationStatus, migrateUp } from './migrator.js';
import { openDatabase, openStorage } from './open-storage.js';
import type { Migration } from './migration.js';
import { MigrationPlan, type RecipeMigrations } from './migration-plan.js';
import { coreMigrations } from './migrations/index.js';
import type { OpenedDatabase } from './storage-dialect.js';
import { TenantsStorage } from './tenants.storage.js';

const names = [...new MigrationPlan().names];
const PROCESSES = 4;

interface FreshDatabase {
  options: EmbeddedDatabaseOptions;
  remove(): Promise<void>;
}

async function sqliteFile(): Promise<FreshDatabase> {
  const folder = await temporaryFolder();
  return { options: { sqlite: folder.path('auth.sqlite') }, remove: () => folder.remove() };
}

async function freshSchema(): Promise<FreshDatabase> {
  const { url, schema, drop } = postgresSchema();
  return { options: { postgres: url, schema }, remove: drop };
}

/** As databases are that understand PostgreSQL's language but have no such locks. */
async function schemaWithoutAdvisoryLocks(): Promise<FreshDatabase> {
  const { url, schema, query, drop } = postgresSchema();
  const missing = `${schema}_missing`;
  await query(`create schema ${missing}`);
  for (const lock of ['pg_advisory_xact_lock', 'pg_try_advisory_xact_lock']) {
    await query(`create function ${missing}.${lock}(bigint) returns void language plpgsql as
      $$ begin raise exception using errcode = 'feature_not_supported'; end $$`);
  }
  // They are found before those of the system.
  const postgres = `${url}?options=${encodeURIComponent(`-c search_path=${missing},pg_catalog`)}`;
  return {
    options: { postgres, schema },
    remove: async () => {
      await drop();
      await query(`drop schema ${missing} cascade`);
    },
  };
}

const kinds = [
  { name: 'SQLite', create: sqliteFile },
  { name: 'PostgreSQL', create: freshSchema },
  { name: 'PostgreSQL without advisory locks', create: schemaWithoutAdvisoryLocks },
];

describe.each(kinds)('migrations: $name', ({ create }) => {
  let fresh: FreshDatabase;
  let opened: OpenedDatabase;

  beforeEach(async () => {
    fresh = await create();
    opened = await openDatabase(fresh.options);
  });
  afterEach(async () => {
    await opened.kysely.destroy();
    await fresh.remove();
  });

  const refusal = async () => {
    const error: unknown = await openStorage({ ...fresh.options, migrations: 'check' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  };
  /** What a version of the package knows that has one migration more. */
  const withMigration = (name: string, migration: Migration) =>
    new MigrationPlan([], { ...coreMigrations, [name]: migration });

  it('are pending, run once, and are then applied', async () => {
    expect(await migrationStatus(opened)).toEqual({ applied: [], pending: names, unknown: [], absent: [] });
    expect(await migrateUp(opened)).toEqual(names);
    expect(await migrateUp(opened)).toEqual([]);
    const { applied, ...others } = await migrationStatus(opened);
    expect(others).toEqual({ pending: [], unknown: [], absent: [] });
    expect(applied.map(({ name }) => name)).toEqual(names);
    for (const { appliedAtMs } of applied) expect(Math.abs(appliedAtMs - Date.now())).toBeLessThan(60_000);
  });

  it('change nothing when only looked at', async () => {
    await migrationStatus(opened);
    await migrationSql(opened, await migrationStatus(opened));
    expect(await opened.dialect.hasOwnTable(opened.kysely, 'latchkey_migration')).toBe(false);
  });

  it('leave nothing of one that fails, and all of those before it', async () => {
    const later = withMigration('9998-later', {
      up: async (db) => {
        await db.schema.createTable('latchkey_later').addColumn('id', 'integer').execute();
        throw new Error('on purpose');
      },
    });
    await expect(migrateUp(opened, later)).rejects.toThrow(
      'core: the migration 9998-later failed, and nothing of it is kept: on purpose',
    );
    expect(await migrationStatus(opened, later)).toMatchObject({ pending: ['9998-later'], unknown: [] });
    const db = opened.dialect.ownTables(opened.kysely);
    await expect(
      db
        .selectFrom('latchkey_later' as 'latchkey_users')
        .selectAll()
        .execute(),
    ).rejects.toMatchObject({ message: expect.stringContaining('latchkey_later') });
  });

  it('may be run by hand, from the printed script', async () => {
    const script = await migrationSql(opened, await migrationStatus(opened));
    const statements = script.split('\n').filter((line) => line !== '' && !line.startsWith('--'));
    await opened.unlimited.connection().execute(async (connection) => {
      for (const statement of statements) await connection.executeQuery(CompiledQuery.raw(statement.replace(/;$/, '')));
    });
    expect(await migrationSql(opened, await migrationStatus(opened))).toBe('');
    const database = await openStorage({ ...fresh.options, migrations: 'check' });
    expect(await new TenantsStorage(database).list()).toEqual(['public']);
    await database.close();
  });

  it("are the operator's business with check, and the message says how", async () => {
    const message = await refusal();
    const missing = names.join(', ');
    expect(message).toContain(`lack ${missing}, and migrations is 'check'. Run: npx latchkey migrate up --database `);
    expect(message).not.toContain(':password@');
    expect(message).toContain('sqlite' in fresh.options ? fresh.options.sqlite : 'postgres://');
    expect(await opened.dialect.hasOwnTable(opened.kysely, 'latchkey_migration')).toBe(false);
  });

  it('of a later version are refused', async () => {
    await migrateUp(opened, withMigration('9999-later', { up: async () => undefined }));
    const message = await refusal();
    expect(message).toMatch(/of a later version of latchkey: this one does not know 9999-later\. Install/);
    await expect(openStorage(fresh.options)).rejects.toThrow(message);
  });
});

describe.each(kinds.slice(0, 2))('migrations of recipes: $name', ({ create }) => {
  let fresh: FreshDatabase;
  let opened: OpenedDatabase;

  beforeEach(async () => {
    fresh = await create();
    opened = await openDatabase(fresh.options);
  });
  afterEach(async () => {
    await opened.kysely.destroy();
    await fresh.remove();
  });

  const initial: Migration = {
    up: async (db, dialect) => {
      await dialect
        .createTable(db, 'toy_marks')
        .addColumn('user_id', dialect.text, (column) => column.primaryKey().notNull())
        .addColumn('marked_at_ms', dialect.bigint, (column) => column.notNull())
        .execute();
    },
  };
  const toy: RecipeMigrations = { recipeId: 'toy', migrations: { '0001-initial': initial } };
  const abacus: RecipeMigrations = {
    recipeId: 'abacus',
    migrations: { '0001-initial': { up: async () => undefined } },
  };

  it('run after those of the core, by recipe id, and once', async () => {
    const plan = new MigrationPlan([toy, abacus]);
    const all = [...names, 'abacus/0001-initial', 'toy/0001-initial'];
    expect(plan.names).toEqual(all);
    expect(await migrateUp(opened, plan)).toEqual(all);
    expect(await migrateUp(opened, plan)).toEqual([]);
    const marks = opened.dialect.ownTables<{ toy_marks: { user_id: string; marked_at_ms: number } }>(opened.kysely);
    const mark = { user_id: 'u', marked_at_ms: 2 ** 40 };
    await marks.insertInto('toy_marks').values(mark).execute();
    expect(await marks.selectFrom('toy_marks').selectAll().execute()).toEqual([mark]);
    expect(await opened.dialect.hasOwnTable(opened.kysely, 'toy_marks')).toBe(true);
  });

  it('are added to a database that has those of the core, whose later ones still run', async () => {
    await migrateUp(opened);
    expect(
      await migrationSql(opened, await migrationStatus(opened, new MigrationPlan([toy])), new MigrationPlan([toy])),
    ).toMatch(/^-- toy\/0001-initial\nbegin;\n.*\ncreate table .*"toy_marks" \(.*\ncommit;\n$/);
    expect(await migrateUp(opened, new MigrationPlan([toy]))).toEqual(['toy/0001-initial']);
    const later = { ...coreMigrations, '9998-later': { up: async () => undefined } };
    expect(await migrateUp(opened, new MigrationPlan([toy], later))).toEqual(['9998-later']);
  });

  it('stop nobody who no longer has the recipe', async () => {
    await (await openStorage(fresh.options, [toy])).close();
    expect(await migrationStatus(opened)).toMatchObject({ pending: [], unknown: [], absent: ['toy/0001-initial'] });
    await (await openStorage({ ...fresh.options, migrations: 'check' })).close();
    await (await openStorage(fresh.options, [abacus])).close();
  });

  it('of a later version of a recipe are refused', async () => {
    const migrations = { ...toy.migrations, '0002-later': { up: async () => undefined } };
    await migrateUp(opened, new MigrationPlan([{ ...toy, migrations }]));
    await expect(openStorage(fresh.options, [toy])).rejects.toThrow(
      /of a later version of recipe toy: this one does not know toy\/0002-later\. Install/,
    );
  });

  it("are the operator's business with check", async () => {
    await migrateUp(opened);
    await expect(openStorage({ ...fresh.options, migrations: 'check' }, [toy])).rejects.toThrow(
      /lack toy\/0001-initial, and migrations is 'check'/,
    );
  });
});

describe('four processes that migrate at once', () => {
  it('run each migration once, on each kind of database', async () => {
    const databases = await Promise.all(kinds.map(({ create }) => create()));
    const options = JSON.stringify(databases.map((database) => database.options));
    let ready = 0;
    const script = childScript('migrate-on-signal');
    const children = Array.from({ length: PROCESSES }, () =>
      runChildScript(script, [options], (line) => {
        if (line !== 'ready' || ++ready % PROCESSES !== 0) return;
        for (const child of children) child.process.kill('SIGUSR2');
      }),
    );
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended).toEqual(children.map(() => ({ code: 0, signal: null, errors: '' })));
    const ofEach = children.map(({ lines }) => lines.filter((line) => line !== 'ready'));
    for (const [at, { options, remove }] of databases.entries()) {
      const run = ofEach.flatMap((lines) => JSON.parse(lines[at]!) as string[]);
      expect(run.toSorted()).toEqual(names);
      const opened = await openDatabase(options);
      expect(await migrationStatus(opened)).toMatchObject({ pending: [], unknown: [] });
      await opened.kysely.destroy();
      await remove();
    }
  });
});
