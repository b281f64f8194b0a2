import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { cheapPasswordHasher } from '../../../../../test/contract/cores.js';
import { Pool } from 'pg';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import type { Core } from '../../../core.js';
import { EmailPasswordCore } from '../../../email-password.core.js';
import { UsersCore } from '../../../users.core.js';
import { createEmbeddedCore } from '../../../parts/embedded-core.js';
import { SqlAuthDatabase } from '../sql-auth-database.js';
import { LoginMethodsStorage } from '../login-methods.storage.js';
import { OneTimeTokensStorage } from '../one-time-tokens.storage.js';
import { NewSessionsStorage } from '../new-sessions.storage.js';
import { type SessionRow, SessionsStorage } from '../sessions.storage.js';
import { SigningKeysStorage } from '../signing-keys.storage.js';

const tenantId = 'public';

describe('at the same time on PostgreSQL', () => {
  const { url, schema, drop } = postgresSchema();
  let pool: Pool;
  let core: Core;
  let database: SqlAuthDatabase;
  /** The SQLSTATE of every statement that failed, those that were tried again as well. */
  const failures: string[] = [];

  beforeAll(async () => {
    pool = new Pool({ connectionString: url, max: 20 });
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
      const observed = (...args: unknown[]) =>
        query(...args).catch((error: { code: string }) => {
          failures.push(error.code);
          throw error;
        });
      Object.assign(client, { query: observed });
    });
    core = await createEmbeddedCore({ postgres: pool, schema }, { passwordHasher: cheapPasswordHasher });
    database = core.port(SqlAuthDatabase);
  });
  afterAll(async () => {
    await core?.close();
    await pool.end();
    await drop();
  });

  /** One goes first and is not done yet when the other comes. @returns what each of them got */
  async function oneAfterTheOther<T>(work: () => Promise<T>, first: 'commits' | 'rolls back'): Promise<[T, T]> {
    // Made out here, so that the second does not join the transaction of the first.
    let start: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      start = resolve;
    }).then(work);
    let result: T | undefined;
    const whole = database.transaction(async () => {
      result = await work();
      start();
      await delay(100);
      if (first === 'rolls back') throw new Error('on purpose');
    });
    await whole.catch((error: Error) => expect(error.message).toBe('on purpose'));
    return [result as T, await second];
  }

  let number = 0;
  const next = () => `${++number}`;

  describe.each(['OF_USER', 'OF_SUBJECT'] as const)('a one-time token with others %s', (others) => {
    const tokens = () => new OneTimeTokensStorage(database);
    const twoTokens = async () => {
      const id = next();
      const row = { kind: 'toy', recipe_user_id: id, tenant_id: tenantId, subject: 'a', expires_at_ms: 10 };
      await tokens().insert({ ...row, token_hash: `${id}a` });
      await tokens().insert({ ...row, token_hash: `${id}b` });
      return { kind: 'toy', tokenHash: `${id}a`, tenantId, nowMs: 1 };
    };

    it('is spent once', async () => {
      const token = await twoTokens();
      const [first, second] = await oneAfterTheOther(() => tokens().spend(token, others), 'commits');
      expect(first).toMatchObject({ subject: 'a' });
      expect(second).toBeUndefined();
    });

    it('is still good when the first attempt was taken back', async () => {
      const token = await twoTokens();
      const results = await oneAfterTheOther(() => tokens().spend(token, others), 'rolls back');
      expect(results.map((spent) => spent?.subject)).toEqual(['a', 'a']);
    });
  });

  it('a refresh token is rotated once, or by the second when the first was taken back', async () => {
    const sessions = new SessionsStorage(database);
    for (const [end, winners] of [
      ['commits', [true, false]],
      ['rolls back', [true, true]],
    ] as const) {
      const session_handle = next();
      const times = { rotated_at_ms: 1, created_at_ms: 1, expires_at_ms: 10, claims_at_ms: 0 };
      const texts = {
        user_id: 'u',
        recipe_user_id: 'u',
        refresh_secret: 's',
        access_token_payload: '',
        session_data: '',
      };
      const hashes = { refresh_token_hash: 'old', previous_refresh_token_hash: null, unseen_refresh_token_hash: null };
      const row: SessionRow = { session_handle, tenant_id: tenantId, ...times, ...texts, ...hashes };
      await new NewSessionsStorage(database).insertForAnybody(row);
      const rotation = { refresh_token_hash: 'new', previous_refresh_token_hash: 'old', rotated_at_ms: 2 };
      const results = await oneAfterTheOther(() => sessions.rotate(row, rotation, 2), end);
      expect(results.map((result) => result !== undefined)).toEqual(winners);
    }
  });

  it('an email is given to one, or to the second when the first was taken back', async () => {
    const loginMethods = new LoginMethodsStorage(database);
    for (const [end, winners] of [
      ['commits', [true, false]],
      ['rolls back', [true, true]],
    ] as const) {
      const user = {
        tenantId,
        recipeId: 'emailpassword',
        accountKey: next(),
        verified: false,
        timeJoinedMs: 1,
      } as const;
      const results = await oneAfterTheOther(() => loginMethods.createUser(user), end);
      expect(results.map((id) => id !== undefined)).toEqual(winners);
    }
  });

  it('a place in the sequence of signing keys is taken once', async () => {
    const keys = new SigningKeysStorage(database);
    const insert = () =>
      keys.insert({
        kid: `d-${next()}`,
        kind: 'dynamic',
        sequence: 77,
        public_jwk: '',
        private_key_pem: '',
        created_at_ms: 1,
      });
    await oneAfterTheOther(insert, 'commits');
    const rows = (await keys.list()).filter(({ sequence }) => sequence === 77);
    expect(rows.map(({ kid }) => kid)).toEqual([`d-${number - 1}`]);
    await keys.delete(rows.map(({ kid }) => kid));
  });

  it('changes, resets, sign-ins and deletions of one user wait for each other in turn, never in a circle', async () => {
    const emailPassword = core.port(EmailPasswordCore);
    for (let round = 0; round < 15; round++) {
      const email = `user${next()}@example.com`;
      const signedUp = await emailPassword.signUp({ tenantId, email, password: 'secret' });
      if (signedUp.status !== 'OK') throw new Error(signedUp.status);
      const { recipeUserId } = signedUp;
      const tokens = await Promise.all(
        [1, 2, 3].map(() => emailPassword.createResetPasswordToken({ tenantId, userId: recipeUserId, email })),
      );
      const results = await Promise.all([
        ...tokens.map((result) => {
          const token = result.status === 'OK' ? result.token : '';
          return emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'other' });
        }),
        emailPassword.updateEmailOrPassword({ recipeUserId, password: 'third', email: `new-${email}` }),
        emailPassword.updateEmailOrPassword({ recipeUserId, password: 'fourth' }),
        emailPassword.signIn({ tenantId, email, password: 'secret' }),
        ...(round % 2 === 0 ? [core.port(UsersCore).deleteUser(recipeUserId)] : []),
      ]);
      const spent = results.slice(0, 3).filter(({ status }) => status === 'OK');
      expect(spent.length).toBeLessThanOrEqual(1);
    }
    expect(failures).toEqual([]);
  });
});
