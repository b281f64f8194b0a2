import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { type CoreUnderTest, embeddedCores } from './cores.js';

describe.each(embeddedCores)('former passwords: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let emailPassword: EmailPasswordCore;

  beforeAll(async () => {
    tested = await create();
    emailPassword = tested.core.port(EmailPasswordCore);
  });
  afterAll(() => tested.close());

  let count = 0;
  async function signUp() {
    const email = `former-${++count}@example.com`;
    const result = await emailPassword.signUp({ tenantId: 'public', email, password: 'p0' });
    if (result.status !== 'OK') throw new Error(result.status);
    const { recipeUserId } = result;
    const change = (newPassword: string, historyLength?: number) =>
      emailPassword.updateEmailOrPassword({ recipeUserId, password: newPassword, historyLength });
    const used = async (passwords: string[], historyLength: number) => {
      const found: string[] = [];
      for (const each of passwords) {
        if (await emailPassword.wasPasswordUsed({ recipeUserId, password: each, historyLength })) found.push(each);
      }
      return found;
    };
    return { email, recipeUserId, change, used };
  }

  it('are known with the one of now, as many as are kept and compared', async () => {
    const { change, used } = await signUp();
    const all = ['p0', 'p1', 'p2', 'p3', 'e\u0301'];
    expect(await used(all, 24)).toEqual(['p0']);
    for (const each of ['p1', 'p2', 'p3']) await change(each, 3);
    expect(await used(all, 24)).toEqual(['p1', 'p2', 'p3']);
    expect(await used(all, 2)).toEqual(['p2', 'p3']);
    await change('\u00e9', 3);
    expect(await used(all, 24)).toEqual(['p2', 'p3', 'e\u0301']);
  });

  it('stay as they are where a change says nothing of them, and go where it keeps none', async () => {
    const { change, used } = await signUp();
    await change('p1', 2);
    await change('p2');
    expect(await used(['p0', 'p1', 'p2'], 24)).toEqual(['p0', 'p2']);
    await change('p3', 0);
    expect(await used(['p0', 'p1', 'p2', 'p3'], 24)).toEqual(['p3']);
  });

  it('are kept by a reset too, go with the user, and are those of one login method', async () => {
    const { email, recipeUserId, used } = await signUp();
    const other = await signUp();
    const created = await emailPassword.createResetPasswordToken({ tenantId: 'public', userId: recipeUserId, email });
    const token = created.status === 'OK' ? created.token : '';
    const reset = { tenantId: 'public', token, newPassword: 'p1', historyLength: 2 };
    expect(await emailPassword.resetPasswordUsingToken(reset)).toMatchObject({ status: 'OK' });
    expect(await used(['p0', 'p1'], 2)).toEqual(['p0', 'p1']);
    expect(await other.used(['p0', 'p1'], 2)).toEqual(['p0']);
    await tested.core.port(UsersCore).deleteUser(recipeUserId);
    expect(await used(['p0', 'p1'], 2)).toEqual([]);
  });

  it('are as many as are kept after ten changes at once', async () => {
    const { change, used } = await signUp();
    const passwords = Array.from({ length: 10 }, (_, number) => `p${number + 1}`);
    await Promise.all(passwords.map((each) => change(each, 4)));
    expect(await used(['p0', ...passwords], 24)).toHaveLength(4);
  });
});
