import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/latchkey-dashboard');

/** Builds the page of the dashboard into a folder, unless its sources have been built before: then it is a copy. */
export async function buildDashboard(folder) {
  const built = join(cache, digestOfSources());
  if (!existsSync(built)) await build(built);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  cpSync(built, folder, { recursive: true });
}

async function build(built) {
  const [vite, { default: config }] = await Promise.all([import('vite'), import('../dashboard/vite.config.js')]);
  const unfinished = `${built}.${process.pid}`;
  await vite.build({ ...config, build: { ...config.build, outDir: unfinished } });
  for (const older of readdirSync(cache)) {
    if (!older.includes('.')) rmSync(join(cache, older), { recursive: true, force: true });
  }
  renameSync(unfinished, built);
}

/** Of all that decides what is built: the sources, this script, and the versions of the packages. */
function digestOfSources() {
  const sources = readdirSync(join(root, 'dashboard'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const manifests = ['preact', 'vite'].map((name) => join(root, 'node_modules', name, 'package.json'));
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), ...manifests, fileURLToPath(import.meta.url)]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
