import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BadInputError, UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { EmailVerificationCore } from '../../lib/core/email-verification.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore, type ThirdPartySignInUpInput } from '../../lib/core/third-party.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { cores, type CoreUnderTest, isEmbedded, persistentCores } from './cores.js';
import { transactional } from '../support/transactional.js';

describe.each(cores)('third party: $name', ({ name, create }) => {
  const itInTransactions = transactional(isEmbedded({ name }));
  let tested: CoreUnderTest;
  let thirdParty: ThirdPartyCore;
  let users: UsersCore;
  let tenantCount = 0;
  let tenantId: string;

  beforeAll(async () => {
    tested = await create();
    thirdParty = tested.core.port(ThirdPartyCore);
    users = tested.core.port(UsersCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    tenantId = `t${++tenantCount}`;
    await tested.core.port(TenantsCore).createTenant(tenantId);
  });

  async function signInUp(changes: Partial<ThirdPartySignInUpInput> = {}) {
    const result = await thirdParty.signInUp({
      tenantId,
      thirdPartyId: 'google',
      thirdPartyUserId: '1',
      email: 'ada@example.com',
      isVerified: false,
      ...changes,
    });
    if (result.status !== 'OK') throw new Error(result.status);
    return result;
  }

  describe('sign-in-up', () => {
    it('makes a user of a new identity, and finds it again', async () => {
      const first = await signInUp({ email: ' Ada@Example.com ' });
      expect(first).toMatchObject({ createdNewRecipeUser: true, recipeUserId: first.user.id });
      expect(first.user).toMatchObject({
        emails: ['ada@example.com'],
        tenantIds: [tenantId],
        thirdParty: [{ id: 'google', userId: '1' }],
        loginMethods: [
          {
            recipeId: 'thirdparty',
            recipeUserId: first.user.id,
            tenantIds: [tenantId],
            email: 'ada@example.com',
            thirdParty: { id: 'google', userId: '1' },
            verified: false,
          },
        ],
      });
      expect(await signInUp()).toEqual({ ...first, createdNewRecipeUser: false });
      expect(await users.getUser(first.user.id)).toEqual(first.user);
      const accountInfo = { thirdParty: { id: 'google', userId: '1' } };
      expect(await users.listUsersByAccountInfo({ tenantId, accountInfo })).toEqual([first.user]);
    });

    it('makes one user of twenty first sign-ins at once', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => signInUp({ isVerified: true })));
      expect(results.filter((result) => result.createdNewRecipeUser)).toHaveLength(1);
      expect(new Set(results.map((result) => result.user.id)).size).toBe(1);
      expect(await users.getUserCount({ tenantId })).toBe(1);
    });

    it('belongs to the issuer of its first sign-in that names one, and to no other', async () => {
      const first = await signInUp();
      const signedIn = { ...first, createdNewRecipeUser: false };
      // An account of an earlier version adopts it.
      expect(await signInUp({ issuer: 'https://a.example' })).toEqual(signedIn);
      expect(await signInUp({ issuer: 'https://a.example' })).toEqual(signedIn);
      const other = {
        tenantId,
        thirdPartyId: 'google',
        thirdPartyUserId: '1',
        email: 'eve@example.com',
        isVerified: true,
      };
      for (const issuer of ['https://b.example', 'https://a.example/', 'HTTPS://a.example']) {
        expect(await thirdParty.signInUp({ ...other, issuer })).toEqual({
          status: 'OTHER_ISSUER_ERROR',
          issuer: 'https://a.example',
        });
      }
      expect(await users.getUser(first.user.id)).toEqual(first.user);
      // Where nobody says who vouches for it, as when an application moves users here, nothing is compared.
      expect(await signInUp()).toEqual(signedIn);
      expect(await thirdParty.signInUp({ ...other, issuer: 'https://b.example' })).toMatchObject({
        status: 'OTHER_ISSUER_ERROR',
      });
    });

    it('moves to another issuer where the former one is named', async () => {
      const { user } = await signInUp({ issuer: 'https://old.example' });
      const formerIssuers = ['https://older.example', 'https://old.example'];
      expect((await signInUp({ issuer: 'https://new.example', formerIssuers })).user).toEqual(user);
      const input = {
        tenantId,
        thirdPartyId: 'google',
        thirdPartyUserId: '1',
        email: 'a@example.com',
        isVerified: false,
      };
      expect(await thirdParty.signInUp({ ...input, issuer: 'https://old.example' })).toEqual({
        status: 'OTHER_ISSUER_ERROR',
        issuer: 'https://new.example',
      });
    });

    it('goes to one of several issuers that come for it at once', async () => {
      await signInUp();
      const input = {
        tenantId,
        thirdPartyId: 'google',
        thirdPartyUserId: '1',
        email: 'ada@example.com',
        isVerified: false,
      };
      const issuers = Array.from({ length: 10 }, (_, at) => `https://${at}.example`);
      const results = await Promise.all(issuers.map((issuer) => thirdParty.signInUp({ ...input, issuer })));
      expect(results.filter(({ status }) => status === 'OK')).toHaveLength(1);
      const winner = issuers[results.findIndex(({ status }) => status === 'OK')];
      expect(results.filter(({ status }) => status !== 'OK')).toEqual(
        Array.from({ length: 9 }, () => ({ status: 'OTHER_ISSUER_ERROR', issuer: winner })),
      );
    });

    it('keeps its issuer in every tenant that it is added to', async () => {
      const { recipeUserId } = await signInUp({ issuer: 'https://a.example' });
      const second = `${tenantId}-second`;
      const tenants = tested.core.port(TenantsCore);
      await tenants.createTenant(second);
      await tenants.addLoginMethodToTenant({ tenantId: second, recipeUserId });
      const input = { thirdPartyId: 'google', thirdPartyUserId: '1', email: 'ada@example.com', isVerified: false };
      const result = await thirdParty.signInUp({
        ...input,
        tenantId: second,
        issuer: 'https://okta-of-the-second.example',
      });
      expect(result).toEqual({ status: 'OTHER_ISSUER_ERROR', issuer: 'https://a.example' });
    });

    it('keeps apart who has the same email', async () => {
      await tested.core.port(EmailPasswordCore).signUp({ tenantId, email: 'ada@example.com', password: 'secret 123' });
      const google = await signInUp({ isVerified: true });
      const github = await signInUp({ thirdPartyId: 'github', isVerified: true });
      const other = await signInUp({ thirdPartyUserId: '2' });
      expect(new Set([google, github, other].map((result) => result.user.id)).size).toBe(3);
      expect([google, github, other].every((result) => result.createdNewRecipeUser)).toBe(true);
      expect(await users.getUserCount({ tenantId })).toBe(4);
    });

    it.each<[string, Partial<ThirdPartySignInUpInput>, Partial<ThirdPartySignInUpInput>]>([
      ['in case', { thirdPartyUserId: 'AbC' }, { thirdPartyUserId: 'abc' }],
      ['in space around it', { thirdPartyUserId: 'a' }, { thirdPartyUserId: ' a' }],
      [
        'in where the provider ends',
        { thirdPartyId: 'a', thirdPartyUserId: '","b' },
        { thirdPartyId: 'a","', thirdPartyUserId: 'b' },
      ],
      [
        'in a separator',
        { thirdPartyId: 'a|b', thirdPartyUserId: 'c' },
        { thirdPartyId: 'a', thirdPartyUserId: 'b|c' },
      ],
      ['in how a letter is written', { thirdPartyUserId: '\u00e9' }, { thirdPartyUserId: 'e\u0301' }],
      ['in being a wildcard', { thirdPartyUserId: '%' }, { thirdPartyUserId: 'a' }],
    ])('keeps apart identities that differ %s', async (_how, one, other) => {
      const first = await signInUp(one);
      const second = await signInUp(other);
      expect(second.createdNewRecipeUser).toBe(true);
      expect(second.user.id).not.toBe(first.user.id);
      expect((await signInUp(one)).user.id).toBe(first.user.id);
    });

    it('lets every tenant have its own user of one identity', async () => {
      const here = await signInUp();
      const there = await signInUp({ tenantId: 'public', thirdPartyUserId: `of ${tenantId}` });
      const alsoThere = await signInUp({ thirdPartyUserId: `of ${tenantId}` });
      expect(new Set([here, there, alsoThere].map((result) => result.user.id)).size).toBe(3);
      expect(alsoThere.user.tenantIds).toEqual([tenantId]);
    });

    it.each(['', 'x'.repeat(257), 'a\0b', '\ud800', 7, null, undefined, {}, ['a']])(
      'refuses %j as the id of a user or a provider, and writes nothing',
      async (id) => {
        await expect(signInUp({ thirdPartyUserId: id as string })).rejects.toThrow(BadInputError);
        await expect(signInUp({ thirdPartyId: id as string })).rejects.toThrow(BadInputError);
        expect(await users.getUserCount({ tenantId })).toBe(0);
      },
    );

    it('takes the longest ids there may be, whatever is in them', async () => {
      const longest = { thirdPartyId: '\u{1f600}'.repeat(128), thirdPartyUserId: '\'"\\ä$1'.padEnd(256, '\u20ac') };
      const { user } = await signInUp(longest);
      expect((await signInUp(longest)).user).toEqual(user);
      expect(user.thirdParty).toEqual([{ id: longest.thirdPartyId, userId: longest.thirdPartyUserId }]);
    });

    it.each(['', 'x'.repeat(1025), 'a\0b', '\ud800'])('refuses the issuer %j', async (issuer) => {
      await expect(signInUp({ issuer })).rejects.toThrow(BadInputError);
    });

    it.each(['', 'x'.repeat(255), 'a\0@example.com', 7])('refuses the email %j', async (email) => {
      await expect(signInUp({ email: email as string })).rejects.toThrow(BadInputError);
    });

    it('knows no tenant that is not there', async () => {
      await expect(signInUp({ tenantId: 'nowhere' })).rejects.toThrow(UnknownTenantError);
    });

    it('makes a new user where the old one was deleted', async () => {
      const first = await signInUp({ isVerified: true });
      await users.deleteUser(first.user.id);
      const second = await signInUp();
      expect(second).toMatchObject({ createdNewRecipeUser: true });
      expect(second.user.loginMethods[0]?.verified).toBe(false);
      expect(second.user.id).not.toBe(first.user.id);
    });

    it('survives a deletion at the same time', async () => {
      const { user } = await signInUp();
      const [result] = await Promise.all([
        signInUp({ email: 'moved@example.com', isVerified: true }),
        users.deleteUser(user.id),
      ]);
      const left = await users.getUserCount({ tenantId });
      expect(left).toBeLessThanOrEqual(1);
      const after = await signInUp({ email: 'moved@example.com' });
      expect(after.createdNewRecipeUser).toBe(left === 0);
      expect(result.status).toBe('OK');
    });

    itInTransactions('is taken back with the transaction around it', async () => {
      const undone = tested.core.transaction(async () => {
        await signInUp({ isVerified: true });
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      expect(await users.getUserCount({ tenantId })).toBe(0);
      expect((await signInUp()).user.loginMethods[0]?.verified).toBe(false);
    });
  });

  describe('emails', () => {
    const verified = async () => (await signInUp({ email: 'ada@example.com' })).user.loginMethods[0]?.verified;

    it('counts as verified only what the provider says is', async () => {
      expect((await signInUp()).user.loginMethods[0]?.verified).toBe(false);
      const later = await signInUp({ isVerified: true });
      expect(later.createdNewRecipeUser).toBe(false);
      expect(later.user.loginMethods[0]?.verified).toBe(true);
    });

    it('stays verified when the provider forgets it', async () => {
      await signInUp({ isVerified: true });
      expect(await verified()).toBe(true);
    });

    it('agrees with what is known of verified emails', async () => {
      const verification = tested.core.port(EmailVerificationCore);
      const { recipeUserId } = await signInUp({ isVerified: true });
      const proven = { recipeUserId, email: 'ada@example.com' };
      expect(await verification.isEmailVerified(proven)).toBe(true);
      await verification.unverifyEmail(proven);
      expect(await verified()).toBe(false);
    });

    it('changes with the email at the provider, and is not verified by the old one', async () => {
      const first = await signInUp({ isVerified: true });
      const moved = await signInUp({ email: 'Countess@example.com' });
      expect(moved).toMatchObject({ createdNewRecipeUser: false, recipeUserId: first.recipeUserId });
      expect(moved.user).toMatchObject({ id: first.user.id, emails: ['countess@example.com'] });
      expect(moved.user.loginMethods[0]?.verified).toBe(false);
      const search = (email: string) => users.listUsersByAccountInfo({ tenantId, accountInfo: { email } });
      expect(await search('ada@example.com')).toEqual([]);
      expect(await search('countess@example.com')).toEqual([moved.user]);
      expect((await signInUp({ email: 'countess@example.com', isVerified: true })).user.loginMethods[0]?.verified).toBe(
        true,
      );
    });

    it('is not verified by a link to the address that was left, not even back there', async () => {
      const verification = tested.core.port(EmailVerificationCore);
      const [first, second] = ['first@example.com', 'second@example.com'];
      const { recipeUserId } = await signInUp({ email: first });
      const link = await verification.createEmailVerificationToken({ tenantId, recipeUserId, email: first });
      if (link.status !== 'OK') throw new Error(link.status);
      await signInUp({ email: second });
      const { status } = await verification.verifyEmailUsingToken({ tenantId, token: link.token });
      expect(status).toBe('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR');
      expect((await signInUp({ email: first })).user.loginMethods).toMatchObject([{ email: first, verified: false }]);
    });

    it('may be one that somebody else has', async () => {
      await signInUp({ thirdPartyUserId: 'other', email: 'taken@example.com', isVerified: true });
      const { user } = await signInUp();
      const moved = await signInUp({ email: 'taken@example.com' });
      expect(moved.user).toMatchObject({ id: user.id, emails: ['taken@example.com'] });
      expect(moved.user.loginMethods[0]?.verified).toBe(false);
      const accountInfo = { email: 'taken@example.com' };
      expect(await users.listUsersByAccountInfo({ tenantId, accountInfo })).toHaveLength(2);
    });

    it('ends as one of those that came at once', async () => {
      await signInUp();
      const emails = Array.from({ length: 10 }, (_, at) => `a${at}@example.com`);
      await Promise.all(emails.map((email) => signInUp({ email, isVerified: true })));
      const accountInfo = { thirdParty: { id: 'google', userId: '1' } };
      const [user] = await users.listUsersByAccountInfo({ tenantId, accountInfo });
      expect(emails).toContain(user?.emails[0]);
      expect(user).toMatchObject({ emails: [expect.any(String)], loginMethods: [{ verified: true }] });
    });
  });
});

describe.each(persistentCores)('third party, several processes: $name', ({ create }) => {
  it('makes one user of first sign-ins in two of them', async () => {
    const tested = await create();
    try {
      const ports = [tested.core, await tested.openAnother()].map((core) => core.port(ThirdPartyCore));
      const identity = { tenantId: 'public', thirdPartyId: 'google', thirdPartyUserId: '1', isVerified: true };
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, at) => ports[at % 2]!.signInUp({ ...identity, email: 'ada@example.com' })),
      );
      const signedIn = results.filter((result) => result.status === 'OK');
      expect(signedIn).toHaveLength(10);
      expect(signedIn.filter((result) => result.createdNewRecipeUser)).toHaveLength(1);
      expect(new Set(signedIn.map((result) => result.recipeUserId)).size).toBe(1);
    } finally {
      await tested.close();
    }
  });
});
