import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CoreUnderTest, persistentEmbeddedCores } from '../../../test/contract/cores.js';
import { EmailPasswordCore } from '../email-password.core.js';
import { SqlAuthDatabase } from './storage/sql-auth-database.js';

describe.each(persistentEmbeddedCores)('a reset token and an email that moves away: $name', ({ create }) => {
  let tested: CoreUnderTest;
  beforeAll(async () => {
    tested = await create();
  });
  afterAll(() => tested.close());

  it('does not work where it was stored after the move, as by a process that had looked before', async () => {
    const tenantId = 'public';
    const emailPassword = tested.core.port(EmailPasswordCore);
    const signedUp = await emailPassword.signUp({ tenantId, email: 'old@example.com', password: 'correct horse 1' });
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    const { recipeUserId } = signedUp;
    const created = await emailPassword.createResetPasswordToken({
      tenantId,
      userId: recipeUserId,
      email: 'old@example.com',
    });
    if (created.status !== 'OK') throw new Error(created.status);

    const db = await tested.core.port(SqlAuthDatabase).tables();
    const stored = await db.selectFrom('latchkey_one_time_tokens').selectAll().execute();
    await emailPassword.updateEmailOrPassword({ recipeUserId, email: 'new@example.com' });
    await db.insertInto('latchkey_one_time_tokens').values(stored).execute();

    // Anyone who still reads the old mailbox has the link.
    const reset = { tenantId, token: created.token, newPassword: 'a new battery 2' };
    expect(await emailPassword.resetPasswordUsingToken(reset)).toEqual({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });
    const signIn = { tenantId, email: 'new@example.com', password: 'correct horse 1' };
    expect(await emailPassword.signIn(signIn)).toMatchObject({ status: 'OK' });
  });
});
