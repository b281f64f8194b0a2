// Builds dist/commonjs from the bundled modules in dist: what a module system gets that cannot require ES modules, such as Jest's.
// Every sub-path of the package is an entry; they share chunks, so that each class is there once. docs/decisions/0037
// Argument: the folder dist
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages, licensesOf } from './licenses.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
const outdir = join(dist, 'commonjs');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Dependencies without a CommonJS form, which become part of the build. */
const ESM_ONLY = ['jose', 'openid-client'];

/** The modules of the package's sub-paths, below dist. */
const entries = Object.entries(manifest.exports).flatMap(([path, target]) => {
  if (typeof target === 'string') return [];
  if (target.require !== undefined) return [relative('dist', target.default.default)];
  throw new Error(
    `exports of package.json have ${path} for import only. Write it as the other sub-paths, with require.`,
  );
});

const shared = { absWorkingDir: dist, outdir, platform: 'node', target: 'node20', logLevel: 'warning' };
const { metafile } = await build({
  ...shared,
  entryPoints: entries,
  outbase: dist,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  // Only ES modules can share chunks. The second step makes CommonJS of them.
  format: 'esm',
  splitting: true,
  keepNames: true,
  metafile: true,
  external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
    (name) => !ESM_ONLY.includes(name),
  ),
  nodePaths: [join(root, 'node_modules')],
});
// esbuild reads here that a default import is module.exports, as Node has it in an ES module.
writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }\n');
await build({
  ...shared,
  entryPoints: Object.keys(metafile.outputs),
  outbase: outdir,
  allowOverwrite: true,
  format: 'cjs',
  // Jest has no import() without a flag of Node.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__filename' },
});
writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
const licenses = licensesOf(bundledPackages(Object.keys(metafile.inputs)));
const licensesOfModules = readFileSync(join(dist, 'lib/chunks/LICENSES.txt'), 'utf8');
writeFileSync(join(outdir, 'LICENSES.txt'), `${licenses}\n\n${licensesOfModules}`);
declareTypes();

/** The types are those of the ES modules, so that a program that sees both sees one class. */
function declareTypes() {
  for (const file of entries) {
    const types = join(outdir, file.replace(/\.js$/, '.d.ts'));
    writeFileSync(types, `export * from '${relative(dirname(types), join(dist, file)).replaceAll('\\', '/')}';\n`);
  }
}
