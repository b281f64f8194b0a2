// JavaScript for a TypeScript source, kept in a cache by the source's content.
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const OPTIONS = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
  },
  module: { type: 'es6' },
  sourceMaps: true,
  swcrc: false,
};
const folder = resolve(__dirname, '../../node_modules/.cache/latchkey-compiled');
const version = JSON.stringify(OPTIONS) + require('@swc/core/package.json').version;

/** @returns where the compiled file and its source map are */
function pathsOf(path, source) {
  const key = createHash('sha256').update(version).update('\0').update(path).update('\0').update(source).digest('hex');
  return { code: join(folder, `${key}.js`), map: join(folder, `${key}.js.map`) };
}

/** @returns `code` as text, and the path of its source map */
exports.compiled = function compiled(path, source) {
  const paths = pathsOf(path, source);
  if (existsSync(paths.code)) return { code: readFileSync(paths.code, 'utf8'), map: paths.map };
  const { code, map } = require('@swc/core').transformSync(source, { ...OPTIONS, filename: path });
  mkdirSync(folder, { recursive: true });
  write(paths.map, map);
  write(paths.code, code);
  return { code, map: paths.map };
};

exports.sourceMapOf = function sourceMapOf(path, source) {
  const { map } = pathsOf(path, source);
  return existsSync(map) ? map : undefined;
};

/** Renamed into its place, since other workers may write and read the same file. */
function write(path, text) {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
