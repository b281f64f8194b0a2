import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';
import { TransactionScope } from './transaction-scope.js';

/**
 * The connection of the embedded core, for writes of the application that must be kept together with
 * those of a recipe:
 *
 * ```ts
 * await this.database.transaction(async () => {
 *   await super.signUp(input);
 *   const db = await this.database.current<MyTables>();
 *   await db.insertInto('profiles').values({ … }).execute();
 * });
 * ```
 */
export class AuthDatabase {
  private readonly scopes = new AsyncLocalStorage<TransactionScope | undefined>();

  constructor(private readonly database: Kysely<Tables>) {}

  /** True when the caller stands inside `transaction`, whether or not it has made a statement yet. */
  get inTransaction(): boolean {
    return this.scopes.getStore() !== undefined;
  }

  /**
   * Runs `work`; what it writes through `current()` or through the core is kept as a whole or not at all.
   * The transaction begins with the first statement, so slow work before it holds no connection. A call
   * inside another one joins it; if the inner one throws, the whole is rolled back even where the error
   * is caught, since half of its writes may be there already.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.scopes.getStore();
    if (outer !== undefined) return outer.join(work);

    const scope = new TransactionScope(this.database);
    let result: T;
    try {
      result = await this.scopes.run(scope, work);
    } catch (error) {
      await scope.rollback();
      throw error;
    }
    await scope.commit();
    await this.scopes.run(undefined, () => runAll(scope.afterCommit));
    return result;
  }

  /**
   * Runs `callback` after the transaction of the caller was committed, and never if it was rolled back;
   * outside a transaction at once. All callbacks run; the first error among them then reaches the caller
   * of `transaction`, whose writes stay.
   */
  async afterCommit(callback: () => void | Promise<void>): Promise<void> {
    const scope = this.scopes.getStore();
    if (scope === undefined) return callback();
    scope.assertOpen();
    scope.afterCommit.push(callback);
  }

  /** The transaction of the calling async context, or the plain database outside of one. */
  async current<Database = Tables>(): Promise<Kysely<Database>> {
    const scope = this.scopes.getStore();
    const connection: unknown = scope === undefined ? this.database : await scope.connection();
    return connection as Kysely<Database>;
  }

  async close(): Promise<void> {
    await this.database.destroy();
  }
}

async function runAll(callbacks: (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const callback of callbacks) {
    try {
      await callback();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
