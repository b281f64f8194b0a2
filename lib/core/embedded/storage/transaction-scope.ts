import type { ControlledTransaction, Kysely } from 'kysely';
import { driverHandleOf, lendHandle } from './driver-handle.js';
import type { OpenedDatabase } from './storage-dialect.js';
import type { Tables } from './tables.js';

/** One transaction, from the call that opens it to its end; begun in the database when first asked for. */
export class TransactionScope {
  readonly afterCommit: (() => void | Promise<void>)[] = [];
  private begun: Promise<ControlledTransaction<unknown>> | undefined;
  private coreTables: Promise<Kysely<Tables>> | undefined;
  private lent: Promise<object> | undefined;
  private ended = false;
  private innerFailure: { error: unknown } | undefined;

  constructor(private readonly database: OpenedDatabase) {}

  async join<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    try {
      return await work();
    } catch (error) {
      this.innerFailure ??= { error };
      throw error;
    }
  }

  async connection(): Promise<Kysely<unknown>> {
    this.assertOpen();
    this.begun ??= this.database.kysely.startTransaction().execute();
    return this.begun;
  }

  /** The core's own tables in it. */
  async tables(): Promise<Kysely<Tables>> {
    this.assertOpen();
    this.coreTables ??= this.connection().then((connection) => this.database.dialect.ownTables(connection));
    return this.coreTables;
  }

  /** What the driver itself works with. */
  async driverHandle(): Promise<object> {
    this.assertOpen();
    this.lent ??= this.connection()
      .then(driverHandleOf)
      .then((handle) => lendHandle(handle, () => this.assertOpen()));
    return this.lent;
  }

  /** Something that outlived its transaction would otherwise write outside of it, unnoticed. */
  assertOpen(): void {
    if (!this.ended) return;
    throw new Error(
      'A statement came after its transaction had ended. Await every call inside transaction(), ' +
        'or hand later work to afterCommit().',
    );
  }

  async commit(): Promise<void> {
    this.ended = true;
    if (this.innerFailure !== undefined) {
      await this.rollback();
      throw new Error(
        'The transaction was rolled back because a transaction() inside it failed. Let that error through.',
        { cause: this.innerFailure.error },
      );
    }
    if (this.begun === undefined) return;
    const transaction = await this.begun;
    try {
      await transaction.commit().execute();
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  /** Never throws: the reason for rolling back is what the caller has to see. */
  async rollback(): Promise<void> {
    this.ended = true;
    try {
      const transaction = await this.begun;
      await transaction?.rollback().execute();
    } catch {
      // A connection that cannot roll back has lost the transaction already.
    }
  }
}
