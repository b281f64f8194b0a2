// Lets Node load the TypeScript sources, in processes that run no tests: those have module-graphs.cjs.
// `module.register` runs these hooks in a thread of their own.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.cjs';
import { resolveSource, root } from './resolution.cjs';

export function resolve(specifier, context, nextResolve) {
  const url = resolveSource(specifier, context.parentURL ?? '');
  return url === undefined ? nextResolve(specifier, context) : { url, format: 'module', shortCircuit: true };
}

export function load(url, context, nextLoad) {
  const { pathname, href } = new URL(url);
  if (!href.startsWith(root) || !pathname.endsWith('.ts')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: compiled(path, readFileSync(path, 'utf8')).code, shortCircuit: true };
}
