// node --import … : as if better-sqlite3 were not installed.
import { register } from 'node:module';

const hooks = `export async function resolve(specifier, context, next) {
  if (specifier !== 'better-sqlite3') return next(specifier, context);
  throw Object.assign(new Error('better-sqlite3 is hidden'), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
