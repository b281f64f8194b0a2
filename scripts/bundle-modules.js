// Bundles the modules in dist into a few files, which Node loads faster: the sub-paths of the package and its command are entries that share
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

/** Dependencies of many modules, of which we use few, and which become part of the package. So do those for development. */
const BUNDLED = ['kysely', 'zod'];
/** One file for what is always loaded, and one for each core, by where their entries are. What two of them need is in the first. */
const FILES = {
  'lib-index': ['lib/index.js'],
  'embedded-core': ['lib/core/parts/embedded-core.js', 'lib/core/embedded/'],
  'remote-core': ['lib/core/parts/remote-core.js', 'lib/core/remote/'],
};
/** It starts without the recipes, and without NestJS: what it needs of such a file is a file of its own. */
const COMMAND = 'src/cli/latchkey.js';
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
// A second time with every module as an entry, in the same chunks: the file at a module's path exports the same from its chunk.
// Benchmarks import those files, and the application that they measure imports the package.
const output = await bundle(modules, {
  includeDependenciesRecursively: false,
  groups: [{ name: (id) => chunks.get(id) ?? null, debugName: 'as before' }],
});
for (const file of modules) rmSync(join(dist, file));
mkdirSync(join(dist, CHUNKS));
for (const { fileName, code } of output) writeFileSync(join(dist, fileName), inAscii(code));
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

/** Node decodes and keeps such a text at half the cost. Other letters are in literals only: the comments are gone. */
function inAscii(code) {
  return code.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The name of each module's chunk: Node needs about a millisecond for each file, whatever is in it. */
function chunksOf(output) {
  const byFile = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const importedFrom = (paths) => {
    const isEntry = ({ facadeModuleId }) => paths.some((path) => facadeModuleId?.startsWith(join(dist, path)));
    return output.filter(isEntry).reduce((found, entry) => importedBy(entry, byFile, found), new Set());
  };
  const ofCommand = importedFrom([COMMAND]);
  const files = new Map();
  for (const [name, paths] of Object.entries(FILES)) {
    for (const chunk of importedFrom(paths)) {
      if (!files.has(chunk)) files.set(chunk, ofCommand.has(chunk) ? `${name}-of-command` : name);
    }
  }
  return new Map(
    output.flatMap((chunk) => {
      const { moduleIds, fileName } = chunk;
      const name = fileName.startsWith(CHUNKS) ? basename(fileName, '.js') : fileName.slice(0, -3).replaceAll('/', '-');
      return moduleIds.map((id) => [id, files.get(chunk) ?? name]);
    }),
  );
}

/** A chunk and those that it imports, and these import. */
function importedBy(chunk, byFile, found) {
  // A package that stays outside has no chunk.
  if (chunk === undefined || found.has(chunk)) return found;
  found.add(chunk);
  for (const file of chunk.imports) importedBy(byFile.get(file), byFile, found);
  return found;
}
