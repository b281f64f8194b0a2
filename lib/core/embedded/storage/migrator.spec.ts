import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { rm } from 'node:fs/promises';
import { buildChildScript, runChildScript } from '../../../../test/support/child-script.js';
import { postgresSchema } from '../../../../test/support/postgres-schema.js';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { ConfigurationError } from '../../auth.error.js';
import type { EmbeddedDatabaseOptions } from '../embedded-core.options.js';
import { migrationSql, migrationStatus, migrateUp } from './migrator.js';
import { openDatabase, openStorage } from './open-storage.js';
import type { Migration, OpenedDatabase } from './storage-dialect.js';
import { TenantsStorage } from './tenants.storage.js';

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

  const names = () => Object.keys(opened.dialect.migrations).sort();
  const refusal = async () => {
    const error: unknown = await openStorage({ ...fresh.options, migrations: 'check' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  };
  /** The same database, seen by a version of the package that has one migration more. */
  const withMigration = (name: string, migration: Migration): OpenedDatabase => ({
    ...opened,
    dialect: Object.create(opened.dialect, {
      migrations: { value: { ...opened.dialect.migrations, [name]: migration } },
    }),
  });

  it('are pending, run once, and are then applied', async () => {
    expect(await migrationStatus(opened)).toEqual({ applied: [], pending: names(), unknown: [] });
    expect(await migrateUp(opened)).toEqual(names());
    expect(await migrateUp(opened)).toEqual([]);
    const { applied, ...others } = await migrationStatus(opened);
    expect(others).toEqual({ pending: [], unknown: [] });
    expect(applied.map(({ name }) => name)).toEqual(names());
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
    await expect(migrateUp(later)).rejects.toThrow('on purpose');
    expect(await migrationStatus(later)).toMatchObject({ pending: ['9998-later'], unknown: [] });
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
    const missing = names().join(', ');
    expect(message).toContain(`lack ${missing}, and migrations is 'check'. Run: npx latchkey migrate up --database `);
    expect(message).not.toContain(':password@');
    expect(message).toContain('sqlite' in fresh.options ? fresh.options.sqlite : 'postgres://');
    expect(await opened.dialect.hasOwnTable(opened.kysely, 'latchkey_migration')).toBe(false);
  });

  it('of a later version are refused', async () => {
    await migrateUp(withMigration('9999-later', { up: async () => undefined }));
    const message = await refusal();
    expect(message).toMatch(/of a later version of latchkey: this one does not know 9999-later\. Install/);
    await expect(openStorage(fresh.options)).rejects.toThrow(message);
  });
});

describe('eight processes that migrate at once', () => {
  let script: string;

  beforeAll(async () => {
    script = await buildChildScript('migrate-on-signal.ts');
  });
  afterAll(() => rm(script));

  it.each(kinds)('run each migration once: $name', async ({ create }) => {
    const { options, remove } = await create();
    let ready = 0;
    const children = Array.from({ length: 8 }, () =>
      runChildScript(script, [JSON.stringify(options)], (line) => {
        if (line === 'ready' && ++ready === 8) for (const child of children) child.process.kill('SIGUSR2');
      }),
    );
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended).toEqual(children.map(() => ({ code: 0, signal: null, errors: '' })));
    const opened = await openDatabase(options);
    const run = children.flatMap((child) => child.lines.slice(1));
    expect(run.toSorted()).toEqual(Object.keys(opened.dialect.migrations).sort());
    expect(await migrationStatus(opened)).toMatchObject({ pending: [], unknown: [] });
    await opened.kysely.destroy();
    await remove();
  });
});
