import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { type User, UsersCore } from '../../lib/core/users.core.js';
import { CountingPasswordHasher } from '../support/counting-password-hasher.js';
import { cheapPasswordHasher, coresAndMemory, type CoreUnderTest, embeddedCores, persistentCores } from './cores.js';

const password = 'correct horse';
const WRONG_CREDENTIALS = { status: 'WRONG_CREDENTIALS_ERROR' };
const INVALID_TOKEN = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };

const parameters = (hash: string | undefined) => hash?.split('$').slice(0, 4);

describe.each(coresAndMemory)('email and password: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let emailPassword: EmailPasswordCore;
  let users: UsersCore;
  let tenantCount = 0;
  let tenantId: string;
  const hasher = new CountingPasswordHasher(cheapPasswordHasher);

  beforeAll(async () => {
    tested = await create({ passwordHasher: hasher });
    emailPassword = tested.core.port(EmailPasswordCore);
    users = tested.core.port(UsersCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    tenantId = `t${++tenantCount}`;
    await tested.core.port(TenantsCore).createTenant(tenantId);
  });

  async function signUp(email = 'ada@example.com', tenant = tenantId): Promise<User> {
    const result = await emailPassword.signUp({ tenantId: tenant, email, password });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user;
  }

  async function resetToken(userId: string, email = 'ada@example.com', tenant = tenantId): Promise<string> {
    const result = await emailPassword.createResetPasswordToken({ tenantId: tenant, userId, email });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.token;
  }

  function resetWith(token: string) {
    return emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'new' });
  }

  /** @returns the hashes a failing sign-in was verified against */
  async function hashesVerified(email: string): Promise<string[]> {
    const before = hasher.verifiedAgainst.length;
    expect(await emailPassword.signIn({ tenantId, email, password: 'wrong' })).toEqual(WRONG_CREDENTIALS);
    return hasher.verifiedAgainst.slice(before);
  }

  async function canSignIn(email: string, withPassword: string, tenant = tenantId): Promise<boolean> {
    const result = await emailPassword.signIn({ tenantId: tenant, email, password: withPassword });
    return result.status === 'OK';
  }

  describe('sign-up', () => {
    it('makes a user who can sign in, whatever the case of the email', async () => {
      const result = await emailPassword.signUp({ tenantId, email: '  Ada@Example.COM ', password });
      if (result.status !== 'OK') throw new Error(result.status);
      expect(result.user.emails).toEqual(['ada@example.com']);
      expect(result.recipeUserId).toBe(result.user.loginMethods[0]?.recipeUserId);
      const signedIn = await emailPassword.signIn({ tenantId, email: 'ADA@example.com', password });
      expect(signedIn).toEqual({ ...result, credentialsVersion: expect.any(String) });
    });

    it('tells whether the password that was verified still is the one', async () => {
      const email = 'current@example.com';
      await emailPassword.signUp({ tenantId, email, password });
      const signedIn = await emailPassword.signIn({ tenantId, email, password });
      if (signedIn.status !== 'OK') throw new Error(signedIn.status);
      const { recipeUserId, credentialsVersion = '' } = signedIn;
      expect(await emailPassword.areCredentialsCurrent({ recipeUserId, credentialsVersion })).toBe(true);
      expect(await emailPassword.areCredentialsCurrent({ recipeUserId: 'nobody', credentialsVersion })).toBe(false);
      await emailPassword.updateEmailOrPassword({ recipeUserId, password: 'something else 9' });
      expect(await emailPassword.areCredentialsCurrent({ recipeUserId, credentialsVersion })).toBe(false);
    });

    it('gives one user for twenty sign-ups of one email at once', async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          emailPassword.signUp({
            tenantId,
            email: number % 2 === 0 ? 'race@example.com' : ' RACE@example.com',
            password: `password ${number}`,
          }),
        ),
      );
      const winners = results.flatMap((result, number) => (result.status === 'OK' ? [number] : []));
      expect(winners).toHaveLength(1);
      expect(results.filter((result) => result.status === 'EMAIL_ALREADY_EXISTS_ERROR')).toHaveLength(19);
      expect(await users.getUserCount({ tenantId })).toBe(1);
      expect(await canSignIn('race@example.com', `password ${winners[0]}`)).toBe(true);
    });

    it('lets every tenant have its own user of one email', async () => {
      const here = await signUp('both@example.com');
      const there = await signUp('both@example.com', 'public');
      expect(there.id).not.toBe(here.id);
      expect(await users.listUsersByAccountInfo({ tenantId, accountInfo: { email: 'both@example.com' } })).toEqual([
        here,
      ]);
    });

    it('does not take over an account by signing up again', async () => {
      await signUp();
      const again = await emailPassword.signUp({ tenantId, email: 'ada@example.com', password: 'mine now' });
      expect(again).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
      expect(await canSignIn('ada@example.com', 'mine now')).toBe(false);
      expect(await canSignIn('ada@example.com', password)).toBe(true);
    });

    it('writes nothing for an unknown tenant, nor hashes a password', async () => {
      const before = await users.getUserCount({});
      const hashed = hasher.hashed;
      const input = { tenantId: 'nowhere', email: 'ghost@example.com', password };
      await expect(emailPassword.signUp(input)).rejects.toThrow(new UnknownTenantError('nowhere'));
      await expect(emailPassword.signIn(input)).rejects.toThrow(UnknownTenantError);
      expect(await users.getUserCount({})).toBe(before);
      expect(hasher.hashed).toBe(hashed);
    });

    it.each([
      ['unicode', 'ünï©ødé@例え.jp', 'пароль \u{1f511} \u0000 end'],
      ['SQL', `a'; drop table latchkey_users; --@example.com`, `' or 1=1 --`],
      ['special keys', '__proto__@example.com', '__proto__'],
      ['a password of 1 MB', 'long@example.com', 'x'.repeat(1_000_000)],
    ])('keeps %s apart from anything else', async (_, email, secret) => {
      expect(await emailPassword.signUp({ tenantId, email, password: secret })).toMatchObject({ status: 'OK' });
      expect(await canSignIn(email, secret)).toBe(true);
      expect(await canSignIn(email, `${secret}x`)).toBe(false);
      expect(await canSignIn(email, secret.slice(0, -1))).toBe(false);
    });
  });

  describe('sign-in', () => {
    it('verifies one hash whether or not the email is known', async () => {
      await signUp();
      const known = await hashesVerified('ada@example.com');
      const unknown = await hashesVerified('nobody@example.com');
      expect(known).toHaveLength(1);
      expect(unknown).toHaveLength(1);
      // Equal parameters, equal cost.
      expect(parameters(unknown[0])).toEqual(parameters(known[0]));
      expect(unknown[0]).not.toBe(known[0]);
    });

    it('does not let a user of one tenant into another', async () => {
      await signUp('only-here@example.com');
      expect(await canSignIn('only-here@example.com', password, 'public')).toBe(false);
    });
  });

  describe('password reset', () => {
    it('sets the new password once', async () => {
      const user = await signUp();
      const token = await resetToken(user.id);
      const reset = { tenantId, token, newPassword: 'battery staple' };
      expect(await emailPassword.resetPasswordUsingToken(reset)).toEqual({
        status: 'OK',
        userId: user.id,
        recipeUserId: user.id,
        email: 'ada@example.com',
      });
      expect(await canSignIn('ada@example.com', 'battery staple')).toBe(true);
      expect(await canSignIn('ada@example.com', password)).toBe(false);

      expect(await emailPassword.resetPasswordUsingToken({ ...reset, newPassword: 'replayed' })).toEqual(INVALID_TOKEN);
      expect(await canSignIn('ada@example.com', 'replayed')).toBe(false);
    });

    it('is told by an embedded core whose it is, as long as it works, and is not spent by that', async () => {
      const { id } = await signUp();
      const token = await resetToken(id);
      const find = (tenant = tenantId) => emailPassword.findPasswordResetToken({ tenantId: tenant, token });
      const owner = { userId: id, recipeUserId: id, email: 'ada@example.com' };
      expect(await find()).toEqual(emailPassword.versionsLast ? owner : undefined);
      expect(await find('public')).toBeUndefined();
      expect(await emailPassword.findPasswordResetToken({ tenantId, token: 'A'.repeat(64) })).toBeUndefined();
      expect(await resetWith(token)).toMatchObject({ status: 'OK' });
      expect(await find()).toBeUndefined();
    });

    it('lets one of twenty uses of a token at once through', async () => {
      const { id } = await signUp();
      const token = await resetToken(id);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: `new ${number}` }),
        ),
      );
      const winners = results.flatMap((result, number) => (result.status === 'OK' ? [number] : []));
      expect(winners).toHaveLength(1);
      expect(await canSignIn('ada@example.com', `new ${winners[0]}`)).toBe(true);
    });

    it('spends every token of the login method, and of no other', async () => {
      const { id } = await signUp();
      const other = await signUp('grace@example.com');
      const [first, second] = [await resetToken(id), await resetToken(id)];
      const others = await resetToken(other.id, 'grace@example.com');
      expect(first).not.toBe(second);
      expect(await resetWith(second)).toMatchObject({ status: 'OK' });
      expect(await resetWith(first)).toEqual(INVALID_TOKEN);
      expect(await resetWith(others)).toMatchObject({ status: 'OK', userId: other.id });
    });

    it('refuses an expired token', async () => {
      const { id } = await signUp();
      const [late, inTime] = [await resetToken(id), await resetToken(id)];
      tested.clock.moveSeconds(3599);
      expect(await resetWith(inTime)).toMatchObject({ status: 'OK' });
      const fresh = await resetToken(id);
      tested.clock.moveSeconds(3600);
      expect(await resetWith(fresh)).toEqual(INVALID_TOKEN);
      expect(await resetWith(late)).toEqual(INVALID_TOKEN);
    });

    it('refuses a token under another tenant, and leaves it good', async () => {
      const { id } = await signUp();
      const token = await resetToken(id);
      const reset = { token, newPassword: 'new' };
      expect(await emailPassword.resetPasswordUsingToken({ ...reset, tenantId: 'public' })).toEqual(INVALID_TOKEN);
      expect(await emailPassword.resetPasswordUsingToken({ ...reset, tenantId })).toMatchObject({ status: 'OK' });
    });

    it('refuses a token that was made for an email the user has left', async () => {
      const { id } = await signUp();
      const token = await resetToken(id);
      await emailPassword.updateEmailOrPassword({ recipeUserId: id, email: 'moved@example.com' });
      const reset = await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'stolen' });
      expect(reset).toEqual(INVALID_TOKEN);
      expect(await canSignIn('moved@example.com', password)).toBe(true);

      // Not even after the email has come back.
      await emailPassword.updateEmailOrPassword({ recipeUserId: id, email: 'ada@example.com' });
      expect(await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'stolen' })).toEqual(
        INVALID_TOKEN,
      );
    });

    it('closes open tokens when the password is changed otherwise', async () => {
      const { id } = await signUp();
      const token = await resetToken(id);
      await emailPassword.updateEmailOrPassword({ recipeUserId: id, password: 'changed' });
      expect(await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'new' })).toEqual(
        INVALID_TOKEN,
      );
    });

    it.each(['', 'x', "' or 1=1 --", '\u{1f511}', 'A'.repeat(64), 'A'.repeat(1_000_000)])(
      'refuses the made-up token %.20j without a change',
      async (token) => {
        const { id } = await signUp();
        const good = await resetToken(id);
        expect(await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: 'new' })).toEqual(
          INVALID_TOKEN,
        );
        expect(await canSignIn('ada@example.com', password)).toBe(true);
        const reset = await emailPassword.resetPasswordUsingToken({ tenantId, token: good, newPassword: 'new' });
        expect(reset.status).toBe('OK');
      },
    );

    it('makes no token for somebody unknown, for another email or in another tenant', async () => {
      const { id } = await signUp();
      const unknown = { status: 'UNKNOWN_USER_ID_ERROR' };
      expect(
        await emailPassword.createResetPasswordToken({ tenantId, userId: 'nobody', email: 'ada@example.com' }),
      ).toEqual(unknown);
      expect(await emailPassword.createResetPasswordToken({ tenantId, userId: id, email: 'eve@example.com' })).toEqual(
        unknown,
      );
      expect(
        await emailPassword.createResetPasswordToken({ tenantId: 'public', userId: id, email: 'ada@example.com' }),
      ).toEqual(unknown);
      await expect(
        emailPassword.createResetPasswordToken({ tenantId: 'nowhere', userId: id, email: 'ada@example.com' }),
      ).rejects.toThrow(UnknownTenantError);
    });
  });

  describe('update of email and password', () => {
    it('changes both', async () => {
      const { id } = await signUp();
      const update = { recipeUserId: id, email: ' Moved@example.com', password: 'changed' };
      expect(await emailPassword.updateEmailOrPassword(update)).toEqual({ status: 'OK' });
      expect(await canSignIn('moved@example.com', 'changed')).toBe(true);
      expect(await canSignIn('ada@example.com', 'changed')).toBe(false);
      expect((await users.getUser(id))?.emails).toEqual(['moved@example.com']);
      // The old email is free.
      await signUp('ada@example.com');
    });

    it('leaves everything as it was when the email is taken', async () => {
      const { id } = await signUp();
      await signUp('taken@example.com');
      const update = { recipeUserId: id, email: 'TAKEN@example.com', password: 'changed' };
      expect(await emailPassword.updateEmailOrPassword(update)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
      expect(await canSignIn('ada@example.com', password)).toBe(true);
      expect(await canSignIn('taken@example.com', password)).toBe(true);
      expect((await users.getUser(id))?.emails).toEqual(['ada@example.com']);
    });

    it('gives an email to one of ten who want it at once', async () => {
      const everyone = await Promise.all(Array.from({ length: 10 }, (_, n) => signUp(`user${n}@example.com`)));
      const results = await Promise.all(
        everyone.map(({ id }) =>
          emailPassword.updateEmailOrPassword({ recipeUserId: id, email: 'wanted@example.com' }),
        ),
      );
      expect(results.filter(({ status }) => status === 'OK')).toHaveLength(1);
      expect(results.filter(({ status }) => status === 'EMAIL_ALREADY_EXISTS_ERROR')).toHaveLength(9);
      const found = await users.listUsersByAccountInfo({ tenantId, accountInfo: { email: 'wanted@example.com' } });
      expect(found).toHaveLength(1);
    });

    it('accepts the email the user has', async () => {
      const { id } = await signUp();
      const update = { recipeUserId: id, email: 'ADA@example.com' };
      expect(await emailPassword.updateEmailOrPassword(update)).toEqual({ status: 'OK' });
      expect(await canSignIn('ada@example.com', password)).toBe(true);
    });

    it('does not know a stranger', async () => {
      const update = { recipeUserId: 'nobody', password: 'changed' };
      expect(await emailPassword.updateEmailOrPassword(update)).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    });
  });
});

