import type { Dialect, Kysely, RawBuilder } from 'kysely';
import type { ChangeSignals } from './change-signals.js';
import type { TableDialect } from './migration.js';
import type { Tables } from './tables.js';

/** What differs between the databases beyond what Kysely evens out. */
export interface StorageDialect {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** False where only one transaction can write at a time anyway: statements then lose their `for update`. */
  readonly hasRowLocks: boolean;
  /** What migrations write their tables with. */
  readonly tableDialect: TableDialect;
  readonly kysely: Pick<Dialect, 'createAdapter' | 'createQueryCompiler' | 'createIntrospector'>;
  readonly revocationOrder: RowOrder;

  /** The core's own tables among those that `db` reaches, and those of recipes beside them, with values as `Tables` says. */
  ownTables<OwnTables = Tables>(db: Kysely<unknown>): Kysely<OwnTables>;
  hasOwnTable(db: Kysely<unknown>, table: string): Promise<boolean>;

  /**
   * Runs `work` in a transaction that keeps others from migrating meanwhile, where the database can.
   * @throws whatever `work` throws, after a rollback
   */
  migrationTransaction<T>(db: Kysely<unknown>, work: (transaction: Kysely<unknown>) => Promise<T>): Promise<T>;
  /** Makes what the table of migrations needs, and the table. Does nothing where it is there. */
  createMigrationTable(db: Kysely<unknown>): Promise<void>;
  /** Whether an error, also one that the driver gave to the application, is the end of a whole transaction by another. */
  isConflict(error: unknown): boolean;
  /** @returns what to throw instead of an error of migrating: one that says what to do, where that is known */
  explain(error: unknown): unknown;
}

/** The order in which readers find rows that several transactions write at once. */
export interface RowOrder {
  /** The position of a row that is written now. */
  readonly next: RawBuilder<number | string>;
  /** Whatever a reader does not see yet has this position or a greater one, however late it is committed. */
  readonly horizon: RawBuilder<number | string>;
}

export interface OpenedDatabase {
  readonly dialect: StorageDialect;
  /** All that the connection reaches; where the application's tables are, too. */
  readonly kysely: Kysely<unknown>;
  /** The same without a time limit for statements. */
  readonly unlimited: Kysely<unknown>;
  /** In words, without secrets: `localhost:5432, database app, schema latchkey`. */
  readonly description: string;
  /** How the command line is told about it; without secrets. */
  readonly cliArguments: string;
  /** Whether no other process can have it open. */
  readonly isPrivate: boolean;
  /** How processes hear of each other; absent where each has to look. */
  readonly signals?: ChangeSignals;
}
