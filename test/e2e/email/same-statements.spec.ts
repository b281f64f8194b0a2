import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Core } from '../../../lib/core/core.js';
import { SqlAuthDatabase } from '../../../lib/core/embedded/storage/sql-auth-database.js';
import { clockAhead } from '../../support/clock-ahead.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import { startEmailPasswordApp } from '../../support/email-password-app.js';
import { EmailQueue } from 'latchkey';
import { outboxRows } from '../../support/outbox-rows.js';
import { askForReset, RESET_OK } from '../../support/password-resets.js';
import { lentSchema } from '../../support/kept-schemas.js';
import type { CoreOptions } from 'latchkey';

const EMAIL = 'ada@example.com';

interface Executor {
  executeQuery(query: { sql: string }, ...rest: unknown[]): Promise<unknown>;
}

/** What every statement of a process passes through, with Kysely's own classes. */
async function recordStatements(app: EmailPasswordApp, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const database = app.app.get(Core, { strict: false }).port(SqlAuthDatabase);
  const connection = await database.transaction(async () => {
    const transaction = await database.current();
    return transaction.getExecutor().provideConnection(async (each) => each);
  });
  const prototype = Object.getPrototypeOf(connection) as Executor;
  const original = prototype.executeQuery;
  prototype.executeQuery = function record(this: unknown, query, ...rest) {
    seen.push(query.sql);
    return original.call(this as Executor, query, ...rest);
  };
  try {
    await work();
    await app.app.get(EmailQueue).idle();
  } finally {
    prototype.executeQuery = original;
  }
  return seen;
}

describe.each(['SQLite', 'PostgreSQL'])('Asking for a reset, on %s', (name) => {
  let app: EmailPasswordApp;
  let setClockForward: (aheadMs: number) => void;
  let remove = async (): Promise<void> => undefined;

  beforeAll(async () => {
    // The feed looks for revocations once a second, whatever is asked.
    let core: Partial<CoreOptions> = { sqlite: ':memory:', revocationFeed: false };
    if (name === 'PostgreSQL') {
      const { schema, pools, giveBack } = lentSchema();
      core = { postgres: pools[0], schema, revocationFeed: false };
      remove = giveBack;
    }
    setClockForward = clockAhead();
    app = await startEmailPasswordApp('Express', { core, auth: { resendIntervalSeconds: 60 } });
    await app.client().signUp(EMAIL, 'correct horse 1');
    // Whatever is only done once.
    await askForReset(app.client(), EMAIL);
    await askForReset(app.client(), 'nobody@example.com');
    await app.app.get(EmailQueue).idle();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
    await remove();
  });

  it('makes the same statements for an account that exists as for one that does not', async () => {
    const ask = async (email: string) =>
      expect(await (await askForReset(app.client(), email)).json()).toEqual(RESET_OK);
    setClockForward(60_000);
    const known = await recordStatements(app, () => ask(EMAIL));
    const unknown = await recordStatements(app, () => ask('nobody@example.com'));
    const knownAgain = await recordStatements(app, () => ask(EMAIL));
    const unknownAgain = await recordStatements(app, () => ask('nobody@example.com'));
    const inserts = known.filter((sql) => /^insert into/i.test(sql));
    expect(inserts.filter((sql) => sql.includes('latchkey_attempts'))).toHaveLength(3);
    expect(inserts).toHaveLength(5);
    expect(unknown).toEqual(known);
    // Too soon after the first: neither sends anything.
    expect(knownAgain.length).toBeLessThan(known.length);
    expect(unknownAgain).toEqual(knownAgain);
  });

  it('leaves no email behind, and a token that works for nobody', async () => {
    await askForReset(app.client(), 'nobody@example.com');
    await app.app.get(EmailQueue).idle();
    expect(await outboxRows(app)).toEqual([]);
    const db = await app.app.get(Core, { strict: false }).port(SqlAuthDatabase).tables();
    const tokens = await db
      .selectFrom('latchkey_one_time_tokens')
      .select('expires_at_ms')
      .where('subject', '=', 'nobody@example.com')
      .execute();
    expect(tokens.length).toBeGreaterThan(0);
    expect(tokens.filter(({ expires_at_ms }) => expires_at_ms >= Date.now())).toEqual([]);
    expect(app.emails.passwordResets.filter(({ user }) => user.email !== EMAIL)).toEqual([]);
  });
});
