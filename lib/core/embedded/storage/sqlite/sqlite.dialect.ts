import {
  type Kysely,
  type SelectModifierNode,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { MigrationDatabase, TableDialect } from '../migration.js';
import { createMigrationTable } from '../migration-table.js';
import type { StorageDialect } from '../storage-dialect.js';
import type { Tables } from '../tables.js';
import { isBusy } from './sqlite-errors.js';

const tableDialect: TableDialect = {
  text: sql`text`,
  bigint: sql`integer`,
  // STRICT: without it SQLite would store text in an integer column and sort it after every number.
  createTable: (db, table) => db.schema.createTable(table).modifyEnd(sql`strict`),
};

// One transaction writes at a time, so rows are committed in this order. The last row is never deleted, or numbers would repeat.
const nextRevocation = sql<number>`(select coalesce(max(position), 0) + 1 from latchkey_revocations)`;

const ROW_LOCKS: ReadonlySet<string> = new Set([
  'ForUpdate',
  'ForNoKeyUpdate',
  'ForShare',
  'ForKeyShare',
  'NoWait',
  'SkipLocked',
] satisfies SelectModifierNode['modifier'][]);

/** SQLite knows no `for update`, and needs none: a transaction that writes holds the lock of the whole database. */
class LocklessQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== undefined && ROW_LOCKS.has(node.modifier)) return;
    super.visitSelectModifier(node);
  }
}

export const sqliteDialect: StorageDialect = {
  name: 'SQLite',
  hasRowLocks: false,
  tableDialect,
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new LocklessQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  },
  revocationOrder: { next: nextRevocation, horizon: nextRevocation },

  ownTables: <OwnTables = Tables>(db: Kysely<unknown>) => db as Kysely<OwnTables>,

  async hasOwnTable(db, table) {
    const { rows } = await sql`select 1 from sqlite_master where type = 'table' and name = ${table}`.execute(db);
    return rows.length > 0;
  },

  // A transaction holds the database's only write lock from its beginning.
  migrationTransaction: (db, work) => db.transaction().execute(work),

  async createMigrationTable(db) {
    await createMigrationTable(db as MigrationDatabase, tableDialect);
  },

  isConflict: isBusy,
  explain: (error) => error,
};
