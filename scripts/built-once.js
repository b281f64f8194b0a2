import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOfSources } from './digest-of-sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Fills a folder with what `build` makes of sources, unless it has made it of the same ones before: then it is a copy.
 * @param {object} options
 * @param {string} options.name of the cache
 * @param {string | string[]} options.sources folders and files, from the root on
 * @param {string[]} options.packages whose versions decide what is built, too
 * @param {string} options.script that builds
 * @param {(folder: string) => Promise<void>} options.build
 * @param {string} folder
 */
export async function builtOnce({ name, sources, packages, script, build }, folder) {
  const manifests = packages.map((name) => `node_modules/${name}/package.json`);
  const cache = join(root, 'node_modules/.cache', name);
  const built = join(cache, digestOfSources([...[sources].flat(), ...manifests, script]));
  if (!existsSync(built)) {
    const unfinished = `${built}.${process.pid}`;
    await build(unfinished);
    for (const older of readdirSync(cache)) {
      if (!older.includes('.')) rmSync(join(cache, older), { recursive: true, force: true });
    }
    try {
      renameSync(unfinished, built);
    } catch (error) {
      // Somebody else has built it meanwhile.
      if (!existsSync(built)) throw error;
      rmSync(unfinished, { recursive: true });
    }
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  cpSync(built, folder, { recursive: true });
}
