// The library as npm would publish it, built beside the repository so that no other build is disturbed.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildDashboard } from '../../scripts/build-dashboard.js';
import { isDistCurrent } from '../../scripts/built-dist.js';
import { builtOnce } from '../../scripts/built-once.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const PROJECT = 'test/runner/tsconfig.package.json';
/** Without the sample and the benchmarks. The compiler takes most of the time. */
const compiledLibrary = {
  name: 'latchkey-compiled-library',
  sources: ['lib', 'src', 'tsconfig.json', 'tsconfig.build.json', PROJECT, 'package-lock.json'],
  packages: ['typescript'],
  script: 'test/runner/pack-library.js',
  async build(folder) {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    // The lint step checks the types.
    await run(process.execPath, [tsc, '-p', join(root, PROJECT), '--noCheck', '--outDir', folder]);
  },
};
const COPIED = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'test', 'lib', 'tsconfig.json'];
/** What is kept: the tarball, whose own name has the version in it, and a list of the paths in it. */
const TARBALL = 'latchkey.tgz';
const PATHS = 'paths.json';

/**
 * Once for the same sources.
 * @param folder that holds the tarball afterwards
 * @returns the path of the tarball, and the paths in it, sorted
 */
export async function packLibrary(folder) {
  await builtOnce(packedLibrary, folder);
  const files = JSON.parse(readFileSync(join(folder, PATHS), 'utf8'));
  return { tarball: join(folder, TARBALL), files };
}

const packedLibrary = {
  name: 'latchkey-packed-library',
  // Of the tests npm takes nothing, whatever is in them.
  sources: [...compiledLibrary.sources, ...COPIED.filter((name) => name !== 'test'), 'scripts', 'dashboard'],
  packages: ['typescript', 'esbuild', 'rolldown', 'vite', 'preact'],
  script: 'test/runner/pack-library.js',
  build: pack,
};

async function pack(folder) {
  const source = await mkdtemp(join(tmpdir(), 'latchkey-source-'));
  const dist = join(source, 'dist');
  try {
    await Promise.all(COPIED.map((name) => cp(join(root, name), join(source, name), { recursive: true })));
    if (!(await copyDist(dist))) await buildDist(dist);
    await buildDashboard(join(dist, 'dashboard'));
    await mkdir(folder, { recursive: true });
    const options = ['--json', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await run('npm', ['pack', ...options], { cwd: source });
    const [{ filename, files }] = JSON.parse(stdout);
    await rename(join(folder, filename), join(folder, TARBALL));
    await writeFile(join(folder, PATHS), JSON.stringify(files.map(({ path }) => path).sort()));
  } finally {
    await rm(source, { recursive: true, force: true });
  }
}

/** `npm run build` may have made all of it. @returns false where it has not, or makes it again meanwhile */
async function copyDist(dist) {
  if (!isDistCurrent()) return false;
  try {
    for (const name of ['lib', 'src', 'commonjs']) {
      await cp(join(root, 'dist', name), join(dist, name), { recursive: true });
    }
    if (isDistCurrent()) return true;
  } catch {
    // Somebody has just taken it away.
  }
  await rm(dist, { recursive: true, force: true });
  return false;
}

async function buildDist(dist) {
  await builtOnce(compiledLibrary, dist);
  await run(process.execPath, [join(root, 'scripts/bundle-modules.js'), dist]);
  await run(process.execPath, [join(root, 'scripts/build-commonjs.js'), dist]);
}
