import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { cheapPasswordHasher } from '../../test/contract/cores.js';
import { type PostgresSchema, postgresSchema } from '../../test/support/postgres-schema.js';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.js';
import { EmailPasswordCore } from '../core/email-password.core.js';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { createEmbeddedCore } from '../core/parts/embedded-core.js';
import { UsersCore } from '../core/users.core.js';
import { importUsers } from './import.command.js';
import { runCommandLine, type Terminal } from './latchkey.js';

const password = 'correct-horse-1';

/** A slow machine tells how far it is. */
const withoutProgress = (errors: string) =>
  errors.split('\n').filter((text) => !/^\d+ lines: .* lines a second\)$/.test(text));

describe('npx latchkey import', () => {
  let folder: TemporaryFolder;
  let postgres: PostgresSchema;
  let passwordHash: string;

  beforeAll(async () => {
    passwordHash = await cheapPasswordHasher.hash(password);
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    postgres = postgresSchema();
  });
  afterEach(async () => {
    await folder.remove();
    await postgres.drop();
  });

  const onSqlite = () => ({ sqlite: folder.path('auth.sqlite') });
  const onPostgres = () => ({ postgres: postgres.url, schema: postgres.schema });
  const argumentsFor = (database: EmbeddedDatabaseOptions) =>
    'sqlite' in database
      ? ['--database', `sqlite:${database.sqlite}`]
      : ['--database', String(database.postgres), '--schema', database.schema!];

  const method = (email: unknown, changes: object = {}) => ({
    recipeId: 'emailpassword',
    email,
    passwordHash,
    ...changes,
  });
  const line = (email: unknown, changes: object = {}) => JSON.stringify({ loginMethods: [method(email)], ...changes });

  async function latchkey(args: string[], input: (string | Buffer)[] = []) {
    const written = { output: '', errors: '' };
    const terminal: Terminal = {
      env: {},
      stdin: (async function* () {
        yield* input.map((part) => Buffer.from(part as string));
      })(),
      stdout: { write: (text) => (written.output += text) },
      stderr: { write: (text) => (written.errors += text) },
    };
    await runCommandLine(['import', ...args], { core: () => Promise.reject(new Error('not asked for')) }, terminal);
    return { code: terminal.exitCode ?? 0, output: written.output.trimEnd(), errors: withoutProgress(written.errors) };
  }

  async function inCore<T>(
    database: EmbeddedDatabaseOptions,
    work: (ports: { users: UsersCore; emailPassword: EmailPasswordCore }) => Promise<T>,
  ): Promise<T> {
    const core = await createEmbeddedCore(database, { passwordHasher: cheapPasswordHasher });
    try {
      return await work({ users: core.port(UsersCore), emailPassword: core.port(EmailPasswordCore) });
    } finally {
      await core.close();
    }
  }
  const count = (database: EmbeddedDatabaseOptions) => inCore(database, ({ users }) => users.getUserCount({}));

  it.each([
    ['SQLite', onSqlite],
    ['PostgreSQL', onPostgres],
  ])(
    'imports what can be stored, and tells of each other line its number and the reason: %s',
    async (_, databaseOf) => {
      const database = databaseOf();
      const file = folder.path('users.jsonl');
      const lines: [string, string?][] = [
        [`\uFEFF${line('a@example.com', { externalUserId: 'u1' })}\r`],
        ['\r'],
        ['no JSON', 'is not JSON'],
        [line('b@example.com')],
        [line('A@example.com '), 'line 1 has the same email a@example.com'],
        [line('c@example.com', { externalUserId: 'u1' }), 'line 1 has the same externalUserId'],
        [line('c@example.com', { externalUserId: 7 }), 'externalUserId must be text'],
        [line('c\u0000@example.com'), 'loginMethods\\[0\\]\\.email is not an email address'],
        [`{"__proto__":{"x":1},${line('c@example.com').slice(1)}`, 'there is no member "__proto__"'],
        [
          line('c@example.com', { loginMethods: [method('c@example.com', { tenantIds: ['nowhere'] })] }),
          'there is no tenant "nowhere"',
        ],
        [
          line('c@example.com', { loginMethods: [method('c@example.com', { passwordHash: 'md5' })] }),
          'loginMethods\\[0\\]: Password hash is in invalid format',
        ],
        [
          line('c@example.com', { loginMethods: [method('c@example.com', { timeJoinedInMSSinceEpoch: '1' })] }),
          'loginMethods\\[0\\]\\.timeJoinedInMSSinceEpoch must be a whole number',
        ],
        [
          line('r@example.com', { userRoles: [{ role: 'admin' }] }),
          'there is no role "admin": make it before, or pass --ignore roles',
        ],
        [`{"text":"${'x'.repeat(10_000_000)}"}`, 'is longer than 1048576 bytes'],
        [line('c@example.com')],
        [line('d@example.com').slice(0, 30), 'is not JSON'],
      ];
      await writeFile(file, lines.map(([text]) => text).join('\n'));

      const first = await latchkey([file, ...argumentsFor(database)]);
      const refused = lines.flatMap(([, reason], at) => (reason === undefined ? [] : `line ${at + 1}: ${reason}`));
      expect(first.errors).toEqual([...refused.map((text) => expect.stringMatching(`^${text}`)), '']);
      expect(first).toMatchObject({ code: 3, output: '15 lines: 3 imported, 0 here already, 12 refused.' });
      expect(first.errors.join()).not.toContain(passwordHash);

      await inCore(database, async ({ emailPassword, users }) => {
        const signedIn = await emailPassword.signIn({ tenantId: 'public', email: 'a@example.com', password });
        expect(signedIn).toMatchObject({ status: 'OK', user: { id: 'u1' } });
        expect(await users.getUserCount({})).toBe(3);
      });
      const again = await latchkey([file, ...argumentsFor(database)]);
      expect(again).toEqual({ ...first, output: '15 lines: 0 imported, 3 here already, 12 refused.' });
    },
  );

  it('reads standard input, in whatever pieces it comes, over the ends of batches', async () => {
    const lines = Array.from({ length: 1201 }, (_, at) =>
      line(`user-${at}@example.com`, { userRoles: [{ role: 'r' }] }),
    );
    const bytes = Buffer.from(lines.join('\r\n'));
    const pieces = Array.from({ length: 100 }, (_, at) =>
      bytes.subarray((at * bytes.length) / 100, ((at + 1) * bytes.length) / 100),
    );
    const result = await latchkey(['--ignore', 'roles', ...argumentsFor(onSqlite())], pieces);
    expect(result).toEqual({ code: 0, output: '1201 lines: 1201 imported, 0 here already, 0 refused.', errors: [''] });
    expect(await count(onSqlite())).toBe(1201);
  });

  it('tells how far it is after each batch', async () => {
    const text = Array.from({ length: 1001 }, (_, at) => line(`user-${at}@example.com`)).join('\n');
    const errors: string[] = [];
    const terminal: Terminal = {
      env: {},
      stdin: (async function* () {
        yield Buffer.from(text);
      })(),
      stdout: { write: () => undefined },
      stderr: { write: (said) => errors.push(said) },
    };
    await importUsers({ action: 'import', database: onSqlite(), ignored: [], dryRun: false }, terminal, 0);
    expect(errors).toEqual([
      expect.stringMatching(/^500 lines: 500 imported, 0 here already, 0 refused \(\d+ lines a second\)\n$/),
      expect.stringMatching(/^1000 lines: 1000 imported, /),
    ]);
  });

  it('does not wait for a keyboard', async () => {
    const errors: string[] = [];
    const terminal: Terminal = {
      env: {},
      stdin: Object.assign((async function* () {})(), { isTTY: true }),
      stdout: { write: () => undefined },
      stderr: { write: (said) => errors.push(said) },
    };
    await runCommandLine(
      ['import', ...argumentsFor(onSqlite())],
      { core: () => Promise.reject(new Error()) },
      terminal,
    );
    expect(terminal.exitCode).toBe(2);
    expect(errors.join('')).toMatch(/^import is given no file, and nothing is piped into it\.\n/);
    expect(existsSync(onSqlite().sqlite)).toBe(false);
  });

  it('writes what was refused into a file where one is named', async () => {
    const report = folder.path('refused.txt');
    const result = await latchkey(
      ['--report', report, ...argumentsFor(onSqlite())],
      ['[]\n', line('a@example.com'), '\n"x\u001b[2J"'],
    );
    expect(result).toMatchObject({ code: 3, errors: [''] });
    expect(await readFile(report, 'utf8')).toBe(
      'line 1: the line must be an object with loginMethods\nline 3: is not JSON\n',
    );
  });

  it('does not write what was refused over the users', async () => {
    const file = folder.path('users.jsonl');
    await writeFile(file, line('a@example.com'));
    await symlink(file, folder.path('link'));
    for (const report of [file, folder.path('link')]) {
      const { code, errors } = await latchkey([file, '--report', report, ...argumentsFor(onSqlite())]);
      expect(code).toBe(2);
      expect(errors[0]).toBe('--report names the file that is imported. Name another one.');
    }
    expect(await readFile(file, 'utf8')).toBe(line('a@example.com'));
  });

  it('writes nothing in a dry run, not even a file or tables', async () => {
    const input = [line('a@example.com'), '\n', line('a@example.com')];
    const result = await latchkey(['--dry-run', ...argumentsFor(onSqlite())], input);
    expect(result).toEqual({
      code: 3,
      output: 'Dry run, nothing was written: 2 lines: 1 imported, 0 here already, 1 refused.',
      errors: ['line 2: line 1 has the same email a@example.com', ''],
    });
    expect(existsSync(onSqlite().sqlite)).toBe(false);

    await latchkey(argumentsFor(onSqlite()), [line('b@example.com')]);
    await latchkey(['--dry-run', ...argumentsFor(onSqlite())], input);
    expect(await count(onSqlite())).toBe(1);
    expect((await latchkey(['--dry-run', ...argumentsFor(onPostgres())], input)).code).toBe(1);
  });

  it.each<[string, (args: string[]) => string[], Buffer[], RegExp]>([
    [
      'a file that is not there',
      (args) => [folder.path('no.jsonl'), ...args],
      [],
      /^There is no file .*no\.jsonl\. Give a file/,
    ],
    ['a folder', (args) => [folder.path('.'), ...args], [], /cannot be read \(EISDIR\)/],
    ['UTF-16', (args) => args, [Buffer.from('\uFEFF{}\n', 'utf16le')], /^The file is UTF-16\. Write it as UTF-8$/],
  ])('stops at %s', async (_, args, input, message) => {
    const { code, errors } = await latchkey(args(argumentsFor(onSqlite())), input as never);
    expect(code).toBe(1);
    expect(errors.filter((text) => message.test(text))).toHaveLength(1);
  });
});
