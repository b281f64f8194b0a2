import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { cheapPasswordHasher } from '../contract/cores.js';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import { runCommandLine, type Terminal } from '../../lib/cli/latchkey.js';
import { openStorage } from '../../lib/core/embedded/storage/open-storage.js';
import { childScript, runChildScript } from '../support/child-script.js';
import { postgresSchema } from '../support/postgres-schema.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const USERS = 800;
/** As many lines as the killed process gets: a batch is whole, and another one is not. */
const LINES_BEFORE = 700;

const tables = [
  'latchkey_users',
  'latchkey_user_tenants',
  'latchkey_login_methods',
  'latchkey_login_method_tenants',
  'latchkey_password_credentials',
  'latchkey_verified_emails',
  'latchkey_user_id_mappings',
  'latchkey_user_metadata',
] as const;

/** The same command in this process, which nobody ends. */
async function importHere(args: string[]) {
  let output = '';
  const terminal: Terminal = {
    env: {},
    stdin: (async function* () {})(),
    stdout: { write: (text) => (output += text) },
    stderr: { write: () => undefined },
  };
  const core = () => Promise.reject(new Error('not asked for'));
  await runCommandLine(['import', ...args], { core }, terminal);
  return { code: terminal.exitCode ?? 0, output };
}

describe('an import that is killed goes on where it was, when it is run again', () => {
  let script: string;
  let folder: TemporaryFolder;
  const postgres = postgresSchema();

  beforeAll(() => {
    script = childScript('latchkey-cli');
  });
  afterAll(() => postgres.drop());
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it.each<[string, () => EmbeddedDatabaseOptions, () => string[]]>([
    ['SQLite', () => ({ sqlite: folder.path('a.sqlite') }), () => [`sqlite:${folder.path('a.sqlite')}`]],
    [
      'PostgreSQL',
      () => ({ postgres: postgres.url, schema: postgres.schema }),
      () => [postgres.url, '--schema', postgres.schema],
    ],
  ])('%s', async (_, databaseOf, argumentsOf) => {
    const passwordHash = await cheapPasswordHasher.hash('correct-horse-1');
    const lines = Array.from({ length: USERS }, (_user, at) =>
      JSON.stringify({
        externalUserId: `user-${at}`,
        userMetadata: { at },
        loginMethods: [{ recipeId: 'emailpassword', email: `user-${at}@example.com`, passwordHash, isVerified: true }],
      }),
    );
    const file = folder.path('users.jsonl');
    await writeFile(file, lines.join('\n'));
    const storage = await openStorage(databaseOf());
    const rows = async () =>
      Promise.all(
        tables.map(async (table) => {
          const db = await storage.tables();
          const { count } = await db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number | string>().as('count'))
            .executeTakeFirstOrThrow();
          return Number(count);
        }),
      );
    try {
      const killed = runChildScript(script, ['import', '--database', ...argumentsOf()], undefined, 'pipe');
      killed.process.stdin!.write(`${lines.slice(0, LINES_BEFORE).join('\n')}\n`);
      await waitUntil(async () => (await rows())[0]! > 0);
      killed.process.kill('SIGKILL');
      expect((await killed.ended).signal).toBe('SIGKILL');

      const [before, ...others] = await rows();
      expect(before).toBeLessThan(LINES_BEFORE);
      // Nobody was left without what belongs to a user.
      expect(new Set(others)).toEqual(new Set([before]));

      const again = await importHere([file, '--database', ...argumentsOf()]);
      const output = `${USERS} lines: ${USERS - before!} imported, ${before} here already, 0 refused.\n`;
      expect(again).toEqual({ code: 0, output });
      expect(new Set(await rows())).toEqual(new Set([USERS]));
    } finally {
      await storage.close();
    }
  });
});
