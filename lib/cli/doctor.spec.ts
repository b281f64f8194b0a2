import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthModuleOptions } from '../auth.options.js';
import { EmailPasswordRecipe, SessionRecipe } from '../index.js';
import { SigningKeysStorage } from '../core/embedded/storage/signing-keys.storage.js';
import { EmbeddedEmailOutboxCore } from '../core/embedded/embedded-email-outbox.core.js';
import { openStorage } from '../core/embedded/storage/open-storage.js';
import { createCoreService } from '../../src/index.js';
import { freePort } from '../../test/support/free-port.js';
import { startSmtpServer, type TestSmtpServer } from '../../test/support/smtp-server.js';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.js';
import { runCommandLine, type Terminal } from './latchkey.js';

const OPTIONS = Symbol.for('latchkey.doctor-spec');
const DAY_MS = 86_400_000;
const shared = globalThis as { [OPTIONS]?: Partial<AuthModuleOptions> };

async function* noInput(): AsyncGenerator<Uint8Array> {}

describe('npx latchkey doctor', () => {
  let folder: TemporaryFolder;
  let mail: TestSmtpServer;
  let sqlite: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    sqlite = folder.path('auth.sqlite');
    mail = await startSmtpServer();
  });
  afterEach(async () => {
    delete shared[OPTIONS];
    await mail.stop();
    await folder.remove();
  });

  async function run(...args: string[]) {
    let output = '';
    let errors = '';
    const terminal: Terminal = {
      env: {},
      stdin: noInput(),
      stdout: { write: (text) => (output += text) },
      stderr: { write: (text) => (errors += text) },
    };
    await runCommandLine(['doctor', ...args], { core: async () => {} }, terminal);
    return { code: terminal.exitCode ?? 0, lines: output.trimEnd().split('\n'), errors };
  }

  /** As the application's own file tells its options: by a function, since they depend on its environment. */
  async function examine(options: Partial<AuthModuleOptions> = {}) {
    const file = folder.path('auth-options.mjs');
    writeFileSync(file, "export const authOptions = async () => globalThis[Symbol.for('latchkey.doctor-spec')];");
    const appInfo = { appName: 'A', apiDomain: 'https://api.example.com', websiteDomain: 'https://example.com' };
    const recipeList = [SessionRecipe.init(), EmailPasswordRecipe.init()];
    shared[OPTIONS] = { appInfo, recipeList, core: { sqlite }, emailDelivery: { smtp: mail.smtp }, ...options };
    return run(file);
  }

  async function makeDatabase(
    work: (database: Awaited<ReturnType<typeof openStorage>>) => Promise<unknown> = async () => {},
  ) {
    const database = await openStorage({ sqlite });
    await work(database);
    await database.close();
  }
  const line = (level: string, about: string, text: string | RegExp) =>
    expect.stringMatching(
      new RegExp(`^${level.padEnd(8)} ${about.padEnd(11)} ${typeof text === 'string' ? text : text.source}`),
    );

  it('finds nothing wrong with what works, and says what it has looked at', async () => {
    await makeDatabase();

    expect(await examine()).toEqual({
      code: 0,
      errors: '',
      lines: [
        line('ok', 'options', 'As they should be'),
        line('ok', 'cookies', 'SameSite=lax, Secure'),
        line('ok', 'mail', `Signed in to 127.0.0.1:${mail.port}|Signed in to`),
        line('ok', 'database', 'Reached the SQLite file'),
        line('ok', 'migrations', 'Up to date'),
        line('ok', 'keys', 'No signing key yet'),
        line('ok', 'outbox', '0 messages wait'),
        '0 errors, 0 warnings',
      ],
    });
  });

  it('says what to do about cookies that browsers drop, or do not send', async () => {
    const recipeList = [SessionRecipe.init({ cookieDomain: '.example.org' })];
    const { code, lines } = await examine({ recipeList });
    expect({ code, line: lines[1] }).toEqual({
      code: 1,
      line: line('error', 'cookies', /.*cookieDomain is ".example.org".*Give a parent/),
    });

    const apart = { appName: 'A', apiDomain: 'https://api.example.com', websiteDomain: 'https://example.org' };
    expect((await examine({ appInfo: apart })).lines).toContainEqual(
      line('warning', 'cookies', /.*different sites: browsers that block cookies.*Serve both below one domain/),
    );
    const plain = { appName: 'A', apiDomain: 'http://api.example.com', websiteDomain: 'http://example.com' };
    expect((await examine({ appInfo: plain })).lines).toContainEqual(
      line('warning', 'cookies', /.*Serve it over https/),
    );
  });

  it('stops at options that the boot would refuse', async () => {
    const { code, lines } = await examine({ recipeList: [EmailPasswordRecipe.init()] });

    expect(code).toBe(1);
    expect(lines).toEqual([line('error', 'options', /.*needs the recipe session/), '1 error, 0 warnings']);
  });

  it('tells of servers that do not answer, and prints no password', async () => {
    const port = await freePort();
    const { code, lines } = await examine({
      core: { postgres: `postgres://ann:pg%20secret-1@127.0.0.1:${port}/app` },
      emailDelivery: { smtp: { ...mail.smtp, port, auth: { user: 'ann', pass: 'mail-secret-1' } } },
    });

    expect(code).toBe(1);
    expect(lines).toContainEqual(line('error', 'mail', new RegExp(`.*ECONNREFUSED.*Look at host, port.*:${port}`)));
    expect(lines).toContainEqual(line('error', 'database', /.*nothing listens at .*Start PostgreSQL there/));
    expect(lines.join('\n')).not.toMatch(/secret/);
    expect((await examine({ emailDelivery: undefined })).lines).toContainEqual(
      line('error', 'mail', 'No emailDelivery'),
    );
  });

  it('looks at a database without changing it, and at what has waited for too long in it', async () => {
    expect((await run('--database', `sqlite:${sqlite}`)).lines).toEqual([
      line('warning', 'database', /.*is not there yet/),
      '0 errors, 1 warning',
    ]);
    expect(existsSync(sqlite)).toBe(false);
    expect((await examine({ core: { sqlite, migrations: 'check' } })).code).toBe(1);

    await makeDatabase(async (database) => {
      const key = { kid: 'd-old', kind: 'dynamic' as const, sequence: 1, public_jwk: '{}', private_key_pem: 'none' };
      await new SigningKeysStorage(database).insert({ ...key, created_at_ms: Date.now() - 30 * DAY_MS });
      const email = { kind: 'passwordReset', content: {}, recipeUserId: 'ann', expiresAtMs: Date.now() + DAY_MS };
      await new EmbeddedEmailOutboxCore(database, () => Date.now() - 3_600_000).enqueue(email);
    });
    const { code, lines } = await run('--database', `sqlite:${sqlite}`);
    expect(code).toBe(0);
    expect(lines.slice(2)).toEqual([
      line('warning', 'keys', /The newest signing key is 30 days old.*whether one runs on this database/),
      line('warning', 'outbox', /1 messages wait, the oldest for 60 minutes.*in its log/),
      '0 errors, 2 warnings',
    ]);
  });

  it('tells of migrations that are pending, and of tables that are newer', async () => {
    await makeDatabase(async (database) => {
      const tables = await database.tables();
      await tables.deleteFrom('latchkey_migration').where('name', '=', '0001-initial').execute();
    });
    const check = await examine({ core: { sqlite, migrations: 'check' } });
    expect(check).toMatchObject({ code: 1 });
    expect(check.lines).toContainEqual(
      line('error', 'migrations', /1 are pending.*npx latchkey migrate up --database/),
    );
    expect((await examine()).lines).toContainEqual(
      line('warning', 'migrations', /1 are pending.*the next start runs them/),
    );
  });

  it('asks a core service, by its key', async () => {
    const service = await createCoreService({
      logLevel: 'off',
      database: { sqlite: ':memory:' },
      apiKeys: ['a-key-of-the-core-1'],
    });
    await service.listen(0, '127.0.0.1');
    const connectionURI = await service.getUrl();

    const good = await examine({ core: { connectionURI, apiKey: 'a-key-of-the-core-1' } });
    const bad = await examine({ core: { connectionURI, apiKey: 'another-key-of-it-2' } });
    await service.close();

    expect(good.lines).toContainEqual(line('ok', 'core', 'Answers, and speaks 5'));
    expect(bad).toMatchObject({ code: 1, lines: expect.arrayContaining([line('error', 'core', '')]) });
    expect(bad.lines.join()).not.toContain('another-key');
  });

  it('needs a file that exports the options, or a database', async () => {
    expect(await run()).toMatchObject({ code: 2, errors: expect.stringContaining('No database is given') });
    writeFileSync(folder.path('empty.mjs'), 'export const nothing = 1;');
    expect(await run(folder.path('empty.mjs'))).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/exports no authOptions. Write: export const authOptions/),
    });
    expect((await run(folder.path('none.mjs'))).errors).toMatch(/Compile the application first/);
  });
});
