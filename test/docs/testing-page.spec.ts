import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/testing.md`, 'utf8');
const paths = [
  ...readdirSync(root),
  ...['.ci', 'docs', 'lib', 'sample-app', 'scripts', 'src', 'test'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((path) => posix.join(folder, path)),
  ),
];

const isRow = (line: string) => line.startsWith('|');
const rows = page.split('\n').filter(isRow);
const prose = page.split('\n').filter((line) => !isRow(line));

/** In prose, and in the first column of a table, a word may be a name of something else. */
const isPath = (name: string) => /\/|\.[jt]s$/.test(name);
/** Nor is a project of Jest a file. */
const isFile = (name: string) => !['isolated', 'postgres', 'remote'].includes(name);

/** What is in backticks, and is no code, command or route. */
function namesIn(text: string): string[] {
  const names = [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  return names.filter((name) => /^[a-z0-9.][a-z0-9.,{}*/-]*$/.test(name)).flatMap(alternatives);
}

/** `a/{b,c}` means `a/b` and `a/c`. */
function alternatives(name: string): string[] {
  const [, before, inside, after] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? [];
  return inside === undefined ? [name] : inside.split(',').map((one) => before! + one + after!);
}

/** @returns the first path of this name in one of the folders; a name may leave out how names of tests end */
function pathOf(name: string, folders: string[]): string | undefined {
  const pattern = name.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  return folders
    .map((folder) => new RegExp(`^${posix.join(folder, pattern)}(\\.contract)?(\\.spec)?(\\.ts)?$`))
    .map((full) => paths.find((path) => full.test(path)))
    .find((path) => path !== undefined);
}

/** A name is a path from one of these, or from the folder of a name before it in the row. */
const STARTS = ['', 'test', 'test/e2e', 'lib/core/embedded/storage'];

function missingIn(row: string): string[] {
  const [, first, ...others] = row.split('|');
  const names = [...namesIn(first!).filter(isPath), ...namesIn(others.join('|')).filter(isFile)];
  const folders = [...STARTS];
  return names.filter((name) => {
    const path = pathOf(name, folders);
    if (path !== undefined) folders.unshift(path, posix.dirname(path));
    return path === undefined;
  });
}

describe('docs/testing.md', () => {
  it('names files and folders in its tables that are there', () => {
    expect(rows.flatMap(namesIn).length).toBeGreaterThan(300);
    expect(rows.flatMap(missingIn)).toEqual([]);
  });

  it('names files elsewhere that are there', () => {
    const names = namesIn(prose.join('\n')).filter(isPath);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !paths.some((path) => `/${path}`.endsWith(`/${name}`)))).toEqual([]);
  });

  it('lists what scripts/mutation-sample.js breaks', async () => {
    const { href } = new URL('../../scripts/mutations.js', import.meta.url);
    const { mutations } = (await import(href)) as { mutations: { rule: string; file: string }[] };
    const listed = [...page.matchAll(/^\| (.+?) +\| `(lib\/.+?)` +\| .*caught/gm)];
    expect(listed.map(([, rule, file]) => [rule, file])).toEqual(mutations.map(({ rule, file }) => [rule, file]));
  });
});
