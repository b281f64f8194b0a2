import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { PostgresWay } from '../../../../../test/support/cut-postgres.js';
import { PostgresPooler } from '../../../../../test/support/postgres-pooler.js';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { verifyStatus } from '../../../../../test/support/access-tokens.js';
import { waitUntil } from '../../../../../test/support/wait-until.js';
import { StorageUnavailableError } from '../../../auth.error.js';
import type { Core } from '../../../core.js';
import { createEmbeddedCore } from '../../../parts/embedded-core.js';
import { RevocationFeed } from '../../../revocation-feed.js';
import type { RevocationFeedOptions } from '../../../revocation-feed.options.js';
import { SessionsCore, type SessionWithTokens } from '../../../sessions.core.js';
import { Argon2PasswordHasher } from '../../argon2-password-hasher.js';
import type { PostgresDatabaseOptions } from '../database.options.js';

const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });
/** So seldom that no test waits for it: what is known in time was told. */
const toldOnly = { pollIntervalMs: 60_000, maxBehindSeconds: 3600 };

describe('processes that tell each other by NOTIFY', () => {
  const { url, schema, query, drop } = postgresSchema();
  const channel = `latchkey_${createHash('sha256').update(schema).digest('hex').slice(0, 32)}`;
  const opened: Core[] = [];
  let revoking: Core;

  async function open(
    postgres: PostgresDatabaseOptions['postgres'],
    revocationFeed: RevocationFeedOptions = toldOnly,
  ): Promise<Core> {
    const core = await createEmbeddedCore({ postgres, schema, revocationFeed }, { passwordHasher });
    opened.push(core);
    return core;
  }
  const transportOf = (core: Core) => core.port(RevocationFeed).state.transport;
  const statusOf = (core: Core) => core.port(RevocationFeed).state.status;
  async function openListening(postgres: PostgresDatabaseOptions['postgres'], options = {}): Promise<Core> {
    const core = await open(postgres, { ...toldOnly, ...options });
    await waitUntil(async () => transportOf(core) === 'LISTEN');
    return core;
  }
  const listeners = () => query<{ pid: number }>(`select pid from pg_stat_activity where query = 'listen ${channel}'`);

  beforeAll(async () => {
    revoking = await open(url);
  });
  afterAll(async () => {
    await Promise.all(opened.map((core) => core.close()));
    expect(await listeners()).toEqual([]);
    await drop();
  });

  async function newSession(): Promise<SessionWithTokens> {
    return revoking.port(SessionsCore).createNewSession({
      tenantId: 'public',
      userId: 'user',
      recipeUserId: 'user',
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
    });
  }
  const verify = (core: Core, { accessToken }: SessionWithTokens) => verifyStatus(core, accessToken.token);
  async function revoke({ session }: SessionWithTokens): Promise<void> {
    await revoking.port(SessionsCore).revokeSessions([session.handle]);
  }
  const refuses = (core: Core, session: SessionWithTokens) =>
    waitUntil(async () => (await verify(core, session)) === 'UNAUTHORISED');

  it('know of a revocation without looking for it', async () => {
    const other = await openListening(url);
    const session = await newSession();
    expect(await verify(other, session)).toBe('OK');
    await revoke(session);
    await refuses(other, session);
  });

  it('listen on one connection for each pool, also of the application, and none of the pool', async () => {
    const pool = new Pool({ connectionString: url, max: 1 });
    const before = (await listeners()).length;
    const [one, other] = [await openListening(pool), await openListening(pool)];
    expect(await listeners()).toHaveLength(before + 1);
    const session = await newSession();
    await revoke(session);
    await Promise.all([refuses(one, session), refuses(other, session)]);
    await Promise.all([one.close(), other.close()]);
    await waitUntil(async () => (await listeners()).length === before);
    await pool.end();
  });

  it('take from a notification only that there may be something to read', async () => {
    const other = await openListening(url);
    const [kept, ended] = [await newSession(), await newSession()];
    expect([await verify(other, kept), await verify(other, ended)]).toEqual(['OK', 'OK']);
    for (const payload of [kept.session.handle, JSON.stringify([kept.session.handle]), 'probe ', 'x'.repeat(7000)]) {
      await query('select pg_notify($1, $2)', [channel, payload]);
    }
    await revoke(ended);
    await refuses(other, ended);
    expect(await verify(other, kept)).toBe('OK');
  });

  it('look when the connection is there again for what they missed', async () => {
    const way = await PostgresWay.open(url);
    const other = await openListening(way.url);
    const session = await newSession();
    expect(await verify(other, session)).toBe('OK');
    way.cut();
    await waitUntil(async () => transportOf(other) === 'POLL');
    await revoke(session);
    expect(await verify(other, session)).toBe('OK');
    way.restore();
    await refuses(other, session);
    await waitUntil(async () => transportOf(other) === 'LISTEN');
    await other.close();
    await way.close();
  });

  it('make the connection again that the server has ended', async () => {
    const other = await openListening(url);
    await query(`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen ${channel}'`);
    const session = await newSession();
    await revoke(session);
    await refuses(other, session);
    await waitUntil(async () => transportOf(other) === 'LISTEN');
  });

  it('look by themselves behind a pooler that gives each transaction another connection', async () => {
    const pooler = await PostgresPooler.start(url, 2);
    const other = await open(pooler.url, { pollIntervalMs: 100 });
    await waitUntil(async () => other.port(RevocationFeed).state.reason !== undefined);
    expect(other.port(RevocationFeed).state).toMatchObject({
      status: 'CURRENT',
      transport: 'POLL',
      reason: expect.stringContaining('a pooler'),
    });
    const session = await newSession();
    expect(await verify(other, session)).toBe('OK');
    await revoke(session);
    await refuses(other, session);
    await other.close();
    await pooler.stop();
  });

  it('hear also where they may only read', async () => {
    const other = await openListening(`${url}?options=-c%20default_transaction_read_only%3Don`);
    const session = await newSession();
    await revoke(session);
    await refuses(other, session);
  });

  describe('while a process is cut off from the database', () => {
    let way: PostgresWay;
    beforeEach(async () => {
      way = await PostgresWay.open(url);
    });

    async function cutOff(whenBehind: RevocationFeedOptions['whenBehind']): Promise<Core> {
      const core = await openListening(way.url, { maxBehindSeconds: 1, whenBehind });
      const signals: string[] = [];
      core.port(RevocationFeed).onChange(({ status }) => signals.push(status));
      way.cut();
      await waitUntil(async () => statusOf(core) === 'BEHIND');
      expect(signals.filter((status) => status === 'BEHIND')).toHaveLength(1);
      return core;
    }

    it.each([undefined, 'refuse'] as const)(
      'its guard refuses without a database: whenBehind %s',
      async (whenBehind) => {
        const session = await newSession();
        const core = await cutOff(whenBehind);
        // The token was not seen there before; its signature is verified by keys that are known.
        await expect(verify(core, session)).rejects.toBeInstanceOf(StorageUnavailableError);
        way.restore();
        await waitUntil(async () => statusOf(core) === 'CURRENT');
        expect(await verify(core, session)).toBe('OK');
        await core.close();
        await way.close();
      },
    );

    it('its guard goes by the token where the application accepts that', async () => {
      const session = await newSession();
      const core = await cutOff('accept');
      await revoke(session);
      expect(await verify(core, session)).toBe('OK');
      way.restore();
      await refuses(core, session);
      await core.close();
      await way.close();
    });
  });
});
