import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.js';
import { loadCoreParts } from './recipes-module.js';

const PART = `{ id: 'notes', port: class NotesCore {}, embedded: () => ({}), migrations: {} }`;

describe('loadCoreParts', () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  async function load(file: string, code: string) {
    await writeFile(folder.path(file), code);
    return loadCoreParts(folder.path(file));
  }

  it.each([
    ['an ES module', 'a.mjs', 'export const recipes'],
    ['a CommonJS module', 'a.cjs', 'exports.recipes'],
  ])('finds the parts of recipes in %s', async (_, file, start) => {
    const parts = await load(file, `${start} = [{ definition: { coreParts: [${PART}] } }, { definition: {} }];`);
    expect(parts.map(({ id }) => id)).toEqual(['notes']);
  });

  it('takes a part that two recipes share once', async () => {
    const code = `const part = ${PART}; const definition = { coreParts: [part] };`;
    const parts = await load('a.mjs', `${code} export const recipes = [{ definition }, { definition }];`);
    expect(parts).toHaveLength(1);
  });

  it.each([
    [
      'without the export',
      'export const others = [];',
      /^--recipes: \S+a\.mjs exports no recipes\. Write: export const/,
    ],
    [
      'with something else',
      'export const recipes = 7;',
      /exports recipes of type number\. Write: export const recipes = \[/,
    ],
    [
      'with a recipe without init',
      'export const recipes = [{ init() {} }];',
      /recipes\[0\] of \S+ was not made by init/,
    ],
    ['that throws', `throw new Error('no PORT');`, /^--recipes: \S+a\.mjs cannot be loaded: no PORT$/],
    [
      'with two parts of one id',
      `export const recipes = [1, 2].map(() => ({ definition: { coreParts: [${PART}] } }));`,
      /^Two core parts have the id notes\. Give one of them another id/,
    ],
  ])('says what is wrong with a module %s', async (_, code, message) => {
    await expect(load('a.mjs', code)).rejects.toThrow(message);
  });

  it('says where it looked for a file', async () => {
    const file = folder.path('missing.js');
    await expect(loadCoreParts(file)).rejects.toThrow(
      `--recipes: there is no file ${file}. Compile the application first`,
    );
  });
});
