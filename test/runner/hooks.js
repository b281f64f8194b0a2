// Lets Node itself load the TypeScript sources, so that every test file of a worker shares one module graph.
// `module.register` runs these hooks in a thread of their own.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.cjs';

const root = new URL('../../', import.meta.url).href;
const tests = `${root}test/`;

const RSA_KEY_PAIR = `${root}lib/core/embedded/rsa-key-pair`;
const POOLED_RSA_KEY_PAIR = new URL('pooled-rsa-key-pair.js', import.meta.url).href;
const STORAGE = `${root}lib/core/embedded/storage/open-storage.ts`;
const STORAGE_WITH_TABLES = new URL('storage-with-tables.js', import.meta.url).href;
const REPLACED = {
  latchkey: `${root}lib/index.ts`,
  'latchkey/testing': `${root}lib/testing/index.ts`,
  'latchkey/graphql': `${root}lib/graphql/index.ts`,
  'latchkey/websockets': `${root}lib/websockets/index.ts`,
  'latchkey/microservices': `${root}lib/microservices/index.ts`,
  'latchkey/recipe-kit': `${root}lib/recipe-kit.ts`,
  'latchkey/core-service': `${root}src/index.ts`,
};

export function resolve(specifier, context, nextResolve) {
  const parent = context.parentURL ?? '';
  if (!parent.startsWith(root) || parent.startsWith(`${root}node_modules/`)) return nextResolve(specifier, context);
  const file = new URL(parent).search;
  if (specifier === '@jest/globals') return found(new URL(`globals.js${file}`, import.meta.url).href);
  if (Object.hasOwn(REPLACED, specifier)) return found(REPLACED[specifier]);
  if (!/^\.{1,2}\//.test(specifier)) return nextResolve(specifier, context);
  const url = new URL(specifier, parent);
  const source = new URL(url.href.replace(/\.js$/, '.ts'));
  if (source.href === url.href || !existsSync(source)) return nextResolve(specifier, context);
  if (source.href === `${RSA_KEY_PAIR}.ts` && !parent.startsWith(`${RSA_KEY_PAIR}.spec.ts`))
    return found(POOLED_RSA_KEY_PAIR);
  if (source.href === STORAGE && parent === `${root}lib/core/parts/embedded-core.ts`) return found(STORAGE_WITH_TABLES);
  // What a test file imports from the tests' own folder is loaded again for each test file: it may keep state.
  if (url.href.startsWith(tests)) source.search = file;
  return found(source.href);
}

export function load(url, context, nextLoad) {
  const { pathname, href } = new URL(url);
  if (!href.startsWith(root) || !pathname.endsWith('.ts')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: compiled(path, readFileSync(path, 'utf8')).code, shortCircuit: true };
}

function found(url) {
  return { url, format: 'module', shortCircuit: true };
}
