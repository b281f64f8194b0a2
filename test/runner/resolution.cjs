// Which file an import of ours means, for module-graphs.cjs and for the hooks of Node's loader.
const { existsSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

const root = pathToFileURL(`${__dirname}/../../`).href;
const runner = (name) => pathToFileURL(`${__dirname}/${name}`).href;
const RSA_KEY_PAIR = `${root}lib/core/embedded/rsa-key-pair`;
const POOLED_RSA_KEY_PAIR = runner('pooled-rsa-key-pair.js');
const STORAGE = `${root}lib/core/embedded/storage/open-storage.ts`;
const STORAGE_WITH_TABLES = runner('storage-with-tables.js');
const REPLACED = {
  latchkey: `${root}lib/index.ts`,
  'latchkey/testing': `${root}lib/testing/index.ts`,
  'latchkey/graphql': `${root}lib/graphql/index.ts`,
  'latchkey/websockets': `${root}lib/websockets/index.ts`,
  'latchkey/microservices': `${root}lib/microservices/index.ts`,
  'latchkey/recipe-kit': `${root}lib/recipe-kit.ts`,
  'latchkey/core-service': `${root}src/index.ts`,
};

exports.root = root;

/**
 * @param parent URL of the module that imports
 * @returns the URL of the TypeScript source, or of what replaces it; undefined where Node resolves it
 */
exports.resolveSource = function resolveSource(specifier, parent) {
  if (!parent.startsWith(root) || parent.startsWith(`${root}node_modules/`)) return undefined;
  if (Object.hasOwn(REPLACED, specifier)) return REPLACED[specifier];
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const { href } = new URL(specifier, parent);
  const source = href.replace(/\.js$/, '.ts');
  if (source === href || !existsSync(new URL(source))) return undefined;
  if (source === `${RSA_KEY_PAIR}.ts` && parent !== `${RSA_KEY_PAIR}.spec.ts`) return POOLED_RSA_KEY_PAIR;
  if (source === STORAGE && parent === `${root}lib/core/parts/embedded-core.ts`) return STORAGE_WITH_TABLES;
  return source;
};
