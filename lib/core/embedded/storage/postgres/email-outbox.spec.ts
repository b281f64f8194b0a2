import { afterAll, describe, expect, it } from '@jest/globals';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { EmailOutboxStorage } from '../email-outbox.storage.js';
import { openStorage } from '../open-storage.js';

/** What the planner may choose for a small table with rows that were deleted: it looks at the due rows for each row again. */
const NESTED_LOOPS = ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material', 'indexscan', 'bitmapscan'];

describe('the outbox of emails on PostgreSQL', () => {
  const { url, schema, drop } = postgresSchema();
  afterAll(drop);

  it('hands over as many as are asked for, by whatever plan', async () => {
    const options = NESTED_LOOPS.map((name) => `-c enable_${name}=off`).join(' ');
    const connectionString = `${url}?options=${encodeURIComponent(options)}`;
    const database = await openStorage({ postgres: { connectionString, max: 1 }, schema });
    const outbox = new EmailOutboxStorage(database);
    const email = {
      kind: 'passwordReset',
      line: 'messages',
      content: '{}',
      recipe_user_id: 'ada',
      tenant_id: 'public',
    };
    const times = { created_at_ms: 1, due_at_ms: 1, expires_at_ms: 100, attempts: 0 };
    for (const email_id of ['a', 'b', 'c', 'd', 'e']) await outbox.insert({ ...email, ...times, email_id });

    const claim = async () =>
      (await outbox.claimDue({ nowMs: 2, leaseEndMs: 50, limit: 2, line: 'messages' })).map((row) => row.email_id);
    const claims = [await claim(), await claim(), await claim()];
    await database.close();

    expect(claims.map((ids) => ids.length)).toEqual([2, 2, 1]);
    expect(claims.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
