import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueryRecorder } from '../../../test/support/storage-queries.js';
import { SessionClaimsWriter } from './session-claims-writer.js';
import { NewSessionsStorage } from './storage/new-sessions.storage.js';
import { migrateUp } from './storage/migrator.js';
import { openSqlite } from './storage/sqlite/connection.js';

/** SQLite has one writer: a statement that writes three thousand rows makes everybody wait. */
describe('a claim that changes in all sessions of a user', () => {
  let recorder: QueryRecorder;

  beforeAll(async () => {
    const opened = await openSqlite(':memory:');
    await migrateUp(opened);
    recorder = new QueryRecorder(opened);
  });
  afterAll(() => recorder.database.close());

  async function queriesFor(userId: string, sessions: number): Promise<string[]> {
    const storage = new NewSessionsStorage(recorder.database);
    for (let at = 0; at < sessions; at++) {
      await storage.insertForAnybody({
        session_handle: `${userId}-${at}`,
        user_id: userId,
        recipe_user_id: userId,
        tenant_id: 'public',
        refresh_token_hash: 'hash',
        previous_refresh_token_hash: null,
        unseen_refresh_token_hash: null,
        refresh_secret: 'secret',
        access_token_payload: '{}',
        session_data: '{}',
        rotated_at_ms: 1,
        created_at_ms: 1,
        expires_at_ms: 10,
        claims_at_ms: 0,
      });
    }
    const queries = await recorder.queriesOf((database) =>
      new SessionClaimsWriter(database, () => 5).changeAll({ userId }, async () => ({ role: null })),
    );
    return queries.map(({ sql }) => sql);
  }

  it('is written once, however many there are, and to none of their rows', async () => {
    const few = await queriesFor('ada', 1);
    expect(await queriesFor('grace', 40)).toEqual(few);
    expect(few.filter((sql) => /^(update|insert into) "latchkey_sessions"/.test(sql))).toEqual([]);
    expect(few.filter((sql) => /"latchkey_shared_claims"/.test(sql))).toHaveLength(2);
  });
});
