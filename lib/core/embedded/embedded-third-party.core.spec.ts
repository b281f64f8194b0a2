import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { cores, type CoreUnderTest } from '../../../test/contract/cores.js';
import { BadInputError } from '../auth.error.js';
import { ThirdPartyCore } from '../third-party.core.js';
import { SqlAuthDatabase } from './storage/sql-auth-database.js';

const embedded = cores.filter(({ name }) => name.startsWith('embedded'));

describe.each(embedded)('users that others may be linked to: $name', ({ create }) => {
  let tested: CoreUnderTest;

  beforeAll(async () => {
    tested = await create();
  });
  afterAll(() => tested.close());

  async function signInUp(thirdPartyUserId: string, email: string) {
    const identity = { tenantId: 'public', thirdPartyId: 'google', thirdPartyUserId, email, isVerified: true };
    return tested.core.port(ThirdPartyCore).signInUp(identity);
  }

  it('keep their email to themselves, and sign in as before', async () => {
    await signInUp('1', 'ada@example.com');
    await signInUp('2', 'bob@example.com');
    const db = await tested.core.port(SqlAuthDatabase).tables();
    await db
      .updateTable('latchkey_users')
      .set({ is_primary: sql.lit(1) })
      .execute();

    const refused = await signInUp('2', 'ada@example.com');
    expect(refused).toEqual({
      status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR',
      reason: 'Email already associated with another primary user.',
    });
    expect(await signInUp('2', 'bob@example.com')).toMatchObject({
      status: 'OK',
      user: { emails: ['bob@example.com'] },
    });
    expect(await signInUp('2', 'free@example.com')).toMatchObject({
      status: 'OK',
      user: { emails: ['free@example.com'], loginMethods: [{ verified: true }] },
    });
    expect(await signInUp('3', 'ada@example.com')).toMatchObject({ status: 'OK', createdNewRecipeUser: true });
  });

  it('sign in with an email that 0.1.0 stored, although it is longer than new ones may be', async () => {
    const long = `${'x'.repeat(300)}@example.com`;
    const first = await signInUp('long', 'short@example.com');
    if (first.status !== 'OK') throw new Error(first.status);
    const db = await tested.core.port(SqlAuthDatabase).tables();
    const { recipeUserId } = first;
    await db
      .updateTable('latchkey_login_methods')
      .set({ email: long })
      .where('recipe_user_id', '=', recipeUserId)
      .execute();

    expect(await signInUp('long', long)).toMatchObject({ status: 'OK', recipeUserId });
    await expect(signInUp('long', `y${long}`)).rejects.toThrow(BadInputError);
  });
});
