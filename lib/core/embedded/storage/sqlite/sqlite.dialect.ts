import { type Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { StorageDialect } from '../storage-dialect.js';
import type { Tables } from '../tables.js';
import { sqliteMigrations } from './migrations/index.js';
import { isBusy } from './sqlite-errors.js';

export const sqliteDialect: StorageDialect = {
  name: 'SQLite',
  hasRowLocks: false,
  migrations: sqliteMigrations,
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  },

  ownTables: (db) => db as Kysely<Tables>,

  async hasOwnTable(db, table) {
    const { rows } = await sql`select 1 from sqlite_master where type = 'table' and name = ${table}`.execute(db);
    return rows.length > 0;
  },

  // A transaction holds the database's only write lock from its beginning.
  migrationTransaction: (db, work) => db.transaction().execute(work),

  async createMigrationTable(db) {
    await db.schema
      .createTable('latchkey_migration')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('applied_at_ms', 'integer', (column) => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
  },

  isConflict: isBusy,
  explain: (error) => error,
};
