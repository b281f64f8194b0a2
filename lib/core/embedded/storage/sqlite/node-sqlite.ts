import type { OpenedSqlite, SqliteDatabase, SqlitePackage, SqliteStatement } from './sqlite-database.js';

/** Of `node:sqlite` what is used here: the types of Node 20 do not have it. */
interface NodeSqlite {
  DatabaseSync: new (path: string) => DatabaseSync;
}

interface DatabaseSync {
  /** Since Node 22.16. */
  readonly isTransaction?: boolean;
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  close(): void;
}

interface StatementSync extends Omit<SqliteStatement, 'reader'> {
  /** Since Node 22.16. */
  columns?(): unknown[];
}

const RETURNS_ROWS = /^\s*(select|with|values|pragma|explain)\b|\breturning\b/i;

/** @returns undefined before Node 22.13, which has no `node:sqlite` that works without a flag */
export function nodeSqlite(): SqlitePackage | undefined {
  // Not imported: bundlers and test runners take the name for that of a package.
  const node = process as { getBuiltinModule?: (name: string) => object | undefined };
  const sqlite = node.getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined;
  return sqlite === undefined ? undefined : (path) => open(new sqlite.DatabaseSync(path));
}

function open(handle: DatabaseSync): OpenedSqlite {
  handle.exec('pragma busy_timeout = 5');
  return { database: new NodeSqliteDatabase(handle), handle };
}

class NodeSqliteDatabase implements SqliteDatabase {
  constructor(private readonly handle: DatabaseSync) {}

  get inTransaction(): boolean {
    return this.handle.isTransaction ?? this.refusesToBegin();
  }

  /** A transaction that begins in this way takes no lock, and there is none inside another one. */
  private refusesToBegin(): boolean {
    try {
      this.handle.exec('begin');
    } catch {
      return true;
    }
    this.handle.exec('rollback');
    return false;
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.handle.prepare(sql);
    return {
      reader: statement.columns === undefined ? RETURNS_ROWS.test(sql) : statement.columns().length > 0,
      all: (...parameters) => statement.all(...parameters).map(withPrototype),
      *iterate(...parameters) {
        for (const row of statement.iterate(...parameters)) yield withPrototype(row);
      },
      run: (...parameters) => statement.run(...parameters),
    };
  }

  exec(sql: string): void {
    this.handle.exec(sql);
  }

  close(): void {
    this.handle.close();
  }
}

/** Rows of `node:sqlite` have none, which some code of applications does not expect. */
function withPrototype(row: unknown): unknown {
  return { ...(row as object) };
}
