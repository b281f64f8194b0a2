// Builds the library, also as CommonJS, and the sample from TypeScript, the page of the dashboard and those of the sample;
// with --if-changed only where a source has changed since. An image is built without the benchmarks.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from './build-dashboard.js';
import { buildWebPage } from './build-web-page.js';
import { digestOfSources } from './digest-of-sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const SOURCES = [
  'lib',
  'src',
  'sample-app',
  'bench',
  'dashboard',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'package-lock.json',
].filter((path) => existsSync(path));
const digestFile = 'dist/.built-from';
const digest = digestOfSources(SOURCES);
const isCurrent = existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest;
if (isCurrent && process.argv.includes('--if-changed')) process.exit();

rmSync('dist', { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const commands = [[tsc, '-p', 'tsconfig.build.json'], ['scripts/bundle-modules.js'], ['scripts/build-commonjs.js']];
for (const command of commands) {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

await buildDashboard('dist/dashboard');
await buildWebPage('dist/sample-app/web');
// The last thing: a build that has failed is not current.
writeFileSync(digestFile, digest);
