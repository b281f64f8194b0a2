import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { Pool } from 'pg';
import { postgresSchema } from '../../../../test/support/postgres-schema.js';
import { testServerUrl } from '../../../../test/support/postgres-server-url.js';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { ConfigurationError } from '../../auth.error.js';
import type { Core } from '../../core.js';
import { EmailPasswordCore } from '../../email-password.core.js';
import { UsersCore } from '../../users.core.js';
import { Argon2PasswordHasher } from '../argon2-password-hasher.js';
import { createEmbeddedCore } from '../../parts/embedded-core.js';
import type { EmbeddedDatabaseOptions } from './database.options.js';
import { removeAppStorage } from './remove-app-storage.js';

const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });
const open = (options: EmbeddedDatabaseOptions): Promise<Core> => createEmbeddedCore(options, { passwordHasher });

async function signUp(core: Core): Promise<void> {
  const input = { tenantId: 'public', email: 'ada@example.com', password: 'secret' };
  expect(await core.port(EmailPasswordCore).signUp(input)).toMatchObject({ status: 'OK' });
}

/** @returns how many users there are in a storage that is opened again */
async function usersIn(options: EmbeddedDatabaseOptions): Promise<number> {
  const core = await open(options);
  try {
    return await core.port(UsersCore).getUserCount({});
  } finally {
    await core.close();
  }
}

describe('removing the file of an app', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('leaves nothing of it, and nothing of its log to a later one of the same name', async () => {
    const sqlite = folder.path('app.sqlite');
    const core = await open({ sqlite });
    await signUp(core);
    // As a process leaves it that was killed: with its log.
    expect(existsSync(`${sqlite}-wal`)).toBe(true);
    expect(await removeAppStorage({ sqlite })).toBe(true);
    await core.close();
    expect(await readdir(folder.path('.'))).toEqual([]);
    expect(await usersIn({ sqlite })).toBe(0);
  });

  it('does nothing where there is no storage', async () => {
    expect(await removeAppStorage({ sqlite: folder.path('none.sqlite') })).toBe(false);
    expect(await removeAppStorage({ sqlite: ':memory:' })).toBe(false);
  });

  it('spares a file that is not a database', async () => {
    const sqlite = folder.path('letters.txt');
    await writeFile(sqlite, 'Dear Ada, this is no database');
    await expect(removeAppStorage({ sqlite })).rejects.toThrow(ConfigurationError);
    expect(existsSync(sqlite)).toBe(true);
  });
});

describe('many apps over one pool', () => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ connectionString: testServerUrl(), max: 3 });
  });
  afterAll(() => pool.end());

  const inPool = ({ schema }: { schema: string }) => ({ postgres: pool, schema });

  it('keeps them apart, removes one without the others, and lets go of the pool', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    const schemas = Array.from({ length: 12 }, () => postgresSchema());
    const cores = await Promise.all(schemas.map((schema) => open(inPool(schema))));
    try {
      await Promise.all(cores.map(signUp));
      const counts = await Promise.all(cores.map((core) => core.port(UsersCore).getUserCount({})));
      expect(counts).toEqual(cores.map(() => 1));
      expect(pool.listenerCount('error')).toBe(1);

      await cores[0]!.close();
      expect(await removeAppStorage(inPool(schemas[0]!))).toBe(true);
      expect(await removeAppStorage(inPool(schemas[0]!))).toBe(false);
      expect(await usersIn(inPool(schemas[0]!))).toBe(0);
      expect(await cores[1]!.port(UsersCore).getUserCount({})).toBe(1);
      expect(pool.listenerCount('error')).toBe(1);
    } finally {
      await Promise.all(cores.map((core) => core.close()));
      await Promise.all(schemas.map((schema) => schema.drop()));
      process.off('warning', listen);
    }
    expect(pool.listenerCount('error')).toBe(0);
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
    expect((await pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('spares a schema that is not that of an app', async () => {
    const other = postgresSchema();
    await other.query(`create schema ${other.schema}`);
    try {
      await expect(removeAppStorage(inPool(other))).rejects.toThrow(ConfigurationError);
      await expect(removeAppStorage({ postgres: pool, schema: 'public' })).rejects.toThrow(ConfigurationError);
      const left = await other.query('select 1 from pg_namespace where nspname = $1', [other.schema]);
      expect(left).toHaveLength(1);
    } finally {
      await other.drop();
    }
  });
});
