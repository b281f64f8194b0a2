import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { cores, type CoreUnderTest } from '../../../../../test/contract/cores.js';
import { BadInputError } from '../../../auth.error.js';
import { EmailPasswordCore } from '../../../email-password.core.js';
import { UsersCore } from '../../../users.core.js';

const tenantId = 'public';

describe('text that PostgreSQL cannot hold', () => {
  let tested: CoreUnderTest;

  beforeAll(async () => {
    tested = await cores.find(({ name }) => name.endsWith('PostgreSQL'))!.create();
  });
  afterAll(() => tested.close());

  it.each([
    ['a NUL', 'a\u0000b@example.com'],
    ['half a surrogate pair', 'a\ud800b@example.com'],
    ['more than an index takes', `${randomBytes(3000).toString('hex')}@example.com`],
  ])('is refused as bad input: %s', async (what, email) => {
    const emailPassword = tested.core.port(EmailPasswordCore);
    await expect(emailPassword.signUp({ tenantId, email, password: 'secret' })).rejects.toThrow(BadInputError);
    expect(await tested.core.port(UsersCore).getUserCount({})).toBe(0);
    expect(await emailPassword.signUp({ tenantId, email: `${what}@example.com`, password: 'secret' })).toMatchObject({
      status: 'OK',
    });
    await tested.core.transaction(async () => {
      const { users } = await tested.core.port(UsersCore).getUsersOldestFirst({});
      for (const { id } of users) await tested.core.port(UsersCore).deleteUser(id);
    });
  });

  it('does not take whole characters for halves', async () => {
    const email = '\u{1f511}@example.com';
    const emailPassword = tested.core.port(EmailPasswordCore);
    const result = await emailPassword.signUp({ tenantId, email, password: 'secret' });
    expect(result).toMatchObject({ status: 'OK', user: { emails: [email] } });
  });
});
