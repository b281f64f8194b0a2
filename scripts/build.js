// Builds the library, also as CommonJS, and the sample from TypeScript, the page of the dashboard and those of the sample;
// with --if-changed only where a source has changed since.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from './build-dashboard.js';
import { buildWebPage } from './build-web-page.js';
import { digestOfDist, isDistCurrent, noteDistBuiltFrom } from './built-dist.js';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

if (process.argv.includes('--if-changed') && isDistCurrent()) process.exit();
const digest = digestOfDist();

rmSync('dist', { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const commands = [[tsc, '-p', 'tsconfig.build.json'], ['scripts/bundle-modules.js'], ['scripts/build-commonjs.js']];
for (const command of commands) {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

await buildDashboard('dist/dashboard');
await buildWebPage('dist/sample-app/web');
noteDistBuiltFrom(digest);
