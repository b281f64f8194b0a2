// Makes few files of the modules in dist, which Node loads faster: the sub-paths of the package and its command are entries that share
// chunks, so that each class is there once. docs/decisions/0046
// Argument: the folder dist
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundledPackages, licensesOf } from './licenses.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Dependencies of many modules, of which we use few, and which become part of the package. */
const BUNDLED = ['kysely', 'zod'];
/** Their folder, from dist. */
const CHUNKS = 'lib/chunks';

const external = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
  (name) => !BUNDLED.includes(name),
);

const modules = ['lib', 'src'].flatMap((folder) =>
  readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(folder, file)),
);
const entries = [
  ...Object.values(manifest.exports).flatMap((target) => target.default?.default ?? []),
  ...Object.values(manifest.bin),
].map((path) => relative('dist', path));

const chunks = chunksOf(await bundle(entries));
// A second time with every module as an entry, in the same chunks: at the path of a module stays one that exports the same from its
// chunk. Benchmarks import such, and the application that they measure imports the package.
const output = await bundle(modules, {
  includeDependenciesRecursively: false,
  groups: [{ name: (id) => chunks.get(id) ?? null, debugName: 'as before' }],
});
for (const file of modules) rmSync(join(dist, file));
mkdirSync(join(dist, CHUNKS));
for (const { fileName, code } of output) writeFileSync(join(dist, fileName), code);
writeFileSync(join(dist, CHUNKS, 'LICENSES.txt'), licensesOf(bundledPackages([...chunks.keys()])));

async function bundle(input, codeSplitting = true) {
  const bundled = await rolldown({
    cwd: dist,
    input: Object.fromEntries(input.map((file) => [file.replace(/\.js$/, ''), join(dist, file)])),
    platform: 'node',
    external: (id) => id.startsWith('node:') || external.some((name) => id === name || id.startsWith(`${name}/`)),
    resolve: { modules: [join(root, 'node_modules')] },
    preserveEntrySignatures: 'allow-extension',
  });
  const options = { format: 'esm', entryFileNames: '[name].js', chunkFileNames: `${CHUNKS}/[name].js`, codeSplitting };
  return (await bundled.generate({ ...options, comments: false })).output;
}

/** The name of each module's chunk. */
function chunksOf(output) {
  return new Map(
    output.flatMap(({ moduleIds, fileName }) => {
      const name = fileName.startsWith(CHUNKS) ? basename(fileName, '.js') : fileName.slice(0, -3).replaceAll('/', '-');
      return moduleIds.map((id) => [id, name]);
    }),
  );
}
