// The sources as JavaScript, for tests that run them in a process of their own. Types are not checked here, and what is
// published is not made here: `npm run lint` and `test/package` look after that.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWebPage } from '../../scripts/build-web-page.js';
import { compiled } from './compiled.cjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = join(root, 'node_modules/.cache/latchkey-built');

/** @returns the folder, with `lib`, `src` and `sample-app` in it, in which `latchkey` is the name of `lib` */
export async function buildForTests() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exports = { '.': './lib/index.js', './testing': './lib/testing/index.js' };
  write(join(built, 'package.json'), JSON.stringify({ name, version, type: 'module', exports }));
  for (const folder of ['lib', 'src', 'sample-app']) {
    for (const file of readdirSync(join(root, folder), { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || file.startsWith('web/')) continue;
      const path = join(root, folder, file);
      const { code } = compiled(path, readFileSync(path, 'utf8'));
      write(join(built, folder, file.replace(/\.ts$/, '.js')), code);
    }
  }
  await buildWebPage(join(built, 'sample-app/web'));
  return built;
}

/** Renamed into its place: another run may be reading. */
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
