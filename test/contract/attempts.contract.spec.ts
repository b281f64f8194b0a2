import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AttemptBucket, type AttemptResult, AttemptsCore } from '../../lib/core/attempts.core.js';
import { EmbeddedAttemptsCore } from '../../lib/core/embedded/embedded-attempts.core.js';
import { SqlAuthDatabase } from '../../lib/core/embedded/storage/sql-auth-database.js';
import { InProcessAttemptsCore } from '../../lib/core/in-process-attempts.core.js';
import { TestClock } from '../support/test-clock.js';
import {
  cores,
  persistentCores,
  persistentEmbeddedCores,
  type CoreUnderTest,
  type PersistentCoreUnderTest,
} from './cores.js';

/** Three at once, then one every twenty seconds. */
const bucket: AttemptBucket = { subject: 'ada', name: 'signIn', rate: { attempts: 3, seconds: 60 } };
const STEP_SECONDS = 20;

const countAllowed = (results: AttemptResult[]) => results.filter(({ allowed }) => allowed).length;

describe.each(cores)('Attempts: $name', ({ create }) => {
  let under: CoreUnderTest;
  let attempts: AttemptsCore;

  beforeEach(async () => {
    under = await create();
    attempts = under.core.port(AttemptsCore);
  });
  afterEach(() => under.close());

  async function take(times: number, of = bucket): Promise<boolean[]> {
    const results: boolean[] = [];
    for (let time = 0; time < times; time++) results.push((await attempts.take(of)).allowed);
    return results;
  }

  it('are allowed as often as there is room, and again one by one', async () => {
    expect(await take(5)).toEqual([true, true, true, false, false]);
    expect(await attempts.take(bucket)).toEqual({ allowed: false, retryAfterMs: STEP_SECONDS * 1000 });
    under.clock.moveSeconds(STEP_SECONDS - 1);
    expect(await attempts.take(bucket)).toEqual({ allowed: false, retryAfterMs: 1000 });
    under.clock.moveSeconds(1);
    expect(await take(2)).toEqual([true, false]);
    under.clock.moveSeconds(10 * STEP_SECONDS);
    expect(await take(4)).toEqual([true, true, true, false]);
  });

  it('are refused for no longer than the whole takes, whatever became of the clock', async () => {
    await take(3);
    under.clock.moveSeconds(-86_400);
    expect(await attempts.take(bucket)).toEqual({ allowed: false, retryAfterMs: expect.any(Number) });
    const { retryAfterMs } = (await attempts.take(bucket)) as { retryAfterMs: number };
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('of another subject, name or rate are others', async () => {
    await take(3);
    expect(await take(1)).toEqual([false]);
    const others = [
      { ...bucket, subject: 'bob' },
      { ...bucket, name: 'signUp' },
      { ...bucket, rate: { attempts: 4, seconds: 60 } },
      { ...bucket, subject: `ada${'a'.repeat(100_000)}` },
      { ...bucket, subject: 'ada\0', name: 'signIn' },
    ];
    for (const other of others) expect(await take(1, other)).toEqual([true]);
  });

  it('are given back one by one, or all at once', async () => {
    await take(3);
    await attempts.giveBack(bucket);
    expect(await take(2)).toEqual([true, false]);
    await attempts.forget([bucket, { ...bucket, name: 'never used' }]);
    expect(await take(4)).toEqual([true, true, true, false]);
    // More than were made leave no room for more than there was.
    for (let time = 0; time < 9; time++) await attempts.giveBack(bucket);
    expect(await take(4)).toEqual([true, true, true, false]);
  });

  it('of a subject are forgotten together, and nobody else’s', async () => {
    const other = { ...bucket, name: 'passwordResetMail' };
    const bob = { ...bucket, subject: 'bob' };
    for (const each of [bucket, other, bob]) await take(3, each);
    await attempts.forgetSubjects(['ada', 'nobody']);
    expect(await take(1)).toEqual([true]);
    expect(await take(1, other)).toEqual([true]);
    expect(await take(1, bob)).toEqual([false]);
  });

  it('at once are never more than there is room for', async () => {
    const rate = { attempts: 7, seconds: 600 };
    const results = await Promise.all(Array.from({ length: 50 }, () => attempts.take({ ...bucket, rate })));
    expect(countAllowed(results)).toBe(7);
  });
});

describe.each(persistentCores)('Attempts of several processes: $name', ({ create }) => {
  it('are counted together, also at once', async () => {
    const under = await create();
    const processes = [under.core, await under.openAnother(), await under.openAnother()];
    const calls = Array.from({ length: 50 }, (_, at) => processes[at % 3]!.port(AttemptsCore).take(bucket));
    expect(countAllowed(await Promise.all(calls))).toBe(3);
    const results = await Promise.all(processes.map((core) => core.port(AttemptsCore).take(bucket)));
    expect(countAllowed(results)).toBe(0);
    expect(processes.map((core) => core.port(AttemptsCore).isShared)).toEqual([true, true, true]);
    await under.close();
  });
});

describe.each(persistentEmbeddedCores)('Rows of attempts: $name', ({ create }) => {
  let under: PersistentCoreUnderTest;
  beforeEach(async () => {
    under = await create();
  });
  afterEach(() => under.close());

  const rowsOf = async (database: SqlAuthDatabase) => {
    const db = await database.tables();
    return db.selectFrom('latchkey_attempts').selectAll().orderBy('free_at_ms').execute();
  };

  it('leave short rows that tell nothing of whose they are, and go when they mean nothing any more', async () => {
    const database = under.core.port(SqlAuthDatabase);
    const attempts = new EmbeddedAttemptsCore(database, under.clock.now);
    const subject = `ada@example.com${'x'.repeat(10_000)}`;
    await attempts.take({ ...bucket, subject });
    await attempts.take({ ...bucket, rate: { attempts: 1, seconds: 3600 } });
    const rows = await rowsOf(database);
    expect(rows.map((row) => row.bucket)).toEqual([
      expect.stringMatching(/^[\w-]{22}\.[\w-]{12}$/),
      expect.stringMatching(/^[\w-]{22}\.[\w-]{12}$/),
    ]);
    under.clock.moveSeconds(STEP_SECONDS);
    await attempts.housekeep();
    expect(await rowsOf(database)).toEqual(rows.slice(1));
  });

  it('are forgotten from the fewest on where there are too many', async () => {
    const database = under.core.port(SqlAuthDatabase);
    const attempts = new EmbeddedAttemptsCore(database, under.clock.now, 10);
    for (let time = 0; time < 3; time++) await attempts.take(bucket);
    for (let made = 0; made < 40; made++) await attempts.take({ ...bucket, subject: `made up ${made}` });
    await attempts.housekeep();
    expect((await rowsOf(database)).length).toBeLessThanOrEqual(10);
    expect(await attempts.take(bucket)).toMatchObject({ allowed: false });
  });
});

it('a process alone keeps no more buckets than it may, the last used ones', async () => {
  const clock = new TestClock();
  const attempts = new InProcessAttemptsCore(clock.now, 100);
  for (let made = 0; made < 1000; made++) await attempts.take({ ...bucket, subject: `${made}` });
  expect(attempts.size).toBeLessThanOrEqual(100);
  for (let time = 0; time < 2; time++) await attempts.take({ ...bucket, subject: '999' });
  expect(await attempts.take({ ...bucket, subject: '999' })).toMatchObject({ allowed: false });
});
