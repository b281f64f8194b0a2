// What the folder dist was built from.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOfSources } from './digest-of-sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
/** An image is built without the benchmarks. */
const SOURCES = [
  'lib',
  'src',
  'sample-app',
  'bench',
  'dashboard',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'package-lock.json',
].filter((path) => existsSync(join(root, path)));
const noted = join(root, 'dist/.built-from');

export const digestOfDist = () => digestOfSources(SOURCES);

/** @returns whether the folder is complete, and no source has changed since */
export function isDistCurrent() {
  return existsSync(noted) && readFileSync(noted, 'utf8') === digestOfDist();
}

/** The last step of a build: one that has failed is not current. */
export function noteDistBuiltFrom(digest) {
  writeFileSync(noted, digest);
}
