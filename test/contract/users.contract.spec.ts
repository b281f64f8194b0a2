import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BadInputError, UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import type { UserSearch } from '../../lib/core/user-search.js';
import { type User, type UserListInput, type UserPage, UsersCore } from '../../lib/core/users.core.js';
import { cores, type CoreUnderTest } from './cores.js';

async function allPages(getPage: (input: UserListInput) => Promise<UserPage>, input: UserListInput) {
  const ids: string[] = [];
  let pages = 0;
  let paginationToken: string | undefined;
  do {
    const page = await getPage({ ...input, paginationToken });
    ids.push(...page.users.map((user) => user.id));
    paginationToken = page.nextPaginationToken;
    pages++;
  } while (paginationToken !== undefined);
  return { ids, pages };
}

describe.each(cores)('users: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let users: UsersCore;
  let tenantCount = 0;
  let tenantId: string;

  beforeAll(async () => {
    tested = await create();
    users = tested.core.port(UsersCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    tenantId = `t${++tenantCount}`;
    await tested.core.port(TenantsCore).createTenant(tenantId);
  });

  async function signUp(email: string): Promise<User> {
    const result = await tested.core.port(EmailPasswordCore).signUp({ tenantId, email, password: 'secret' });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user;
  }

  async function signUpMany(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 0; number < count; number++) {
      // Three at a time join in the same millisecond.
      if (number % 3 === 0) tested.clock.moveSeconds(1);
      ids.push((await signUp(`user${number}@example.com`)).id);
    }
    return ids;
  }

  it('gives a user with its login method', async () => {
    const user = await signUp('ada@example.com');
    expect(user).toEqual({
      id: expect.any(String),
      timeJoined: tested.clock.now(),
      isPrimaryUser: false,
      tenantIds: [tenantId],
      emails: ['ada@example.com'],
      phoneNumbers: [],
      thirdParty: [],
      loginMethods: [
        {
          recipeId: 'emailpassword',
          recipeUserId: user.id,
          tenantIds: [tenantId],
          email: 'ada@example.com',
          verified: false,
          timeJoined: tested.clock.now(),
        },
      ],
    });
    expect(await users.getUser(user.id)).toEqual(user);
  });

  it.each(['', 'nobody', "' or 1=1 --", '\u{1f511}', 'x'.repeat(1_000_000)])('does not find user %.20j', async (id) => {
    expect(await users.getUser(id)).toBeUndefined();
  });

  it('lists every user once, in the order of joining, over all pages', async () => {
    const joined = await signUpMany(10);
    const oldest = await allPages((input) => users.getUsersOldestFirst(input), { tenantId, limit: 4 });
    const newest = await allPages((input) => users.getUsersNewestFirst(input), { tenantId, limit: 4 });

    expect(oldest.pages).toBe(3);
    expect(newest.ids).toEqual(oldest.ids.toReversed());
    expect([...oldest.ids].sort()).toEqual([...joined].sort());
    // Those of one millisecond stand together, ordered by id.
    expect(new Set(oldest.ids.slice(0, 3))).toEqual(new Set(joined.slice(0, 3)));
    expect(oldest.ids.slice(0, 3)).toEqual(joined.slice(0, 3).sort());
  });

  it('has no next page when the last one is just full', async () => {
    await signUpMany(4);
    const page = await users.getUsersOldestFirst({ tenantId, limit: 4 });
    expect(page.users).toHaveLength(4);
    expect(page).not.toHaveProperty('nextPaginationToken');
  });

  it('goes on behind the last user of the page before when that one is deleted meanwhile', async () => {
    await signUpMany(4);
    const first = await users.getUsersOldestFirst({ tenantId, limit: 2 });
    await users.deleteUser(first.users[1]!.id);
    const second = await users.getUsersOldestFirst({ tenantId, limit: 2, paginationToken: first.nextPaginationToken });
    expect(second.users).toHaveLength(2);
    expect(await users.getUserCount({ tenantId })).toBe(3);
  });

  it('lists across tenants when none is given', async () => {
    const { id } = await signUp('everywhere@example.com');
    tested.clock.moveSeconds(1);
    const page = await users.getUsersNewestFirst({ limit: 500 });
    expect(page.users.map((user) => user.id)).toContain(id);
    expect(page.users.length).toBeGreaterThan((await users.getUsersNewestFirst({ tenantId })).users.length);
  });

  it('filters by recipe', async () => {
    await signUpMany(2);
    expect(await users.getUserCount({ tenantId, includeRecipeIds: ['emailpassword'] })).toBe(2);
    expect(await users.getUserCount({ tenantId, includeRecipeIds: ['thirdparty'] })).toBe(0);
    expect(await users.getUserCount({ tenantId, includeRecipeIds: ['thirdparty', 'emailpassword'] })).toBe(2);
    const page = await users.getUsersOldestFirst({ tenantId, includeRecipeIds: ['thirdparty'] });
    expect(page).toEqual({ users: [] });
  });

  it.each([
    [0, 'limit must a positive integer with min value 1'],
    [-1, 'limit must a positive integer with min value 1'],
    [1.5, 'limit must a positive integer with min value 1'],
    [Number.NaN, 'limit must a positive integer with min value 1'],
    [501, 'max limit allowed is 500'],
  ])('refuses limit %s', async (limit, message) => {
    await expect(users.getUsersOldestFirst({ limit })).rejects.toThrow(new BadInputError(message));
  });

  it.each(['', 'x', '!!', 'bm90IG91cnM', Buffer.from('1.a;b').toString('base64url'), 'A'.repeat(1_000_000)])(
    'refuses pagination token %.20j',
    async (paginationToken) => {
      await expect(users.getUsersNewestFirst({ paginationToken })).rejects.toThrow(
        new BadInputError('invalid pagination token'),
      );
    },
  );

  it('finds users by an email in any case, within their tenant only', async () => {
    const user = await signUp('grace@example.com');
    const find = (email: string, tenant = tenantId) =>
      users.listUsersByAccountInfo({ tenantId: tenant, accountInfo: { email } });
    expect(await find('  GRACE@Example.COM ')).toEqual([user]);
    expect(await find('grace@example.co')).toEqual([]);
    expect(await find('grace%')).toEqual([]);
    expect(await find('grace@example.com', 'public')).toEqual([]);
    expect(
      await users.listUsersByAccountInfo({ tenantId, accountInfo: { thirdParty: { id: 'google', userId: 'grace' } } }),
    ).toEqual([]);
  });

  it.each([{}, { email: 'a@example.com', phoneNumber: '+1' }])('refuses account info %j', async (accountInfo) => {
    await expect(users.listUsersByAccountInfo({ tenantId, accountInfo })).rejects.toThrow(BadInputError);
  });

  it('refuses an unknown tenant', async () => {
    const unknown = { tenantId: 'nowhere' };
    const refused = new UnknownTenantError('nowhere');
    await expect(users.getUsersOldestFirst(unknown)).rejects.toThrow(refused);
    await expect(users.getUserCount(unknown)).rejects.toThrow(refused);
    await expect(users.listUsersByAccountInfo({ ...unknown, accountInfo: { email: 'a@b.c' } })).rejects.toThrow(
      refused,
    );
  });

  it('deletes a user with everything that belongs to it', async () => {
    const emailPassword = tested.core.port(EmailPasswordCore);
    const sessions = tested.core.port(SessionsCore);
    const { id } = await signUp('leaving@example.com');
    const stays = await signUp('staying@example.com');
    const token = await emailPassword.createResetPasswordToken({ tenantId, userId: id, email: 'leaving@example.com' });
    const newSession = (userId: string) =>
      sessions.createNewSession({
        tenantId,
        userId,
        recipeUserId: userId,
        accessTokenPayload: {},
        sessionDataInDatabase: {},
        useDynamicSigningKey: true,
        enableAntiCsrf: false,
      });
    const { session } = await newSession(id);
    const other = await newSession(stays.id);

    expect(await users.deleteUser(id)).toEqual({ status: 'OK' });

    expect(await users.getUser(id)).toBeUndefined();
    expect(await users.listUsersByAccountInfo({ tenantId, accountInfo: { email: 'leaving@example.com' } })).toEqual([]);
    expect(await users.getUserCount({ tenantId })).toBe(1);
    expect(await sessions.getSessionInformation(session.handle)).toBeUndefined();
    expect(await sessions.getSessionInformation(other.session.handle)).toBeDefined();
    expect(await emailPassword.signIn({ tenantId, email: 'leaving@example.com', password: 'secret' })).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
    if (token.status !== 'OK') throw new Error(token.status);
    expect(
      await emailPassword.resetPasswordUsingToken({ tenantId, token: token.token, newPassword: 'back again' }),
    ).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    expect((await signUp('leaving@example.com')).id).not.toBe(id);
  });

  describe('search', () => {
    const found = async (search: UserSearch, more: Partial<UserListInput> = {}) => {
      const { ids } = await allPages((input) => users.getUsersOldestFirst(input), {
        tenantId,
        search,
        limit: 2,
        ...more,
      });
      expect(await users.getUserCount({ tenantId, search, ...more })).toBe(ids.length);
      return ids.map((id) => names.get(id));
    };
    const names = new Map<string, string>();

    beforeEach(async () => {
      names.clear();
      for (const email of ['ada@example.com', 'adam@other.example', 'bob@ada.example', 'b%_b@example.com']) {
        tested.clock.moveSeconds(1);
        names.set((await signUp(email)).id, email);
      }
      for (const [thirdPartyId, email] of [
        ['google', 'ada@example.com'],
        ['google-workspaces', 'carl@example.com'],
      ] as const) {
        tested.clock.moveSeconds(1);
        const identity = { tenantId, thirdPartyId, thirdPartyUserId: email, email, isVerified: true };
        const result = await tested.core.port(ThirdPartyCore).signInUp(identity);
        if (result.status !== 'OK') throw new Error(result.status);
        names.set(result.user.id, `${thirdPartyId} ${email}`);
      }
    });

    it.each<[UserSearch, string[]]>([
      [{ emails: ['ada'] }, ['ada@example.com', 'adam@other.example', 'bob@ada.example', 'google ada@example.com']],
      [{ emails: [' ADA@Ex'] }, ['ada@example.com', 'google ada@example.com']],
      [{ emails: ['other', 'bob'] }, ['adam@other.example', 'bob@ada.example']],
      [{ emails: ['b%'] }, ['b%_b@example.com']],
      [{ emails: ['_', 'xample', 'da@'] }, []],
      [{ thirdPartyIds: ['google'] }, ['google ada@example.com', 'google-workspaces carl@example.com']],
      [{ thirdPartyIds: ['google-', 'x'] }, ['google-workspaces carl@example.com']],
      [{ emails: ['ada'], thirdPartyIds: ['google'] }, ['google ada@example.com']],
      [{ emails: ['ada'], phoneNumbers: ['+'] }, []],
      [{ phoneNumbers: ['+'] }, []],
    ])('finds by %j', async (search, expected) => {
      expect(await found(search)).toEqual(expected);
    });

    it('finds everybody by nothing, in every order, of one tenant and one recipe', async () => {
      expect(await found({ emails: [' ', ''], thirdPartyIds: [] })).toHaveLength(6);
      expect(await found({ emails: ['ada'] }, { includeRecipeIds: ['thirdparty'] })).toEqual([
        'google ada@example.com',
      ]);
      const search = { emails: ['ada'] };
      const newest = await allPages((input) => users.getUsersNewestFirst(input), { tenantId, search, limit: 3 });
      expect(newest.ids.map((id) => names.get(id))).toEqual((await found(search)).toReversed());
      await tested.core.port(TenantsCore).createTenant(`${tenantId}-empty`);
      expect(await users.getUserCount({ tenantId: `${tenantId}-empty`, search })).toBe(0);
      const everywhere = await allPages((input) => users.getUsersOldestFirst(input), { search, limit: 500 });
      expect(everywhere.ids).toEqual(expect.arrayContaining(newest.ids));
    });

    it.each([{ emails: 'ada' }, { thirdPartyIds: [7] }, { emails: Array.from({ length: 51 }, (_, at) => `${at}`) }])(
      'refuses %.60j',
      async (search) => {
        const input = { tenantId, search: search as never };
        await expect(users.getUsersOldestFirst(input)).rejects.toThrow(BadInputError);
        await expect(users.getUserCount(input)).rejects.toThrow(BadInputError);
      },
    );
  });

  it('deletes nothing for an unknown user', async () => {
    await signUp('kept@example.com');
    expect(await users.deleteUser('nobody')).toEqual({ status: 'OK' });
    expect(await users.getUserCount({ tenantId })).toBe(1);
  });
});
