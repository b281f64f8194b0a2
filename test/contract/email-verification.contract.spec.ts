import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { EmailVerificationCore } from '../../lib/core/email-verification.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { cores, type CoreUnderTest, isEmbedded, persistentCores } from './cores.js';
import { transactional } from '../support/transactional.js';

const OK = { status: 'OK' };
const INVALID_TOKEN = { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };
const DAY_SECONDS = 86_400;

describe.each(cores)('email verification: $name', ({ name, create }) => {
  const itInTransactions = transactional(isEmbedded({ name }));
  let tested: CoreUnderTest;
  let verification: EmailVerificationCore;
  let emailPassword: EmailPasswordCore;
  let users: UsersCore;
  let count = 0;
  let tenantId: string;
  let recipeUserId: string;
  let email: string;

  beforeAll(async () => {
    tested = await create();
    verification = tested.core.port(EmailVerificationCore);
    emailPassword = tested.core.port(EmailPasswordCore);
    users = tested.core.port(UsersCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    tenantId = `t${++count}`;
    await tested.core.port(TenantsCore).createTenant(tenantId);
    email = `user-${count}@example.com`;
    recipeUserId = await signUp(email);
  });

  async function signUp(address: string, tenant = tenantId): Promise<string> {
    const result = await emailPassword.signUp({ tenantId: tenant, email: address, password: 'correct horse' });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.recipeUserId;
  }

  async function tokenFor(address = email, user = recipeUserId, tenant = tenantId): Promise<string> {
    const input = { tenantId: tenant, recipeUserId: user, email: address };
    const result = await verification.createEmailVerificationToken(input);
    if (result.status !== 'OK') throw new Error(result.status);
    return result.token;
  }

  const verify = (token: string, tenant = tenantId) => verification.verifyEmailUsingToken({ tenantId: tenant, token });
  const isVerified = (address = email, user = recipeUserId) =>
    verification.isEmailVerified({ recipeUserId: user, email: address });
  /** What the user's only login method says. */
  async function loginMethodIsVerified(user = recipeUserId): Promise<boolean | undefined> {
    return (await users.getUser(user))?.loginMethods[0]?.verified;
  }

  it('knows of no proof at first', async () => {
    expect(await isVerified()).toBe(false);
    expect(await loginMethodIsVerified()).toBe(false);
  });

  it('takes a token once, and then knows the email of the login method for proven', async () => {
    const token = await tokenFor();
    expect(await isVerified()).toBe(false);

    expect(await verify(token)).toEqual({ status: 'OK', recipeUserId, email });
    expect(await isVerified()).toBe(true);
    expect(await loginMethodIsVerified()).toBe(true);

    expect(await verify(token)).toEqual(INVALID_TOKEN);
    expect(await isVerified()).toBe(true);
  });

  it('knows what was proven by a token, or beside it, while that is so and the token would work', async () => {
    const [older, token, another] = [await tokenFor(), await tokenFor(), await tokenFor('elsewhere@example.com')];
    await verify(token);
    const find = (text: string, tenant = tenantId) =>
      verification.findVerifiedByToken({ tenantId: tenant, token: text });
    for (const text of [older, token]) expect(await find(text)).toEqual({ recipeUserId, email });
    await expect(find(token, 'nowhere')).rejects.toThrow(UnknownTenantError);
    expect(await find(token, 'public')).toBeUndefined();
    expect(await find('made-up')).toBeUndefined();
    await verification.unverifyEmail({ recipeUserId, email });
    expect(await find(token)).toBeUndefined();
    await verify(await tokenFor());
    tested.clock.moveSeconds(DAY_SECONDS);
    expect(await find(token)).toBeUndefined();
    expect(await verify(another)).toEqual(INVALID_TOKEN);
  });

  it('makes tokens that are long, never equal and fit for a link', async () => {
    const tokens = [await tokenFor(), await tokenFor()];
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{64}$/);
  });

  it('compares emails trimmed and in lower case', async () => {
    const token = await tokenFor(`  ${email.toUpperCase()} `);
    expect(await verify(token)).toEqual({ status: 'OK', recipeUserId, email });
    expect(await isVerified(` ${email.toUpperCase()}`)).toBe(true);
    expect(await loginMethodIsVerified()).toBe(true);
    await verification.unverifyEmail({ recipeUserId, email: email.toUpperCase() });
    expect(await isVerified()).toBe(false);
  });

  it('makes no token for an email that is proven', async () => {
    await verify(await tokenFor());
    const input = { tenantId, recipeUserId, email: email.toUpperCase() };
    expect(await verification.createEmailVerificationToken(input)).toEqual({ status: 'EMAIL_ALREADY_VERIFIED_ERROR' });
  });

  it('ends every other token for the email with the proof, those of other tenants too', async () => {
    await tested.core.port(TenantsCore).createTenant(`${tenantId}-other`);
    const [first, second] = [await tokenFor(), await tokenFor()];
    const elsewhere = await tokenFor(email, recipeUserId, `${tenantId}-other`);
    await verify(first);
    await verification.unverifyEmail({ recipeUserId, email });

    expect(await verify(second)).toEqual(INVALID_TOKEN);
    expect(await verify(elsewhere, `${tenantId}-other`)).toEqual(INVALID_TOKEN);
    expect(await isVerified()).toBe(false);
  });

  it('leaves tokens for another email of the user, and those of others, alone', async () => {
    const other = await signUp(`other-${email}`);
    const [mine, secondAddress, others] = [
      await tokenFor(),
      await tokenFor(`second-${email}`),
      await tokenFor(`other-${email}`, other),
    ];
    await verify(mine);
    expect(await verify(secondAddress)).toEqual({ status: 'OK', recipeUserId, email: `second-${email}` });
    expect(await verify(others)).toEqual({ status: 'OK', recipeUserId: other, email: `other-${email}` });
  });

  it('proves an email for one user, not for another who has it too', async () => {
    await tested.core.port(TenantsCore).createTenant(`${tenantId}-b`);
    const twin = await signUp(email, `${tenantId}-b`);
    await verify(await tokenFor());

    expect(await isVerified(email, twin)).toBe(false);
    expect(await loginMethodIsVerified(twin)).toBe(false);
    expect(await verification.createEmailVerificationToken({ tenantId, recipeUserId: twin, email })).toMatchObject(OK);
  });

  it('lets a token work until its lifetime is over', async () => {
    const token = await tokenFor();
    tested.clock.moveSeconds(DAY_SECONDS - 1);
    expect(await verify(token)).toMatchObject(OK);

    await verification.unverifyEmail({ recipeUserId, email });
    const late = await tokenFor();
    tested.clock.moveSeconds(DAY_SECONDS);
    expect(await verify(late)).toEqual(INVALID_TOKEN);
    expect(await isVerified()).toBe(false);
  });

  it('takes a token in its own tenant only, and there still after a try in another', async () => {
    await tested.core.port(TenantsCore).createTenant(`${tenantId}-other`);
    const token = await tokenFor();
    expect(await verify(token, `${tenantId}-other`)).toEqual(INVALID_TOKEN);
    expect(await verify(token, 'public')).toEqual(INVALID_TOKEN);
    expect(await isVerified()).toBe(false);
    expect(await verify(token)).toMatchObject(OK);
  });

  it.each([
    ['empty', ''],
    ['unknown', 'A'.repeat(64)],
    ['too short', 'A'.repeat(63)],
    ['huge', 'A'.repeat(1_000_000)],
    ['SQL', "' or '1'='1"],
    ['a zero byte', `\0${'A'.repeat(63)}`],
    ['a lone surrogate', '\ud800'.repeat(64)],
  ])('refuses what is not a token: %s', async (_, token) => {
    expect(await verify(token)).toEqual(INVALID_TOKEN);
  });

  it.each([undefined, null, 1, {}, ['a'], true])('refuses %j instead of a token', async (token) => {
    expect(await verify(token as never)).toEqual(INVALID_TOKEN);
  });

  it('refuses a token with one character changed, cut off or added', async () => {
    const token = await tokenFor();
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [changed, token.slice(1), `${token}A`, ` ${token}`, token.toUpperCase()]) {
      expect(await verify(wrong)).toEqual(INVALID_TOKEN);
    }
    expect(await verify(token)).toMatchObject(OK);
  });

  it('does not take a password reset token, nor does a reset take one of these', async () => {
    const reset = await emailPassword.createResetPasswordToken({ tenantId, userId: recipeUserId, email });
    if (reset.status !== 'OK') throw new Error(reset.status);
    expect(await verify(reset.token)).toEqual(INVALID_TOKEN);
    expect(await isVerified()).toBe(false);

    const token = await tokenFor();
    const refused = await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'new horse' });
    expect(refused).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    const unchanged = await emailPassword.signIn({ tenantId, email, password: 'correct horse' });
    expect(unchanged).toMatchObject(OK);
    // Neither was spent by it.
    expect(await verify(token)).toMatchObject(OK);
    const spent = await emailPassword.resetPasswordUsingToken({ tenantId, token: reset.token, newPassword: 'new' });
    expect(spent).toMatchObject(OK);
  });

  it('revokes the tokens for one email in one tenant', async () => {
    await tested.core.port(TenantsCore).createTenant(`${tenantId}-other`);
    const [first, second] = [await tokenFor(), await tokenFor()];
    const [otherEmail, otherTenant] = [
      await tokenFor(`second-${email}`),
      await tokenFor(email, recipeUserId, `${tenantId}-other`),
    ];
    const revoke = () => verification.revokeEmailVerificationTokens({ tenantId, recipeUserId, email });
    expect(await revoke()).toEqual(OK);
    expect(await revoke()).toEqual(OK);

    expect(await verify(first)).toEqual(INVALID_TOKEN);
    expect(await verify(second)).toEqual(INVALID_TOKEN);
    expect(await verify(otherEmail)).toMatchObject(OK);
    expect(await verify(otherTenant, `${tenantId}-other`)).toMatchObject(OK);
  });

  it('unverifies, which says nothing about what is not proven', async () => {
    expect(await verification.unverifyEmail({ recipeUserId, email })).toEqual(OK);
    const before = await tokenFor();
    await verify(before);
    expect(await verification.unverifyEmail({ recipeUserId, email })).toEqual(OK);
    expect(await isVerified()).toBe(false);
    expect(await loginMethodIsVerified()).toBe(false);
    expect(await verify(await tokenFor())).toMatchObject(OK);
  });

  it('forgets a proof of the old email when the email of the login method changes, and knows it on its return', async () => {
    await verify(await tokenFor());
    await emailPassword.updateEmailOrPassword({ recipeUserId, email: `new-${email}` });
    expect(await loginMethodIsVerified()).toBe(false);
    expect(await isVerified(`new-${email}`)).toBe(false);

    await emailPassword.updateEmailOrPassword({ recipeUserId, email });
    expect(await loginMethodIsVerified()).toBe(true);
  });

  it('takes no token for an email that the login method has left', async () => {
    const token = await tokenFor();
    await emailPassword.updateEmailOrPassword({ recipeUserId, email: `new-${email}` });
    expect(await verify(token)).toEqual(INVALID_TOKEN);
    expect(await isVerified()).toBe(false);
  });

  it('keeps the tokens through a change of nothing but the password, or to the same email', async () => {
    const token = await tokenFor();
    await emailPassword.updateEmailOrPassword({ recipeUserId, email: email.toUpperCase(), password: 'other' });
    expect(await verify(token)).toMatchObject(OK);
  });

  it('knows emails of users that live elsewhere', async () => {
    const [elsewhere, address] = ['user-of-elsewhere', 'elsewhere@example.com'];
    expect(await verify(await tokenFor(address, elsewhere))).toEqual({
      status: 'OK',
      recipeUserId: elsewhere,
      email: address,
    });
    expect(await isVerified(address, elsewhere)).toBe(true);
    await users.deleteUser(elsewhere);
    expect(await isVerified(address, elsewhere)).toBe(false);
  });

  it('forgets proofs and tokens with the user', async () => {
    await verify(await tokenFor());
    const token = await tokenFor(`second-${email}`);
    await users.deleteUser(recipeUserId);
    expect(await isVerified()).toBe(false);
    expect(await verify(token)).toEqual(INVALID_TOKEN);
    expect(await isVerified(`second-${email}`)).toBe(false);
  });

  it('lets one of many who come with one token in', async () => {
    const token = await tokenFor();
    const results = await Promise.all(Array.from({ length: 8 }, () => verify(token)));
    expect(results.filter(({ status }) => status === 'OK')).toEqual([{ status: 'OK', recipeUserId, email }]);
    expect(results.filter(({ status }) => status !== 'OK')).toEqual(Array.from({ length: 7 }, () => INVALID_TOKEN));
  });

  it('lets one of many tokens for one email win', async () => {
    const tokens = await Promise.all(Array.from({ length: 8 }, () => tokenFor()));
    const results = await Promise.all(tokens.map((token) => verify(token)));
    expect(results.filter(({ status }) => status === 'OK')).toHaveLength(1);
    expect(await isVerified()).toBe(true);
  });

  itInTransactions('takes a token back with the transaction that made it', async () => {
    let token = '';
    const work = tested.core.transaction(async () => {
      token = await tokenFor();
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await verify(token)).toEqual(INVALID_TOKEN);
  });

  itInTransactions('takes a proof back with the transaction it belongs to, and the token is good again', async () => {
    const token = await tokenFor();
    const work = tested.core.transaction(async () => {
      expect(await verify(token)).toMatchObject(OK);
      expect(await isVerified()).toBe(true);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await isVerified()).toBe(false);
    expect(await verify(token)).toMatchObject(OK);
  });

  it('knows no tenant that does not exist', async () => {
    const input = { tenantId: 'nowhere', recipeUserId, email };
    await expect(verification.createEmailVerificationToken(input)).rejects.toThrow(UnknownTenantError);
    await expect(verify(await tokenFor(), 'nowhere')).rejects.toThrow(UnknownTenantError);
    await expect(verification.revokeEmailVerificationTokens(input)).rejects.toThrow(UnknownTenantError);
  });
});

