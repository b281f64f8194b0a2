import { expect, it, jest } from '@jest/globals';

it('says how to install pg when it is not there', async () => {
  jest.unstable_mockModule('pg', () => {
    throw Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
  });
  const { openPostgres } = await import('./connection.js');
  await expect(openPostgres({ postgres: 'postgres://localhost/app' })).rejects.toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringMatching(/npm install pg$/),
  });
});
