import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { childScript } from '../../test/support/child-script.js';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.js';
import { openDashboardUsers } from '../core/parts/dashboard-users.js';
import { runCommandLine, type Terminal } from './latchkey.js';

const password = ' correct horse\tbattery ';

/** From util-linux: gives a command a terminal of its own. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
if (!hasScript) console.warn('Without script of util-linux it is not tried what a terminal shows of a password.');

describe('npx latchkey dashboard', () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const file = () => folder.path('auth.sqlite');
  const sqlite = () => ['--database', `sqlite:${file()}`];

  async function dashboard(args: string[], input: string | Buffer = '') {
    const written = { output: '', errors: '' };
    const terminal: Terminal = {
      env: {},
      stdin: (async function* () {
        yield Buffer.from(input as string);
      })(),
      stdout: { write: (text) => (written.output += text) },
      stderr: { write: (text) => (written.errors += text) },
    };
    const core = () => Promise.reject(new Error('not asked for'));
    await runCommandLine(['dashboard', ...args, ...sqlite()], { core }, terminal);
    return { code: terminal.exitCode ?? 0, ...written };
  }

  async function signIn(email: string, tried = password) {
    const { core, close } = await openDashboardUsers({ sqlite: file() });
    try {
      return (await core.signIn({ email, password: tried })).status;
    } finally {
      await close();
    }
  }

  it('adds, lists and removes who may sign in', async () => {
    const added = await dashboard(['add-user', 'Ann@Example.com'], `${password}\r\n`);
    expect(added).toEqual({ code: 0, output: 'ann@example.com may sign in to the dashboard.\n', errors: '' });
    expect(await signIn('ann@example.com')).toBe('OK');
    expect(await signIn('ann@example.com', password.trim())).toBe('INVALID_CREDENTIALS_ERROR');
    await dashboard(['add-user', 'bob@example.com'], password);

    const { output } = await dashboard(['list']);
    expect(output).toMatch(/^ann@example\.com {2}since \d{4}-\S+Z\nbob@example\.com {2}since \S+Z\n$/);
    expect(await dashboard(['remove', 'ANN@example.com'])).toMatchObject({ code: 0, errors: '' });
    expect(await signIn('ann@example.com')).toBe('INVALID_CREDENTIALS_ERROR');
    expect((await dashboard(['list'])).output).toMatch(/^bob@\S+ {2}since \S+\n$/);
  });

  it.each([
    ['add-user', 'ann@example.com', 'short', /^The password must have at least 12 characters\n$/],
    ['add-user', 'ann', password, /^"ann" is not an email address\n$/],
    ['add-user', 'taken@example.com', password, /^"taken@example\.com" is a user of the dashboard already\./],
    ['add-user', 'ann@example.com', '', /^Standard input is empty: pipe the password into it/],
    ['add-user', 'ann@example.com', `${password}\n${password}`, /^Standard input has several lines/],
    ['add-user', 'ann@example.com', 'x'.repeat(20_000), /^Standard input is too long/],
    ['add-user', 'ann@example.com', Buffer.from('b5b5b5b5b5b5b5b5b5b5b5b5', 'hex'), /is not UTF-8\n$/],
    [
      'remove',
      'ann@example.com',
      '',
      /^"ann@example\.com" is no user of the dashboard\. Run: npx latchkey dashboard list/,
    ],
  ])('says what is wrong, and changes nothing: %s %s', async (task, email, input, message) => {
    await dashboard(['add-user', 'taken@example.com'], 'another password');
    const { code, output, errors } = await dashboard([task, email], input);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(message);
    expect((await dashboard(['list'])).output).toMatch(/^taken@\S+ {2}since \S+\n$/);
    expect(await signIn('taken@example.com', 'another password')).toBe('OK');
  });

  it('makes no file by looking for one', async () => {
    for (const args of [['list'], ['remove', 'ann@example.com']]) {
      const { code, errors } = await dashboard(args);
      expect(code).toBe(1);
      expect(errors).toMatch(/^There is no SQLite file \S+auth\.sqlite\. Name the one that the application opens\n$/);
    }
    expect(existsSync(file())).toBe(false);
  });

  (hasScript ? describe : describe.skip)('at a terminal', () => {
    /** Types each line once the terminal shows what is before it. @returns all that the terminal shows */
    async function type(...lines: [prompt: string, typed: string][]): Promise<{ code: number | null; shown: string }> {
      const command = [process.execPath, childScript('latchkey-cli'), 'dashboard', 'add-user', 'ann@example.com'];
      const quoted = [...command, ...sqlite()].map((part) => `'${part}'`).join(' ');
      const child = spawn('script', ['--quiet', '--return', '--command', quoted, '/dev/null'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let shown = '';
      child.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString();
        const [next] = lines;
        if (next === undefined || !shown.includes(next[0])) return;
        lines.shift();
        child.stdin.write(next[1]);
      });
      const code = await new Promise<number | null>((done) => child.on('close', done));
      return { code, shown };
    }

    it('asks twice and shows nothing of what is typed', async () => {
      const { code, shown } = await type(
        ['Password of "ann@example.com" for the dashboard: ', 'a long passwore\x7fd\r'],
        ['The same again: ', 'a long password\r'],
      );
      expect({ code, shown: shown.replaceAll('\r', '') }).toEqual({
        code: 0,
        shown:
          'Password of "ann@example.com" for the dashboard: \nThe same again: \n' +
          'ann@example.com may sign in to the dashboard.\n',
      });
      expect(await signIn('ann@example.com', 'a long password')).toBe('OK');
    });

    it('adds nobody whose passwords differ, or who gives up', async () => {
      const differ = await type(['Password of', 'a long password\r'], ['The same', 'another password\r']);
      expect(differ).toEqual({ code: 1, shown: expect.stringContaining('The two passwords differ') });
      const givenUp = await type(['Password of', 'a long\x03']);
      expect(givenUp).toEqual({
        code: 1,
        shown: expect.stringContaining('No password was typed. Nothing was changed'),
      });
      expect((await dashboard(['list'])).output).toMatch(/^Nobody\./);
    });
  });
});
