import { AsyncLocalStorage } from 'node:async_hooks';
import type { TransactionScope } from './transaction-scope.js';

/**
 * The transactions that the running code is in, one for each database at most. All databases share this one store: before
 * Node 24, every promise of the process pays for each store that was ever used, and a closed database cannot take its own
 * away again without harm to what still runs.
 */
const scopes = new AsyncLocalStorage<ReadonlyMap<object, TransactionScope> | undefined>();

export function currentScope(database: object): TransactionScope | undefined {
  return scopes.getStore()?.get(database);
}

/** Runs `work` in a transaction of that database; without a scope, outside of any of its transactions. */
export function runInScope<T>(database: object, scope: TransactionScope | undefined, work: () => T): T {
  const current = new Map(scopes.getStore());
  if (scope === undefined) current.delete(database);
  else current.set(database, scope);
  return scopes.run(current.size === 0 ? undefined : current, work);
}
