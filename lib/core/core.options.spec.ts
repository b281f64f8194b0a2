import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './auth.error.js';
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

  it.each<[unknown, string]>([
    [{ sqlite: 'a', postgres: url }, 'options sqlite and postgres are both given. Give one of them.'],
    [{ connectionURI: url }, "option connectionURI is not available in this version. Give { sqlite: 'auth.sqlite' }."],
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
      'option postgres is of type undefined. Give a connection string, a configuration for a pg.Pool, or a pg.Pool.',
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
