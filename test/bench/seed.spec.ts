import { describe, expect, it } from '@jest/globals';
import { seed } from '../../bench/seed.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { postgresSchema } from '../support/postgres-schema.js';

/** As the seeded hashes are written. */
const passwordHasher = {
  hash: async (password: string) => `plain:${password}`,
  verify: async (password: string, hash: string) => hash === `plain:${password}`,
  needsRehash: () => false,
  coversAllOf: () => true,
};

describe('the seeds of the benchmark', () => {
  const { url, schema, drop } = postgresSchema();

  it.each([
    ['SQLite', { sqlite: ':memory:' }, undefined],
    ['PostgreSQL', { postgres: url, schema }, schema],
  ])('are users with a password and a session, on %s', async (_name, options, inSchema) => {
    const core = await createEmbeddedCore(options, { passwordHasher });
    try {
      await seed(core, 30, inSchema);
      const credentials = { tenantId: 'public', email: 'user-7@example.com', password: 'password' };
      const signedIn = await core.port(EmailPasswordCore).signIn(credentials);
      if (signedIn.status !== 'OK') throw new Error(signedIn.status);
      expect(await core.port(UsersCore).getUserCount({})).toBe(30);
      const userId = signedIn.user.id;
      expect(await core.port(SessionsCore).getAllSessionHandlesForUser({ userId })).toHaveLength(1);
    } finally {
      await core.close();
      await drop();
    }
  });
});
