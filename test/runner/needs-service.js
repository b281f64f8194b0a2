// Which test files need a service of the run (test/runner/services.js): those whose imports lead to one.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('../', import.meta.url));
/** What hands services out, and what starts a PostgreSQL of its own. */
const SOURCES = ['run-service.ts', 'postgres-server.ts'].map((name) =>
  fileURLToPath(new URL(`../support/${name}`, import.meta.url)),
);
const IMPORT = /^(?:import|export) (?!type )(?:[^;]*? from )?'(\.[^']+)';$|\bimport\('(\.[^']+)'\)/gm;
const known = new Map();

/** @param file absolute path of a module in TypeScript */
export function needsService(file) {
  if (SOURCES.includes(file)) return true;
  if (!known.has(file)) {
    // Until it is known: modules may import each other.
    known.set(file, false);
    known.set(file, isOfTests(file) && importsOf(file).some(needsService));
  }
  return known.get(file);
}

/** The library imports nothing of its tests. */
function isOfTests(file) {
  return file.startsWith(tests) || file.endsWith('.spec.ts');
}

function importsOf(file) {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, before, inside]) => before ?? inside);
  const files = specifiers.map((specifier) => resolve(dirname(file), specifier.replace(/\.js$/, '.ts')));
  return files.filter((path) => path.endsWith('.ts') && existsSync(path));
}
