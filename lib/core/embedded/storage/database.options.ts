import type { PostgresPool, PostgresPoolConfig } from '../../postgres-pool.types.js';

interface MigrationOptions {
  /**
   * `auto` brings the tables up to date at boot; `check` refuses to boot over older ones, and leaves it to
   * `npx latchkey migrate`.
   * @default 'auto'
   */
  migrations?: 'auto' | 'check';
}

/** Tables in a file of SQLite. */
export interface SqliteDatabaseOptions extends MigrationOptions {
  /** Path of the database file, made when it is not there, or `:memory:`. */
  sqlite: string;
}

/** Tables in a schema of PostgreSQL. */
export interface PostgresDatabaseOptions extends MigrationOptions {
  /**
   * A connection string (`postgres://…`), what `new pg.Pool()` takes, or a `pg.Pool` of the application, which
   * is never ended here. It may be what an environment variable holds: without a value the boot says so.
   */
  postgres: string | PostgresPoolConfig | PostgresPool | undefined;
  /** Where the tables are; one for each app. Made when it is not there. @default 'latchkey' */
  schema?: string;
  /** After how long a statement is given up, in milliseconds. @default 10000 */
  statementTimeoutMs?: number;
}

/** Where the data is. */
export type EmbeddedDatabaseOptions = SqliteDatabaseOptions | PostgresDatabaseOptions;
