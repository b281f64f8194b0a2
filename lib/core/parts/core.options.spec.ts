import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../auth.error.js';
import { checkCoreOptions, type CoreOptions } from './core.options.js';

const url = 'postgres://user:secret@localhost:5432/app';

function refusal(options: unknown): string {
  try {
    checkCoreOptions(options as CoreOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('The options were taken, though they are wrong');
}

describe('core options', () => {
  const pool = { connect: async () => undefined, on: () => pool };

  it.each([
    { sqlite: 'auth.sqlite' },
    { sqlite: ':memory:', migrations: 'check' },
    { postgres: url },
    { postgres: 'postgresql:///app' },
    { postgres: 'postgres://user@/app?host=/var/run/postgresql' },
    { postgres: { host: 'localhost', max: 5 }, schema: 'acme_1' },
    { postgres: { connectionString: url }, statementTimeoutMs: 500 },
    { postgres: pool, schema: '_x' },
    { connectionURI: 'http://localhost:3567' },
    { connectionURI: 'https://a.example.com/appid-shop/; https://b.example.com', apiKey: 'a key', timeoutMs: 500 },
    { sqlite: 'auth.sqlite', firebasePasswordHashing: { signerKey: 'jxspr8Ki0RYycVU8zykbdA==' } },
  ])('takes %j', (options) => {
    expect(checkCoreOptions(options as CoreOptions)).toEqual(options);
  });

  it('hands a pool over as it is', () => {
    expect(checkCoreOptions({ postgres: pool } as never)).toHaveProperty('postgres', pool);
    expect((checkCoreOptions({ postgres: pool } as never) as { postgres: unknown }).postgres).toBe(pool);
  });

  const noConnectionString =
    'is not a connection string: it does not begin with postgres://. ' +
    'Give one such as postgres://user:password@localhost:5432/app.';

  const CORE = 'Give the address of a core, such as http://localhost:3567.';

  it.each<[unknown, string]>([
    [
      { connectionURI: 'http://user:secret@localhost' },
      `option connectionURI has a user or a password in it, which is what apiKey is for. ${CORE}`,
    ],
    [{ connectionURI: 'http://a b' }, `option connectionURI has an address that cannot be read as a URL. ${CORE}`],
    [
      { connectionURI: 'http://a?key=secret' },
      `option connectionURI has an address with a query or a fragment. ${CORE}`,
    ],
    [{ connectionURI: ' ; ' }, `option connectionURI is empty. ${CORE}`],
    [
      { connectionURI: undefined },
      'option connectionURI is undefined. If it comes from an environment variable, that is not set. Give a value such as http://localhost:3567.',
    ],
    [
      { connectionURI: 'http://localhost', apiKey: 'secret\n' },
      'option apiKey is not one that can be sent. Give a key of the core, without spaces at its ends.',
    ],
    [
      { connectionURI: 'http://localhost', accessTokenLifetimeSeconds: 60 },
      'option accessTokenLifetimeSeconds is for a core in this process. Configure it where the core runs.',
    ],
    [
      { connectionURI: 'http://localhost', postgres: url },
      'options connectionURI and postgres are both given. Give one of them.',
    ],
    [
      { connectionURI: 'http://localhost', timeoutMs: 0 },
      'option timeoutMs is 0. Give a whole number of milliseconds from 1 to 3600000.',
    ],
    [
      { connectionURI: 'http://localhost', connectionUri: 'x' },
      'there is no option connectionUri. Remove it, or correct its name.',
    ],
    [{ sqlite: 'a', postgres: url }, 'options sqlite and postgres are both given. Give one of them.'],
    [
      { connectionURI: url },
      'option connectionURI has an address that does not begin with http:// or https://. ' +
        'Give the address of a core, such as http://localhost:3567.',
    ],
    [url, "the options are a connection string. Give { postgres: 'postgres://…' }."],
    [{ postgres: 'postgers://user:secret@localhost/app' }, `option postgres ${noConnectionString}`],
    [{ postgres: 'host=localhost password=secret' }, `option postgres ${noConnectionString}`],
    [{ postgres: { connectionString: 'secret' } }, `option postgres.connectionString ${noConnectionString}`],
    [{ postgres: { connectionString: 7 } }, `option postgres.connectionString ${noConnectionString}`],
    [
      { postgres: 'postgres://user:sec#ret@x:y/app' },
      'option postgres is not a connection string: it cannot be read as a URL. Percent-encode what is special in ' +
        'the password. Give one such as postgres://user:password@localhost:5432/app.',
    ],
    [
      { postgres: undefined },
      'option postgres is undefined. If it comes from an environment variable, that is not set. Give a value such as postgres://user:password@host/database.',
    ],
    [
      { postgres: null },
      'option postgres is null. Give a connection string, a configuration for a pg.Pool, or a pg.Pool.',
    ],
    [
      { postgres: ['secret'] },
      'option postgres is a list. Give a connection string, a configuration for a pg.Pool, or a pg.Pool.',
    ],
    [
      { postgres: url, statementTimeoutMs: 0 },
      'option statementTimeoutMs is 0. Give a whole number of milliseconds from 1 to 3600000.',
    ],
    [
      { sqlite: 'a', firebasePasswordHashing: { signerKey: 'secret, and not base64' } },
      'option firebasePasswordHashing.signerKey is not a text in base64. ' +
        'Give the base64_signer_key of the Firebase project.',
    ],
    [{ postgres: url, migrations: 'never' }, `option migrations is "never". Give 'auto' or 'check'.`],
    [{ sqlite: 'a', schema: 'x' }, 'there is no option schema. Remove it, or correct its name.'],
    [{ sqlite: 'a', statementTimeoutMs: 1 }, 'there is no option statementTimeoutMs. Remove it, or correct its name.'],
  ])('refuses %j', (options, message) => {
    expect(refusal(options)).toBe(`AuthModule core: ${message}`);
    expect(refusal(options)).not.toMatch(/secret|sec#ret/);
  });

  it.each(['', 'Latchkey', 'a-b', 'a"b', '1a', 'pg_auth', 'x'.repeat(64), 7])('refuses the schema %j', (schema) => {
    expect(refusal({ postgres: url, schema })).toMatch(
      /option schema is .*\. Give a name of at most 63 lower-case letters, digits and underscores/,
    );
  });
});
