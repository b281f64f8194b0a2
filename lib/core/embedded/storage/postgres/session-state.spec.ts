import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { hasPgBouncer, startPgBouncer } from '../../../../../test/support/pgbouncer.js';
import { PostgresPooler } from '../../../../../test/support/postgres-pooler.js';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { accessTokenOf, verifyStatus } from '../../../../../test/support/access-tokens.js';
import type { Core } from '../../../core.js';
import { EmailPasswordCore } from '../../../email-password.core.js';
import { SessionsCore } from '../../../sessions.core.js';
import { UsersCore } from '../../../users.core.js';
import { Argon2PasswordHasher } from '../../argon2-password-hasher.js';
import { createEmbeddedCore } from '../../../parts/embedded-core.js';
import { SqlAuthDatabase } from '../sql-auth-database.js';
import { openPostgres } from './connection.js';

const BACKENDS = 3;
const tenantId = 'public';
const password = 'secret';
const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });

const SET_BY_POOLERS = `'client_encoding', 'application_name'`;
const poolers = [
  { name: 'a pooler that gives each transaction another connection', start: PostgresPooler.start, isInstalled: true },
  { name: 'pgbouncer in transaction mode', start: startPgBouncer, isInstalled: hasPgBouncer },
];

const everything = describe.each(poolers.filter(({ isInstalled }) => isInstalled));
if (!hasPgBouncer)
  describe.skip('behind pgbouncer, which is not installed', () => it('does everything', () => undefined));

everything('behind $name', ({ start }) => {
  const { url, schema, drop } = postgresSchema();
  let pooler: { url: string; stop(): Promise<void> };
  let core: Core;

  beforeAll(async () => {
    pooler = await start(url, BACKENDS);
    core = await createEmbeddedCore({ postgres: pooler.url, schema }, { passwordHasher });
  });
  afterAll(async () => {
    // Also where the core did not start: what listens keeps the run from ending.
    await core?.close();
    await pooler?.stop();
    await drop();
  });

  async function useEverything(number: number): Promise<void> {
    const emailPassword = core.port(EmailPasswordCore);
    const email = `user${number}@example.com`;
    const user = await core.transaction(async () => {
      const result = await emailPassword.signUp({ tenantId, email, password });
      if (result.status !== 'OK') throw new Error(result.status);
      await accessTokenOf(core);
      return result.user;
    });
    expect(await emailPassword.signIn({ tenantId, email, password })).toMatchObject({ status: 'OK' });
    const reset = await emailPassword.createResetPasswordToken({ tenantId, userId: user.id, email });
    if (reset.status !== 'OK') throw new Error(reset.status);
    const spend = () =>
      emailPassword.resetPasswordUsingToken({ tenantId, token: reset.token, newPassword: `${password}2` });
    const spent = await Promise.all([spend(), spend(), spend()]);
    expect(spent.map(({ status }) => status).sort()).toEqual([
      'OK',
      'RESET_PASSWORD_INVALID_TOKEN_ERROR',
      'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    ]);
    const update = { recipeUserId: user.id, email: `new-${email}`, password };
    expect(await emailPassword.updateEmailOrPassword(update)).toEqual({ status: 'OK' });
    expect(await verifyStatus(core, await accessTokenOf(core))).toBe('OK');
    await core.port(SessionsCore).revokeAllSessionsForUser({ userId: user.id });
    await core.port(UsersCore).deleteUser(user.id);
    expect(await core.port(UsersCore).getUser(user.id)).toBeUndefined();
  }

  it('does everything, many at a time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, number) => useEverything(number)));
    expect(await core.port(UsersCore).getUserCount({})).toBe(0);
  });

  it('rolls back what was begun', async () => {
    const failed = core.transaction(async () => {
      await accessTokenOf(core);
      await useEverything(100);
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    const db = await core.port(SqlAuthDatabase).tables();
    expect(await db.selectFrom('latchkey_sessions').select('user_id').where('user_id', '!=', 'user').execute()).toEqual(
      [],
    );
  });

  it('leaves nothing in any session of the database', async () => {
    const client = new Client(pooler.url);
    await client.connect();
    const backends = new Set<number>();
    for (let number = 0; number < BACKENDS; number++) {
      const { rows } = await client.query<Record<string, unknown>>(`
        select pg_backend_pid() as pid,
          (select count(*)::int from pg_prepared_statements) as prepared,
          (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
          (select array_agg(name::text) from pg_settings where source = 'session' and name not in (${SET_BY_POOLERS})) as settings,
          (select count(*)::int from pg_listening_channels()) as channels`);
      expect(rows[0]).toMatchObject({ prepared: 0, locks: 0, channels: 0, settings: null });
      backends.add(Number(rows[0]!.pid));
    }
    expect(backends.size).toBe(BACKENDS);
    await client.end();
  });

  it('notices what would be left', async () => {
    const client = new Client(pooler.url);
    await client.connect();
    await client.query(`set statement_timeout = 12345`);
    const seen = new Set<unknown>();
    for (let number = 0; number < BACKENDS; number++) {
      seen.add((await client.query(`select current_setting('statement_timeout') as value`)).rows[0].value);
    }
    expect(seen).toEqual(new Set(['0', '12345ms']));
    await client.end();
  });

  it('is refused by such a pooler with a setting in the connection string', async () => {
    const withSetting = `${pooler.url}?statement_timeout=1000`;
    await expect(openPostgres({ postgres: withSetting, schema })).rejects.toThrow('unsupported startup parameter');
  });
});
