// The scripts that tests run in a process of their own: the sample, and `test/support/children`. Types are not checked
// here, and what is published is not made here: `npm run lint` and `test/package` look after that.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtOnce } from '../../scripts/built-once.js';
import { buildWebPage } from '../../scripts/build-web-page.js';
import { compiled } from './compiled.cjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const compiledFolder = join(root, 'node_modules/.cache/latchkey-compiled-folders');
const children = join(root, 'test/support/children');
/** One with a binary, and those that NestJS and pg look for and do not find. */
const EXTERNAL = [
  'better-sqlite3',
  'pg-native',
  'class-transformer',
  'class-validator',
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  // It serves files that lie beside its own.
  'swagger-ui-dist',
  'swagger-ui-dist/*',
];
/**
 * NestJS looks for these at each start. Found outside of the bundle, they load all of NestJS and RxJS once more, file by
 * file: half of the start of a process. To scripts they are not installed.
 */
const NOT_INSTALLED = {
  name: 'not installed',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@nestjs\/(microservices|websockets)(\/|$)/ }, ({ path }) => ({ path, namespace: 'none' }));
    onLoad({ filter: /.*/, namespace: 'none' }, ({ path }) => ({
      contents: `throw Object.assign(new Error('${path} is not installed'), { code: 'ERR_MODULE_NOT_FOUND' });`,
    }));
  },
};
/** `@nestjs/terminus` requires `@nestjs/swagger` in a way that hides it from the bundler: it would load as much from outside. */
const HEALTH_CHECKS = {
  name: 'health checks',
  setup({ onLoad }) {
    onLoad({ filter: /@nestjs\/terminus\/.*\/health-check\.decorator\.js$/ }, ({ path }) => {
      const hidden = 'const require = createRequire(import.meta.url);';
      const source = readFileSync(path, 'utf8');
      if (!source.includes(hidden)) throw new Error(`${path} requires @nestjs/swagger in another way`);
      return { contents: source.replace(hidden, '') };
    });
  },
};
/**
 * Packages with binaries stay where they are. To `import` one, Node reads all of it for its names first. better-sqlite3 is
 * imported all the same: test/versions hides it from imports.
 */
const WITH_BINARIES = {
  name: 'with binaries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@node-rs\/\w+$/ }, ({ path, namespace }) =>
      namespace === 'required' ? { path, external: true } : { path, namespace: 'required' },
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `const required = require('${path}'); export default required; export const { hash, verify } = required;`,
    }));
  },
};
/** What the tests import by its path is the library that `latchkey` stands for, or a process loads it twice. */
const LIBRARY_ONCE = {
  name: 'library once',
  setup({ onResolve }) {
    const library = join(root, 'lib/');
    onResolve({ filter: /^\..*\/lib\/.*\.js$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      return file.startsWith(library) ? { path: join(compiledFolder, 'lib', file.slice(library.length)) } : undefined;
    });
  },
};
/** A third of zod, for a start that needs English. */
const ENGLISH_ONLY = {
  name: 'English only',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js'`,
    }));
  },
};
/** As in the tests' own process (test/runner/resolution.cjs). */
const POOLED_KEYS = {
  name: 'pooled keys',
  setup({ onResolve }) {
    const support = join(root, 'test/support');
    onResolve({ filter: /^\.\/rsa-key-pair\.js$/ }, () => ({ path: join(root, 'test/runner/pooled-rsa-key-pair.js') }));
    onResolve({ filter: /\/kept-rsa-key-pair\.js$/ }, () => ({ path: join(support, 'kept-rsa-key-pair.ts') }));
  },
};
/** What packages in CommonJS use, and modules lack. */
const BANNER = [
  `import { createRequire as createRequireOfChunk } from 'node:module';`,
  `import { fileURLToPath as pathOfChunk } from 'node:url';`,
  `const require = createRequireOfChunk(import.meta.url);`,
  `const __filename = pathOfChunk(import.meta.url);`,
  `const __dirname = pathOfChunk(new URL('.', import.meta.url));`,
  // Beside the folder of the scripts, wherever the repository is by then.
  `const keysOfChunk = __dirname.replace(/latchkey-scripts.*/s, 'latchkey-keys');`,
].join('\n');

/**
 * Bundles them with the packages they import: Node takes more than a second to load those one by one, and tests start
 * some fifty processes. Runs of the same sources share them.
 * @param folder inside node_modules, so that packages with binaries are found
 */
export function buildScripts(folder) {
  return builtOnce(scripts, folder);
}

const scripts = {
  name: 'latchkey-scripts',
  sources: ['lib', 'src', 'sample-app', 'scripts', 'test', 'tsconfig.json', 'package-lock.json'],
  packages: ['esbuild'],
  script: 'test/runner/build-scripts.js',
  build: bundleScripts,
};

async function bundleScripts(folder) {
  compileSources();
  const entryPoints = { 'sample-app/main': join(compiledFolder, 'sample-app/main.js') };
  for (const file of readdirSync(children)) entryPoints[`children/${basename(file, '.ts')}`] = join(children, file);
  await build({
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    keepNames: true,
    // Each process reads all of it.
    minify: true,
    legalComments: 'none',
    banner: { js: BANNER },
    external: EXTERNAL,
    plugins: [NOT_INSTALLED, HEALTH_CHECKS, WITH_BINARIES, LIBRARY_ONCE, ENGLISH_ONLY, POOLED_KEYS],
    define: { 'process.env.LATCHKEY_TEST_KEYS': 'keysOfChunk' },
    alias: {
      latchkey: join(compiledFolder, 'lib/index.js'),
      'latchkey/recipe-kit': join(compiledFolder, 'lib/recipe-kit.js'),
      'latchkey/testing': join(compiledFolder, 'lib/testing/index.js'),
      'latchkey/graphql': join(compiledFolder, 'lib/graphql/index.js'),
      'latchkey/websockets': join(compiledFolder, 'lib/websockets/index.js'),
      'latchkey/microservices': join(compiledFolder, 'lib/microservices/index.js'),
    },
    logLevel: 'error',
  });
  await buildWebPage(join(folder, 'sample-app/web'));
}

/** By the compiler of the tests: esbuild does not write the types down that Nest injects by. */
function compileSources() {
  for (const folder of ['lib', 'sample-app']) {
    for (const file of readdirSync(join(root, folder), { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || /^(?:web|login)\//.test(file)) continue;
      const path = join(root, folder, file);
      const { code } = compiled(path, readFileSync(path, 'utf8'));
      write(join(compiledFolder, folder, file.replace(/\.ts$/, '.js')), code);
    }
  }
}

/** Renamed into its place: another run may be reading. */
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
