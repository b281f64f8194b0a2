import type { Kysely } from 'kysely';

/** @returns what the driver itself works with: a pg client, a database of better-sqlite3 or node:sqlite */
export async function driverHandleOf(transaction: Kysely<unknown>): Promise<object> {
  return transaction
    .getExecutor()
    .provideConnection(async (connection) => (connection as unknown as { handle: object }).handle);
}

const ENDING = new Set<PropertyKey>(['release', 'end', 'close']);

/**
 * The same handle, for as long as its transaction lasts. Afterwards it serves another one, and a statement
 * that came late would write into that.
 */
export function lendHandle(handle: object, assertOpen: () => void): object {
  return new Proxy(handle, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        assertOpen();
        if (ENDING.has(key)) {
          throw new Error(
            `The connection is lent for a transaction, which ends it itself. Do not call ${String(key)}()`,
          );
        }
        return value.apply(target, args) as unknown;
      };
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}
