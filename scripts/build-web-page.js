import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { overrideSources } from './override-sources.js';

const sample = fileURLToPath(new URL('../sample-app/', import.meta.url));
const source = join(sample, 'web');

/** Builds the sample's web page into a folder: its script is one file. */
export async function buildWebPage(folder) {
  await build({
    entryPoints: [join(source, 'main.ts')],
    outfile: join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'style.css']) cpSync(join(source, file), join(folder, file));
  writeFileSync(join(folder, 'overrides.json'), JSON.stringify(overrideSources(sample)));
}