describe.each(persistentCores)('email verification of several processes: $name', ({ create }) => {
  it('takes a token in any of them, and in one of them only', async () => {
    const tested = await create({ emailVerificationTokenLifetimeSeconds: 600 });
    try {
      const other = await tested.openAnother();
      const [here, there] = [tested.core, other].map((core) => core.port(EmailVerificationCore));
      const user = { tenantId: 'public', recipeUserId: 'u', email: 'ada@example.com' };
      const created = await here!.createEmailVerificationToken(user);
      if (created.status !== 'OK') throw new Error(created.status);
      const { token } = created;
      const results = await Promise.all(
        [here!, there!, here!, there!].map((port) => port.verifyEmailUsingToken({ tenantId: 'public', token })),
      );
      expect(results.map(({ status }) => status).sort()).toEqual([
        INVALID_TOKEN.status,
        INVALID_TOKEN.status,
        INVALID_TOKEN.status,
        'OK',
      ]);
      expect(await there!.isEmailVerified(user)).toBe(true);

      await here!.unverifyEmail(user);
      const next = await there!.createEmailVerificationToken(user);
      tested.clock.moveSeconds(600);
      const token2 = next.status === 'OK' ? next.token : '';
      expect(await here!.verifyEmailUsingToken({ tenantId: 'public', token: token2 })).toEqual(INVALID_TOKEN);
    } finally {
      await tested.close();
    }
  });
});
