import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../sample-app/web/', import.meta.url));

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
}
