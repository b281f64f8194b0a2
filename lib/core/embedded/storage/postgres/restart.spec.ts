import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../../../test/support/free-port.js';
import { type PostgresServer, startPostgresServer } from '../../../../../test/support/postgres-server.js';
import { StorageUnavailableError } from '../../../auth.error.js';
import type { Core } from '../../../core.js';
import { EmailPasswordCore } from '../../../email-password.core.js';
import { SessionsCore } from '../../../sessions.core.js';
import { UsersCore } from '../../../users.core.js';
import { Argon2PasswordHasher } from '../../argon2-password-hasher.js';
import { createEmbeddedCore } from '../../../parts/embedded-core.js';
import { SqlAuthDatabase } from '../sql-auth-database.js';

const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 8, timeCost: 1, parallelism: 1 });
const tenantId = 'public';
const password = 'secret';

describe('a PostgreSQL that is stopped and started under load', () => {
  let server: PostgresServer;
  let core: Core;
  let ended = false;
  let lastWorker = 0;
  /** Emails whose sign-up was answered OK. */
  const signedUp: string[] = [];
  const refreshed = { ok: 0 };
  const failures: unknown[] = [];
  const wrong: unknown[] = [];

  beforeAll(async () => {
    server = await startPostgresServer(await freePort(), { fsync: 'on', synchronous_commit: 'on' });
    core = await createEmbeddedCore({ postgres: { connectionString: server.url, max: 5 } }, { passwordHasher });
  }, 60_000);
  afterAll(async () => {
    await core.close();
    await server.remove();
  });

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      failures.push(error);
      // As a client would that was told to come back later.
      await delay(50);
      return undefined;
    }
  }

  /** Signs up, signs in, creates a session and refreshes it, over and over. */
  async function work(): Promise<void> {
    const worker = ++lastWorker;
    const emailPassword = core.port(EmailPasswordCore);
    const sessions = core.port(SessionsCore);
    for (let round = 0; !ended; round++) {
      const email = `user${worker}-${round}@example.com`;
      const result = await attempt(() => emailPassword.signUp({ tenantId, email, password }));
      if (result?.status !== 'OK') {
        if (result !== undefined) wrong.push({ email, result });
        continue;
      }
      signedUp.push(email);
      const signIn = await attempt(() => emailPassword.signIn({ tenantId, email, password }));
      if (signIn !== undefined && signIn.status !== 'OK') wrong.push({ email, signIn });

      const settings = { useDynamicSigningKey: true, enableAntiCsrf: false };
      const session = await attempt(() =>
        sessions.createNewSession({
          ...settings,
          tenantId,
          userId: result.user.id,
          recipeUserId: result.user.id,
          accessTokenPayload: {},
          sessionDataInDatabase: {},
        }),
      );
      if (session === undefined) continue;
      const { token } = session.refreshToken;
      const refresh = await attempt(() => sessions.refreshSession({ ...settings, refreshToken: token }));
      if (refresh === undefined) continue;
      if (refresh.status === 'OK') refreshed.ok++;
      else wrong.push({ email, refresh });
    }
  }

  const progress = async (more: number): Promise<void> => {
    const goal = signedUp.length + more;
    while (signedUp.length < goal) await delay(5);
  };

  it('answers with nothing but "unavailable" meanwhile, and goes on by itself', async () => {
    const workers = Array.from({ length: 8 }, work);
    for (let round = 0; round < 2; round++) {
      await progress(25);
      await server.stop();
      await delay(200);
      const failed = failures.length;
      while (failures.length < failed + 10) await delay(5);
      await server.start();
      await progress(25);
    }
    ended = true;
    await Promise.all(workers);

    expect(wrong).toEqual([]);
    expect(failures.filter((error) => !(error instanceof StorageUnavailableError))).toEqual([]);
    expect(failures.length).toBeGreaterThan(0);
    expect(refreshed.ok).toBeGreaterThan(0);
  }, 180_000);

  it('has kept everything that was answered OK, and nothing by halves', async () => {
    for (const email of signedUp) {
      const users = await core.port(UsersCore).listUsersByAccountInfo({ tenantId, accountInfo: { email } });
      expect(users).toHaveLength(1);
    }
    const db = await core.port(SqlAuthDatabase).tables();
    const users = await db.selectFrom('latchkey_users').select('user_id as id').orderBy('id').execute();
    const credentials = db.selectFrom('latchkey_password_credentials').select('recipe_user_id as id').orderBy('id');
    expect(users.length).toBeGreaterThanOrEqual(signedUp.length);
    expect(await credentials.execute()).toEqual(users);
  });
});
