import { beforeAll, describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { runOnNode, type Ended } from './run-on-node.js';

const VERSIONS = ['22.13.0', '24'];

describe('node:sqlite', () => {
  const ended = new Map<string, Ended>();

  // At once: each run is one process, which loads the library once, and for a part of its time waits for others.
  beforeAll(async () => {
    const hide = new URL('../runner/without-better-sqlite3.js', import.meta.url).href;
    const env = { NODE_OPTIONS: `--import=${hide} --disable-warning=ExperimentalWarning`, HOME: process.env.HOME };
    const jest = ['--experimental-vm-modules', 'node_modules/.bin/jest', '--maxWorkers=1'];
    const tests = ['lib/core/embedded/storage', 'test/contract', '--selectProjects', 'all', '-t', 'SQLite'];
    const run = async (version: string) =>
      ended.set(version, await runOnNode(version, [...jest, ...tests], { cwd: resolve('.'), env }));
    await Promise.all(VERSIONS.map(run));
  }, 300_000);

  it.each(VERSIONS)('passes the tests of the storage and the contract on Node %s', (version) => {
    const { code, stderr } = ended.get(version)!;

    expect({ code, failed: stderr.match(/^FAIL.*$/gm) }).toEqual({ code: 0, failed: null });
    expect(stderr).toMatch(/^Tests: .* [1-9]\d\d passed/m);
  });
});
