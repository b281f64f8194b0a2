// Lets Node itself load the TypeScript sources, so that every test file of a worker shares one module graph.
// `module.register` runs these hooks in a thread of their own.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled, importsOnce } from './compiled.cjs';
import { resolveSource, root } from './resolution.cjs';

/** Imports packages that an application may lack, at each start of one. */
const NEST_APPLICATION = /\/node_modules\/@nestjs\/core\/nest-application\.js$/;

export function resolve(specifier, context, nextResolve) {
  const url = resolveSource(specifier, context.parentURL ?? '');
  return url === undefined ? nextResolve(specifier, context) : { url, format: 'module', shortCircuit: true };
}

export function load(url, context, nextLoad) {
  const { pathname, href } = new URL(url);
  if (!href.startsWith(root)) return nextLoad(url, context);
  if (NEST_APPLICATION.test(pathname)) return loaded(importsOnce(readFileSync(fileURLToPath(url), 'utf8')));
  if (!pathname.endsWith('.ts')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return loaded(compiled(path, readFileSync(path, 'utf8')).code);
}

function loaded(source) {
  return { format: 'module', source, shortCircuit: true };
}
