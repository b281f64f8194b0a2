import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PackedLibrary } from '../support/packed-library.js';
import { requestService } from '../support/run-service.js';
import { compiled } from '../runner/compiled.cjs';
import { runOnNode } from './run-on-node.js';

const APPLICATION = resolve('test/versions/smoke-application.ts');
const EXTRAS = ['@nestjs/platform-express'];
const CORE = JSON.stringify({ sqlite: ':memory:', passwordHashing: { memoryCostKiB: 64, timeCost: 1 } });
/** npm fetches them without building them, as pnpm does. Version 13 brings its binaries. The foreign one is the repository's. */
const INSTALLED = { none: [], unbuilt: ['better-sqlite3@12'], prebuilt: ['better-sqlite3@13'], foreign: [] };
/** The binary of the repository is not for this one. */
const OTHER_NODE = process.versions.node.startsWith('24.') ? '22' : '24';

const library = new PackedLibrary();
const folders = new Map<string, string>();
afterAll(() => library.remove());

describe('SQLite of the published package', () => {
  beforeAll(async () => {
    // They are fetched while this waits for the packages.
    for (const version of ['22.13.0', '22', '24', '20']) requestService(`node-${version}`);
    const { code } = compiled(APPLICATION, readFileSync(APPLICATION, 'utf8'));
    for (const [name, packages] of Object.entries(INSTALLED)) {
      const without = name === 'foreign' ? [] : ['better-sqlite3'];
      const folder = await library.installBeside(name, packages, { extras: EXTRAS, without });
      writeFileSync(join(folder, 'smoke-application.js'), code);
      folders.set(name, folder);
    }
  }, 300_000);

  const start = (version: string, installed: string) =>
    runOnNode(version, ['smoke-application.js', 'Express', CORE], { cwd: folders.get(installed)! });

  it.each([
    ['22.13.0', 'none'],
    ['22', 'none'],
    ['24', 'none'],
    ['24', 'prebuilt'],
  ])('signs somebody up on Node %s, with better-sqlite3: %s', async (version, installed) => {
    const { stdout, stderr } = await start(version, installed);

    expect(stderr).not.toMatch(/LATCHKEY_SQLITE/);
    expect(JSON.parse(stdout)).toMatchObject({ 'sign-up': 'OK', 'guarded route': [200, true], refresh: 200 });
  });

  it.each([
    ['24', 'unbuilt'],
    [OTHER_NODE, 'foreign'],
  ])('warns on Node %s of a better-sqlite3 that is %s, and goes on with node:sqlite', async (version, installed) => {
    const { stdout, stderr } = await start(version, installed);

    expect(stderr).toMatch(
      /\[LATCHKEY_SQLITE\] Warning: core: \{ sqlite \} uses node:sqlite, since better-sqlite3 12\S+ is installed, but its binary does not load on Node 2[24]\S+: .* Run npm rebuild better-sqlite3, or with pnpm: pnpm approve-builds/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ 'sign-up': 'OK' });
  });

  it.each([
    [
      'none',
      /needs the package better-sqlite3 on Node 20\S+, and it is not installed.*npm install better-sqlite3@12$/m,
    ],
    ['unbuilt', /better-sqlite3 12\S+ is installed, but its binary does not load on Node 20.*pnpm approve-builds$/m],
    ['prebuilt', /better-sqlite3 13\S+ is installed, which is not for Node 20.*npm install better-sqlite3@12$/m],
  ])('stops the start on Node 20 with better-sqlite3: %s', async (installed, message) => {
    const { code, signal, stderr } = await start('20', installed);

    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toMatch(message);
  });
});