// The wire has no empty passwords: the service refuses them.
describe.each(embeddedCores)('an empty password: $name', ({ create }) => {
  it('is a password', async () => {
    const tested = await create();
    try {
      const emailPassword = tested.core.port(EmailPasswordCore);
      const credentials = { tenantId: 'public', email: 'empty@example.com', password: '' };
      expect(await emailPassword.signUp(credentials)).toMatchObject({ status: 'OK' });
      expect(await emailPassword.signIn(credentials)).toMatchObject({ status: 'OK' });
      expect(await emailPassword.signIn({ ...credentials, password: 'y' })).toEqual(WRONG_CREDENTIALS);
    } finally {
      await tested.close();
    }
  });
});

describe.each(persistentCores)('email and password, several processes: $name', ({ create }) => {
  it('lets one of them have an email', async () => {
    const tested = await create();
    try {
      const both = [tested.core, await tested.openAnother()].map((core) => core.port(EmailPasswordCore));
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          both[number % 2]!.signUp({ tenantId: 'public', email: 'race@example.com', password: `p${number}` }),
        ),
      );
      expect(results.filter(({ status }) => status === 'OK')).toHaveLength(1);
      expect(results.filter(({ status }) => status === 'EMAIL_ALREADY_EXISTS_ERROR')).toHaveLength(19);
    } finally {
      await tested.close();
    }
  });
});
