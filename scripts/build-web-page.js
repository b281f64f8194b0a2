import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildLoginPage } from './build-login-page.js';
import { overrideSources } from './override-sources.js';

const sample = fileURLToPath(new URL('../sample-app/', import.meta.url));
const source = join(sample, 'web');

/** Builds the sample's pages into a folder: the script of each is one file. */
export async function buildWebPage(folder) {
  await build({
    entryPoints: [join(source, 'main.ts'), join(source, 'front.ts')],
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'front.html', 'style.css', 'front.css']) {
    cpSync(join(source, file), join(folder, file));
  }
  await buildLoginPage(join(folder, 'login'));
  writeFileSync(join(folder, 'overrides.json'), JSON.stringify(overrideSources(sample)));
}
