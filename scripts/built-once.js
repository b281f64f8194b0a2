import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Fills a folder with what `build` makes of sources, unless it has made it of the same ones before: then it is a copy.
 * @param {object} options
 * @param {string} options.name of the cache
 * @param {string} options.sources a folder, from the root on
 * @param {string[]} options.packages whose versions decide what is built, too
 * @param {string} options.script the URL of the script that builds
 * @param {(folder: string) => Promise<void>} options.build
 * @param {string} folder
 */
export async function builtOnce({ name, sources, packages, script, build }, folder) {
  const cache = join(root, 'node_modules/.cache', name);
  const built = join(cache, digestOf({ sources, packages, script }));
  if (!existsSync(built)) {
    const unfinished = `${built}.${process.pid}`;
    await build(unfinished);
    for (const older of readdirSync(cache)) {
      if (!older.includes('.')) rmSync(join(cache, older), { recursive: true, force: true });
    }
    renameSync(unfinished, built);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  cpSync(built, folder, { recursive: true });
}

function digestOf({ sources, packages, script }) {
  const files = readdirSync(join(root, sources), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const manifests = packages.map((name) => join(root, 'node_modules', name, 'package.json'));
  const hash = createHash('sha256');
  for (const file of [...files.sort(), ...manifests, fileURLToPath(script)]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
