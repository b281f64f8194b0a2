import type { CreateTableBuilder, Kysely, RawBuilder } from 'kysely';

/** What the databases call differently in the definition of a table. */
export interface TableDialect {
  /** Text that is compared and sorted by bytes. */
  readonly text: RawBuilder<unknown>;
  /**
   * An integer of 64 bits, such as milliseconds since the Unix epoch. A column of it is read as a number where its name
   * ends in `_ms`; otherwise PostgreSQL's driver yields text. For smaller integers use `'integer'`.
   */
  readonly bigint: RawBuilder<unknown>;
  /** Begins a table whose columns keep nothing but values of their type. Add columns to it, and `execute()` it. */
  createTable<Table extends string>(db: MigrationDatabase, table: Table): CreateTableBuilder<Table>;
}

/** The tables as some migration left them, which is not what the types of today say. */
export type MigrationTables = Record<string, Record<string, unknown>>;

/** Finds the names of tables in the core's own schema of PostgreSQL, or in the file of SQLite. */
export type MigrationDatabase = Kysely<MigrationTables>;

/**
 * One step of the history of tables. It never changes once it was published: databases that have run it do not run
 * it again.
 */
export interface Migration {
  /**
   * Makes the change, the same on every database, in a transaction that is opened and committed around it. It is also
   * printed as a script (`latchkey migrate sql`): it must not read, and values in its statements are literals
   * (`sql.lit`), not parameters.
   */
  up(db: MigrationDatabase, dialect: TableDialect): Promise<void>;
}

/** By name, such as `0001-initial`; names sort in the order they run in. */
export type Migrations = Readonly<Record<string, Migration>>;
