// The library as npm would publish it, built beside the repository so that no other build is disturbed.
import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildDashboard } from '../../scripts/build-dashboard.js';
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

/**
 * @param folder that holds the sources and the tarball afterwards
 * @returns the path of the tarball, and the paths in it, sorted
 */
export async function packLibrary(folder) {
  const source = join(folder, 'source');
  const dist = join(source, 'dist');
  await mkdir(source, { recursive: true });
  await Promise.all(COPIED.map((name) => cp(join(root, name), join(source, name), { recursive: true })));
  await builtOnce(compiledLibrary, dist);
  await run(process.execPath, [join(root, 'scripts/bundle-modules.js'), dist]);
  await run(process.execPath, [join(root, 'scripts/build-commonjs.js'), dist]);
  await buildDashboard(join(dist, 'dashboard'));
  const options = ['--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', ['pack', ...options], { cwd: source });
  const [{ filename, files }] = JSON.parse(stdout);
  return { tarball: join(folder, filename), files: files.map(({ path }) => path).sort() };
}
