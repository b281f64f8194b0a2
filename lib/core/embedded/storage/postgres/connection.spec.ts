import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { Pool, type PoolConfig } from 'pg';
import { freePort } from '../../../../../test/support/free-port.js';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { testServerUrl } from '../../../../../test/support/postgres-server-url.js';
import {
  certificate,
  startPostgresBehindTls,
  type PostgresBehindTls,
} from '../../../../../test/support/postgres-behind-tls.js';
import { SCRAM_DATABASE, TLS_DATABASE } from '../../../../../test/support/postgres-server.js';
import { AuthError, ConfigurationError } from '../../../auth.error.js';
import { checkCoreOptions } from '../../../parts/core.options.js';
import { openStorage } from '../open-storage.js';
import { TenantsStorage } from '../tenants.storage.js';

const PASSWORD = 'never-to-be-shown';

function urlWith(change: Partial<Pick<URL, 'host' | 'username' | 'password' | 'pathname' | 'search'>>): string {
  return Object.assign(new URL(testServerUrl()), { password: PASSWORD, ...change }).href;
}

async function refusal(postgres: string): Promise<AuthError> {
  const error: unknown = await openStorage({ postgres, schema: 'never_made' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AuthError);
  expect(inspect(error, { depth: 10 })).not.toContain(PASSWORD);
  return error as AuthError;
}

const { password } = new URL(testServerUrl());

describe('a PostgreSQL that cannot be used', () => {
  it('does not listen', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const error = await refusal(urlWith({ host, pathname: '/app' }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toBe(
      `core.postgres: nothing listens at ${host}, database app. Start PostgreSQL there, or correct the host and port`,
    );
  });

  it('has no address', async () => {
    const error = await refusal(urlWith({ host: 'no-such-host.invalid:5432' }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/the host of no-such-host\.invalid:5432, database \w+ has no address\. Correct/);
  });

  it('refuses the password', async () => {
    const error = await refusal(urlWith({}));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/refuses the password of user \w+\. Correct the user and the password$/);
  });

  it('is given no password', async () => {
    const error = await refusal(urlWith({ password: '', pathname: `/${SCRAM_DATABASE}` }));
    expect(error.message).toMatch(/asks for a password, and none is given for user \w+\. Give one$/);
  });

  it('has no such database', async () => {
    const error = await refusal(urlWith({ password, pathname: '/nowhere' }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/there is no database nowhere at .*Create it, or correct its name$/);
  });
});

describe('TLS to a PostgreSQL', () => {
  const { url, schema, drop } = postgresSchema();
  let server: PostgresBehindTls;

  beforeAll(async () => {
    server = await startPostgresBehindTls(url);
  });
  afterAll(async () => {
    await server.close();
    await drop();
  });

  /** @param search as in a connection string */
  function through(search: string, hostname = '127.0.0.1'): string {
    return Object.assign(new URL(url), { hostname, port: String(server.port), search }).href;
  }

  it('that it does not speak', async () => {
    const error = await refusal(urlWith({ password, search: '?sslmode=verify-full' }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/does not speak TLS, which sslmode or ssl asks for\. Switch it on there/);
  });

  const isTheirs = Boolean(process.env.LATCHKEY_TEST_POSTGRES);
  const why = isTheirs ? ' (only our test server has such a database, and LATCHKEY_TEST_POSTGRES names another)' : '';
  (isTheirs ? it.skip : it)(`that it demands${why}`, async () => {
    const error = await refusal(urlWith({ password, pathname: `/${TLS_DATABASE}` }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/lets user \w+ in over TLS only .*Add \?sslmode=verify-full, or give ssl$/);
  });

  it('with a certificate that nobody vouches for', async () => {
    const error = await refusal(through('?sslmode=verify-full'));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/signed by nobody that this process trusts \(DEPTH_ZERO_SELF_SIGNED_CERT.*Give the/);
  });

  it('with a certificate for another host', async () => {
    const postgres = { connectionString: through('', 'localhost'), ssl: { ca: certificate } };
    const error: unknown = await openStorage({ postgres, schema }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toMatch(/is for another host \(ERR_TLS_CERT_ALTNAME_INVALID.*Give the host that/);
  });

  it('works with the CA that is given', async () => {
    const database = await openStorage({
      postgres: { connectionString: through(''), ssl: { ca: certificate } },
      schema,
    });
    expect(await new TenantsStorage(database).exists('public')).toBe(true);
    await database.close();
  });
});

describe('what core.postgres may be', () => {
  const { url, schema, drop } = postgresSchema();
  afterAll(drop);

  async function use(postgres: Parameters<typeof openStorage>[0] & { postgres: unknown }): Promise<boolean> {
    const database = await openStorage(checkCoreOptions(postgres) as typeof postgres);
    const exists = await new TenantsStorage(database).exists('public');
    await database.close();
    return exists;
  }

  it('a connection string', async () => {
    expect(await use({ postgres: url, schema })).toBe(true);
  });

  it('a configuration for a pool', async () => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const parts: PoolConfig = {
      host: hostname,
      port: Number(port),
      user: username,
      password,
      database: pathname.slice(1),
    };
    expect(await use({ postgres: { ...parts, max: 2, application_name: 'test' }, schema })).toBe(true);
    expect(await use({ postgres: { ...parts, password: async () => password }, schema })).toBe(true);
  });

  it("the application's own pool, which stays as it was", async () => {
    const pool = new Pool({ connectionString: url });
    expect(await use({ postgres: pool, schema })).toBe(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(pool.listenerCount('error')).toBe(0);
    await pool.end();
  });
});

describe('the schema', () => {
  const { url, schema, drop, query } = postgresSchema();
  const role = `${schema}_app`;
  const asRole = () => Object.assign(new URL(url), { username: role, password: 'x' }).href;

  afterEach(async () => {
    await drop();
    await query(`drop owned by ${role}`);
    await query(`drop role ${role}`);
  });

  it('need not be ours to make when somebody else has made it', async () => {
    await query(`create role ${role} login password 'x'`);
    await expect(openStorage({ postgres: asRole(), schema })).rejects.toThrow(
      new RegExp(
        `may not look after the tables in schema ${schema} \\(42501: permission denied .*\\)\\. Grant it, or run`,
      ),
    );
    await query(`create schema ${schema} authorization ${role}`);
    const database = await openStorage({ postgres: asRole(), schema });
    expect(await new TenantsStorage(database).exists('public')).toBe(true);
    await database.close();
  });

  it('needs no rights to make tables once they are made', async () => {
    await (await openStorage({ postgres: url, schema })).close();
    await query(`create role ${role} login password 'x'`);
    await query(`grant usage on schema ${schema} to ${role}`);
    await query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
    const database = await openStorage({ postgres: asRole(), schema, migrations: 'check' });
    expect(await new TenantsStorage(database).insert('acme')).toBe(true);
    await database.close();
  });

  it('keeps apps apart', async () => {
    await query(`create role ${role}`);
    const one = await openStorage({ postgres: url, schema });
    const other = await openStorage({ postgres: url, schema: `${schema}_two` });
    await new TenantsStorage(one).insert('acme');
    expect(await new TenantsStorage(other).exists('acme')).toBe(false);
    await Promise.all([one.close(), other.close()]);
    await query(`drop schema ${schema}_two cascade`);
  });
});
