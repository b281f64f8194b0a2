// Builds the library, also as CommonJS, and the sample from TypeScript, the page of the dashboard and that of the sample.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from './build-dashboard.js';
import { buildWebPage } from './build-web-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

rmSync('dist', { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
for (const command of [[tsc, '-p', 'tsconfig.build.json'], ['scripts/build-commonjs.js']]) {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

await buildDashboard('dist/dashboard');
await buildWebPage('dist/sample-app/web');
