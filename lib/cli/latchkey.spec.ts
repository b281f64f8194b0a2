import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { childScript } from '../../test/support/child-script.js';
import { type PostgresSchema, postgresSchema } from '../../test/support/postgres-schema.js';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.js';
import { MigrationPlan } from '../core/embedded/storage/migration-plan.js';
import { openStorage } from '../core/embedded/storage/open-storage.js';
import { runCommandLine, type Terminal } from './latchkey.js';

const { names } = new MigrationPlan();

async function* noInput(): AsyncGenerator<Uint8Array> {}

describe('npx latchkey', () => {
  const recipes = 'test/e2e/outside-recipe/badges/recipes.ts';
  let folder: TemporaryFolder;
  let postgres: PostgresSchema;

  beforeEach(async () => {
    folder = await temporaryFolder();
    postgres = postgresSchema();
  });
  afterEach(async () => {
    await folder.remove();
    await postgres.drop();
  });

  async function latchkey(args: string[], env: Record<string, string> = {}) {
    const written = { output: '', errors: '' };
    const terminal: Terminal = {
      env,
      stdin: noInput(),
      stdout: { write: (text) => (written.output += text) },
      stderr: { write: (text) => (written.errors += text) },
    };
    await runCommandLine(args, { core: () => Promise.reject(new Error('not asked for')) }, terminal);
    return { code: terminal.exitCode ?? 0, output: written.output.trimEnd(), errors: written.errors };
  }

  const sqlite = () => ['--database', `sqlite:${folder.path('auth.sqlite')}`];
  const onPostgres = () => ['--database', postgres.url, '--schema', postgres.schema];

  it.each([
    ['SQLite', sqlite],
    ['PostgreSQL', onPostgres],
  ])('shows, runs and shows again: %s', async (_, database) => {
    const before = await latchkey(['migrate', 'status', ...database()]);
    expect(before).toMatchObject({ code: 0, errors: '' });
    const pending = names.map((name) => `\n  pending  ${name}`).join('');
    expect(before.output).toMatch(/^Tables in /);
    expect(before.output.slice(before.output.indexOf('\n'))).toBe(
      `${pending}\nRun "latchkey migrate up" for ${names.length} more.`,
    );

    const output = names.map((name) => `Ran ${name}`).join('\n');
    expect(await latchkey(['migrate', 'up', ...database()])).toEqual({ code: 0, output, errors: '' });
    expect(await latchkey(['migrate', 'up', ...database()])).toEqual({ code: 0, output: 'Nothing to do.', errors: '' });

    const after = await latchkey(['migrate', 'status', ...database()]);
    const applied = names.map((name) => `\n {2}applied {2}${name} *\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z`).join('');
    expect(after.output).toMatch(new RegExp(`${applied}\\nUp to date\\.$`));
    expect(await latchkey(['migrate', 'sql', ...database()])).toEqual({ code: 0, output: '', errors: '' });
  });

  it.each([
    ['SQLite', sqlite],
    ['PostgreSQL', onPostgres],
  ])('also migrates recipes of an application: %s', async (_, database) => {
    const args = [...database(), '--recipes', recipes];
    const { output } = await latchkey(['migrate', 'up', ...args]);
    expect(output.split('\n').at(-1)).toBe('Ran badge/0001-badges');

    const { output: notLoaded } = await latchkey(['migrate', 'status', ...database()]);
    expect(notLoaded).toMatch(
      / applied {2}badge\/0001-badges {2}\S+ {2}\(of a recipe that --recipes does not name\)\n/,
    );
  });

  it('prints the SQL of recipes of an application', async () => {
    const { output } = await latchkey(['migrate', 'sql', ...onPostgres(), '--recipes', recipes]);
    await postgres.query(output);
    expect(await postgres.query(`select * from ${postgres.schema}.badges`)).toBeDefined();
  });

  it('prints SQL that another program can run', async () => {
    const { code, output } = await latchkey(['migrate', 'sql', ...onPostgres()]);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^create schema if not exists "test_\w+";\ncreate table if not exists .*\n\n-- 0001-initial\nbegin;\n/,
    );
    await postgres.query(output);
    await (await openStorage({ postgres: postgres.url, schema: postgres.schema, migrations: 'check' })).close();
  });

  it('fixes what check refuses, by the very command of the message', async () => {
    const file = folder.path('auth.sqlite');
    const refused = await openStorage({ sqlite: file, migrations: 'check' }).catch((error: Error) => error.message);
    const [, command = ''] = /Run: npx latchkey (.*)$/.exec(String(refused)) ?? [];
    expect(await latchkey(command.split(' '))).toMatchObject({ code: 0 });
    await (await openStorage({ sqlite: file, migrations: 'check' })).close();
  });

  it('takes the database from the environment', async () => {
    const environment = { LATCHKEY_DATABASE: postgres.url };
    const result = await latchkey(['migrate', 'up', '--schema', postgres.schema], environment);
    expect(result).toMatchObject({ code: 0, errors: '' });
  });

  it('is a process with its own streams and exit code', async () => {
    const script = childScript('latchkey-cli');
    const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { env: {}, encoding: 'utf8' });
    expect(run('migrate', 'up', ...sqlite())).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Ran 0001/),
      stderr: '',
    });
    expect(run('migrate', 'down')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Usage') });
  });

  it('does not make a file by looking for it', async () => {
    expect((await latchkey(['migrate', 'status', ...sqlite()])).output).toContain('which is not there yet');
    expect((await latchkey(['migrate', 'sql', ...sqlite()])).output).toContain('create table "latchkey_users"');
    expect(existsSync(folder.path('auth.sqlite'))).toBe(false);
  });

  it('shows help when it is asked to', async () => {
    for (const args of [['--help'], ['migrate', '-h']]) {
      expect(await latchkey(args)).toMatchObject({
        code: 0,
        output: expect.stringContaining('Usage: latchkey'),
        errors: '',
      });
    }
  });

  it('says what it does not understand, and how it is used', async () => {
    const { code, output, errors } = await latchkey(['migrate', 'down']);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(/^There is no command "migrate down"\.\n\nUsage: latchkey/);
  });

  it.each([
    [
      () => 'postgres://u:secret@127.0.0.1:1/app',
      /^core\.postgres: nothing listens at 127\.0\.0\.1:1, database app\. Start/,
    ],
    [() => Object.assign(new URL(postgres.url), { password: 'secret' }).href, /refuses the password of user/],
    [() => `sqlite:${folder.path('missing/auth.sqlite')}`, /its folder does not exist/],
  ])('fails in words, without a stack, over what does not work (%#)', async (database, message) => {
    const { code, output, errors } = await latchkey(['migrate', 'up', '--database', database()]);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(message);
    expect(errors).not.toMatch(/secret|\n +at /);
  });
});
