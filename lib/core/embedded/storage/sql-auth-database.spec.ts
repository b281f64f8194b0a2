import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { executionAsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { SqlAuthDatabase } from './sql-auth-database.js';
import { openStorage } from './open-storage.js';

interface NotesTable {
  notes: { text: string };
}

describe('SqlAuthDatabase', () => {
  let database: SqlAuthDatabase;

  beforeEach(async () => {
    database = await openStorage({ sqlite: ':memory:' });
    const db = await database.current();
    await db.schema.createTable('notes').addColumn('text', 'text').execute();
  });
  afterEach(() => database.close());

  async function write(text: string): Promise<void> {
    const db = await database.current<NotesTable>();
    await db.insertInto('notes').values({ text }).execute();
  }

  async function written(): Promise<string[]> {
    const db = await database.current<NotesTable>();
    return (await db.selectFrom('notes').select('text').execute()).map((row) => row.text);
  }

  const failure = new Error('on purpose');
  const fail = async (): Promise<never> => {
    throw failure;
  };

  it('keeps what was written when the work is done', async () => {
    const result = await database.transaction(async () => {
      await write('a');
      await write('b');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await written()).toEqual(['a', 'b']);
  });

  it('leaves out locks of rows, which SQLite does not know', async () => {
    await write('a');
    const db = await database.tables<NotesTable>();
    const notes = db.selectFrom('notes').select('text').where('text', '=', 'a');

    for (const query of [
      notes.forUpdate().skipLocked(),
      notes.forShare(['notes']).limit(1),
      notes.forKeyShare().noWait(),
    ]) {
      expect(query.compile().sql.trimEnd()).not.toMatch(/ (for|skip|nowait)\b/);
      expect(await query.execute()).toEqual([{ text: 'a' }]);
    }
  });

  it('keeps nothing when the work fails', async () => {
    const work = database.transaction(async () => {
      await write('a');
      await fail();
    });
    await expect(work).rejects.toBe(failure);
    expect(await written()).toEqual([]);
  });

  it('joins the transaction around it', async () => {
    const work = database.transaction(async () => {
      await write('outer');
      await database.transaction(() => write('inner'));
      expect(await written()).toEqual(['outer', 'inner']);
      await fail();
    });
    await expect(work).rejects.toBe(failure);
    expect(await written()).toEqual([]);
  });

  it('keeps nothing of the whole when an inner one failed, even where that was caught', async () => {
    const work = database.transaction(async () => {
      await write('outer');
      await database
        .transaction(async () => {
          await write('inner');
          await fail();
        })
        .catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ message: expect.stringContaining('rolled back'), cause: failure });
    expect(await written()).toEqual([]);
  });

  it('holds no connection before the first statement', async () => {
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = database.transaction(async () => {
      await released;
      await write('slow');
    });
    await write('meanwhile');
    expect(await written()).toEqual(['meanwhile']);
    release?.();
    await slow;
    expect(await written()).toEqual(['meanwhile', 'slow']);
  });

  it('lets others wait while a transaction is under way, and keeps theirs when it fails', async () => {
    const work = database.transaction(async () => {
      await write('mine');
      await delay(20);
      await fail();
    });
    await delay(5);
    const other = write('other');
    await expect(work).rejects.toBe(failure);
    await other;
    expect(await written()).toEqual(['other']);
  });

  it('takes statements at once within one transaction', async () => {
    await database.transaction(async () => {
      await Promise.all(Array.from({ length: 20 }, (_, number) => write(`${number}`)));
    });
    expect(await written()).toHaveLength(20);
    const work = database.transaction(async () => {
      await Promise.all([write('x'), write('y'), fail()]);
    });
    await expect(work).rejects.toBe(failure);
    expect(await written()).toHaveLength(20);
  });

  it('runs transactions at once one after the other', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, number) =>
        database.transaction(async () => {
          const before = await written();
          await delay(1);
          await write(`${number} after ${before.length}`);
        }),
      ),
    );
    expect((await written()).map((text) => text.split(' after ')[1]).sort()).toEqual([...'0123456789']);
  });

  it('refuses a statement of something that outlived its transaction', async () => {
    let leaked: Promise<void> = Promise.resolve();
    let leakedTransaction: Promise<void> = Promise.resolve();
    let leakedCallback: Promise<void> = Promise.resolve();
    await database.transaction(async () => {
      await write('in time');
      leaked = delay(10).then(() => write('too late'));
      leakedTransaction = delay(10).then(() => database.transaction(() => write('too late')));
      leakedCallback = delay(10).then(() => database.afterCommit(() => undefined));
      leaked.catch(() => undefined);
      leakedTransaction.catch(() => undefined);
      leakedCallback.catch(() => undefined);
    });
    await expect(leaked).rejects.toThrow('after its transaction had ended');
    await expect(leakedTransaction).rejects.toThrow('after its transaction had ended');
    await expect(leakedCallback).rejects.toThrow('after its transaction had ended');
    expect(await written()).toEqual(['in time']);
  });

  describe('beside another database', () => {
    let other: SqlAuthDatabase;

    beforeEach(async () => {
      other = await openStorage({ sqlite: ':memory:' });
    });
    afterEach(() => other.close());

    it('keeps the transactions of each apart, one inside the other', async () => {
      const seen: boolean[][] = [];
      const look = () => void seen.push([database.inTransaction, other.inTransaction]);
      await database.transaction(async () => {
        await other.transaction(async () => {
          look();
          await other.afterCommit(look);
        });
        look();
        await database.afterCommit(look);
      });
      expect(seen).toEqual([
        [true, true],
        [true, false],
        [true, false],
        [false, false],
      ]);
    });

    it('costs promises no more than one database does', async () => {
      // Before Node 24, what follows the running code through promises is written on each of them.
      const carried = async () => {
        await delay(1);
        return Object.getOwnPropertySymbols(executionAsyncResource()).length;
      };
      const ofOne = await database.transaction(carried);
      expect(await other.transaction(carried)).toBe(ofOne);
    });
  });

  it('refuses a kept connection after its transaction', async () => {
    const kept = await database.transaction(() => database.current<NotesTable>());
    await expect(kept.insertInto('notes').values({ text: 'too late' }).execute()).rejects.toThrow(/committed/);
    expect(await written()).toEqual([]);
  });

  it('does nothing at the end of a transaction without statements', async () => {
    expect(await database.transaction(async () => 1)).toBe(1);
    await expect(database.transaction(fail)).rejects.toBe(failure);
  });

  describe('afterCommit', () => {
    it('runs after the outermost commit, in order, outside of the transaction', async () => {
      const seen: unknown[] = [];
      await database.transaction(async () => {
        await database.transaction(async () => {
          await write('a');
          await database.afterCommit(async () => {
            seen.push(database.inTransaction, await written());
          });
        });
        await database.afterCommit(() => void seen.push('second'));
        expect(seen).toEqual([]);
      });
      expect(seen).toEqual([false, ['a'], 'second']);
    });

    it('does not run after a rollback', async () => {
      let ran = false;
      const work = database.transaction(async () => {
        await database.afterCommit(() => {
          ran = true;
        });
        await fail();
      });
      await expect(work).rejects.toBe(failure);
      expect(ran).toBe(false);
    });

    it('runs at once outside of a transaction', async () => {
      let ran = false;
      await database.afterCommit(() => {
        ran = true;
      });
      expect(ran).toBe(true);
    });

    it('runs all of them, then tells what failed; the writes stay', async () => {
      let ran = false;
      const work = database.transaction(async () => {
        await write('a');
        await database.afterCommit(fail);
        await database.afterCommit(() => {
          ran = true;
        });
      });
      await expect(work).rejects.toBe(failure);
      expect(ran).toBe(true);
      expect(await written()).toEqual(['a']);
    });
  });
});
