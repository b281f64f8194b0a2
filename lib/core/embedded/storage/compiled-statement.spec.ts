import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompiledStatement } from './compiled-statement.js';
import { migrateUp } from './migrator.js';
import { SqlAuthDatabase } from './sql-auth-database.js';
import { openSqlite } from './sqlite/connection.js';
import type { OpenedDatabase } from './storage-dialect.js';

interface Row {
  bucket: string;
  free_at_ms: number;
}

describe('CompiledStatement', () => {
  let opened: OpenedDatabase;
  let database: SqlAuthDatabase;
  let builds = 0;

  beforeAll(async () => {
    opened = await openSqlite(':memory:');
    await migrateUp(opened);
    database = new SqlAuthDatabase(opened);
  });
  afterAll(() => database.close());

  function inserting() {
    builds = 0;
    return new CompiledStatement<Row, Row>(database, (db, values) => {
      builds++;
      return db.insertInto('latchkey_attempts').values(values).returningAll();
    });
  }

  it('is built once, and runs with the values of each call, in whichever order they are named', async () => {
    const statement = inserting();
    const rows = [
      ...(await statement.execute({ bucket: 'a', free_at_ms: 1 })),
      ...(await statement.execute({ bucket: 'b', free_at_ms: 2 })),
    ];
    expect(rows).toEqual([
      { bucket: 'a', free_at_ms: 1 },
      { bucket: 'b', free_at_ms: 2 },
    ]);
    expect(builds).toBe(1);
    expect(await statement.execute({ free_at_ms: 3, bucket: 'c' })).toEqual([{ bucket: 'c', free_at_ms: 3 }]);
  });

  it('is built once more for other values', async () => {
    const statement = new CompiledStatement<Partial<Row>, Row>(database, (db, values) =>
      db.updateTable('latchkey_attempts').set(values).where('bucket', '=', 'a').returningAll(),
    );
    expect(await statement.execute({ free_at_ms: 7 })).toEqual([{ bucket: 'a', free_at_ms: 7 }]);
    expect(await statement.execute({ bucket: 'd', free_at_ms: 8 })).toEqual([{ bucket: 'd', free_at_ms: 8 }]);
  });

  it('runs in the transaction of its caller, and is gone with it', async () => {
    const statement = inserting();
    const undone = database.transaction(async () => {
      await statement.execute({ bucket: 'undone', free_at_ms: 1 });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    // In a transaction of its own, where the first was compiled in one that has ended.
    const kept = await database.transaction(() => statement.execute({ bucket: 'undone', free_at_ms: 2 }));
    expect(kept).toEqual([{ bucket: 'undone', free_at_ms: 2 }]);
  });

  it('refuses to count with a value that is not known yet', async () => {
    const statement = new CompiledStatement<{ nowMs: number }, unknown>(database, (db, { nowMs }) =>
      db
        .selectFrom('latchkey_attempts')
        .selectAll()
        .where('free_at_ms', '>', nowMs + 1),
    );
    await expect(statement.execute({ nowMs: 1 })).rejects.toThrow('The value nowMs is not known');
  });
});
