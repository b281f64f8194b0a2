import { createHash } from 'node:crypto';
import { type Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import { ConfigurationError } from '../../../auth.error.js';
import type { TableDialect } from '../migration.js';
import { createMigrationTable } from '../migration-table.js';
import type { RowOrder, StorageDialect } from '../storage-dialect.js';
import type { Tables } from '../tables.js';
import { MillisecondsPlugin } from './milliseconds.plugin.js';
import { describe, isConflict, isForbidden, isMadeByAnother, lacksAdvisoryLocks } from './postgres-errors.js';

const ATTEMPTS = 10;

const tableDialect: TableDialect = {
  // By bytes: no index depends on the operating system's collation, which changes with its versions, and ids
  // compare faster.
  text: sql`text collate "C"`,
  bigint: sql`bigint`,
  createTable: (db, table) => db.schema.createTable(table),
};

/**
 * By the number of the writing transaction. A transaction that ends late has a smaller number than others that readers have
 * seen, but none smaller than the oldest that is still running.
 */
const revocationOrder: RowOrder = {
  next: sql<string>`txid_current()`,
  horizon: sql<string>`txid_snapshot_xmin(txid_current_snapshot())`,
};

/** Tables are named with their schema: a search path would be a setting of the session. */
export class PostgresStorageDialect implements StorageDialect {
  readonly name = 'PostgreSQL';
  readonly hasRowLocks = true;
  readonly tableDialect = tableDialect;
  readonly kysely = {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  };
  readonly revocationOrder = revocationOrder;
  private readonly milliseconds = new MillisecondsPlugin();
  private advisoryLocks: boolean | undefined;

  constructor(private readonly schema: string) {}

  ownTables<OwnTables = Tables>(db: Kysely<unknown>): Kysely<OwnTables> {
    return (db as Kysely<OwnTables>).withPlugin(this.milliseconds).withSchema(this.schema);
  }

  async hasOwnTable(db: Kysely<unknown>, table: string): Promise<boolean> {
    const { rows } = await sql`
      select 1 from pg_catalog.pg_class relation
      join pg_catalog.pg_namespace namespace on namespace.oid = relation.relnamespace
      where namespace.nspname = ${this.schema} and relation.relname = ${table}`.execute(db);
    return rows.length > 0;
  }

  /**
   * Under an advisory lock that ends with the transaction. On a database without such locks what remains is
   * the name of the migration, a primary key: the second process waits for it, or finds everything done.
   */
  async migrationTransaction<T>(db: Kysely<unknown>, work: (transaction: Kysely<unknown>) => Promise<T>): Promise<T> {
    this.advisoryLocks ??= await this.probeAdvisoryLocks(db);
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction().execute(async (transaction) => {
          if (this.advisoryLocks) await sql`select pg_advisory_xact_lock(${this.lockKey()})`.execute(transaction);
          return work(transaction);
        });
      } catch (error) {
        if (this.advisoryLocks || !isMadeByAnother(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async createMigrationTable(db: Kysely<unknown>): Promise<void> {
    // Making it takes rights that an application need not have where somebody else has made it.
    const found = await db
      .withTables<{ 'pg_catalog.pg_namespace': { nspname: string } }>()
      .selectFrom('pg_catalog.pg_namespace')
      .select('nspname')
      .where('nspname', '=', this.schema)
      .execute();
    if (found.length === 0) await db.schema.createSchema(this.schema).ifNotExists().execute();
    await createMigrationTable(this.ownTables(db), tableDialect);
  }

  isConflict(error: unknown): boolean {
    return isConflict(error);
  }

  explain(error: unknown): unknown {
    if (!isForbidden(error)) return error;
    return new ConfigurationError(
      `core.postgres: the user may not look after the tables in schema ${this.schema} (${describe(error)}). ` +
        'Grant it, or run npx latchkey migrate up as a user who may, and give this one the rights to use the tables',
      { cause: error },
    );
  }

  private async probeAdvisoryLocks(db: Kysely<unknown>): Promise<boolean> {
    try {
      // Outside of a transaction it is released as soon as it was taken.
      await sql`select pg_try_advisory_xact_lock(${this.lockKey()})`.execute(db);
      return true;
    } catch (error) {
      if (lacksAdvisoryLocks(error)) return false;
      throw error;
    }
  }

  /** Of our own, for each schema, in the space of keys that all users of the database share. */
  private lockKey() {
    const key = createHash('sha256').update(`latchkey migrations ${this.schema}`).digest().readBigInt64BE();
    return sql`${String(key)}::bigint`;
  }
}
