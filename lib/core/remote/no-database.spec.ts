import { expect, it, jest } from '@jest/globals';

it('needs no database in this process', async () => {
  for (const name of ['kysely', 'pg', 'better-sqlite3']) {
    jest.unstable_mockModule(name, () => {
      throw new Error(`${name} was loaded`);
    });
  }
  await import('latchkey');
  const { createCore } = await import('../parts/create-core.js');
  const { SessionsCore } = await import('../sessions.core.js');
  const dependencies = { passwordHasher: undefined as never };
  const core = await createCore({ connectionURI: 'http://127.0.0.1:3567' }, dependencies);
  expect(core.offers(SessionsCore)).toBe(true);
  await expect(createCore({ sqlite: ':memory:' }, dependencies)).rejects.toThrow('kysely was loaded');
});
