import type { Kysely } from 'kysely';
import type { TransactionOptions } from '../../auth-database.js';

/** The database as a part of the core uses it. */
export interface EngineDatabase {
  /**
   * Runs `work`; what it writes is kept as a whole or not at all. A call inside another one joins it.
   * @param options.repeatable whether `work` may run again from its start where the database took the transaction back
   */
  transaction<T>(work: () => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs `callback` after the caller's transaction was committed, or at once where there is none. */
  afterCommit(callback: () => void | Promise<void>): Promise<void>;
  /**
   * The tables of the part and of the core, in the caller's transaction; named as in the part's migrations. Locks of rows, such as
   * `forUpdate()`, are left out on SQLite, where only one transaction writes at a time anyway.
   */
  tables<Tables>(): Promise<Kysely<Tables>>;
}
