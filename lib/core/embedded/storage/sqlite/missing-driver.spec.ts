import { expect, it, jest } from '@jest/globals';

it('says how to install better-sqlite3 when it is not there', async () => {
  jest.unstable_mockModule('better-sqlite3', () => {
    throw Object.assign(new Error("Cannot find package 'better-sqlite3'"), { code: 'ERR_MODULE_NOT_FOUND' });
  });
  const { openSqlite } = await import('./connection.js');
  await expect(openSqlite(':memory:')).rejects.toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringMatching(/or install it: npm install better-sqlite3@12$/),
  });
});
