import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadInputError,
  UnknownTenantError,
  Users,
  type User,
  type UserListInput,
  type UserPage,
  type UserQuery,
} from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onExpress } from '../../support/frameworks.js';

async function allPages(list: (input: UserListInput) => Promise<UserPage>, limit: number, between?: () => unknown) {
  const ids: string[] = [];
  let page = await list({ limit });
  for (;;) {
    expect(page.users.length).toBeLessThanOrEqual(limit);
    ids.push(...page.users.map(({ id }) => id));
    if (page.nextPaginationToken === undefined) return ids;
    await between?.();
    page = await list({ limit, paginationToken: page.nextPaginationToken });
  }
}

describe.each(onExpress)('Users on %s', (framework) => {
  let app: EmailPasswordApp;
  let users: Users;
  const emails = Array.from({ length: 7 }, () => newEmail());
  let joined: User[];

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
    users = app.app.get(Users);
    joined = [];
    for (const email of emails) joined.push(await newUser(email));
  });
  afterAll(() => app.close());

  async function newUser(email = newEmail()): Promise<User> {
    return ((await (await app.client().signUp(email, PASSWORD)).json()) as { user: User }).user;
  }

  it('gets a user as sign-up answered with it, and undefined for a stranger', async () => {
    expect(await users.getUser(joined[0]!.id)).toEqual(joined[0]);
    expect(await users.getUser('nobody')).toBeUndefined();
  });

  it('lists everyone once in the order of joining, whatever the size of the page', async () => {
    const all = await allPages((input) => users.getUsersOldestFirst(input), 500);
    expect(all.filter((id) => joined.some((user) => user.id === id)).toSorted()).toEqual(
      joined.map(({ id }) => id).toSorted(),
    );
    const times = (await users.getUsersOldestFirst()).users.map(({ timeJoined }) => timeJoined);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const limit of [1, 2, 3, 7]) {
      expect(await allPages((input) => users.getUsersOldestFirst(input), limit)).toEqual(all);
      expect(await allPages((input) => users.getUsersNewestFirst(input), limit)).toEqual(all.toReversed());
    }
  });

  it('meets nobody twice, and misses nobody, while others join between the pages', async () => {
    const before = await allPages((input) => users.getUsersOldestFirst(input), 500);
    const added: string[] = [];
    const join = async () => added.length < 6 && added.push((await newUser()).id);

    const oldest = await allPages((input) => users.getUsersOldestFirst(input), 2, join);
    expect(new Set(oldest).size).toBe(oldest.length);
    expect(oldest.filter((id) => before.includes(id))).toEqual(before);
    expect(added.length).toBeGreaterThan(2);

    added.length = 0;
    const known = await allPages((input) => users.getUsersNewestFirst(input), 500);
    const newest = await allPages((input) => users.getUsersNewestFirst(input), 2, join);
    expect(newest.filter((id) => !added.includes(id))).toEqual(known);
    expect(new Set(newest).size).toBe(newest.length);
  });

  it('counts, in all and in a tenant, and by recipe', async () => {
    const count = await users.getUserCount();
    await newUser();
    expect(await users.getUserCount()).toBe(count + 1);
    expect(await users.getUserCount({ tenantId: 'public' })).toBe(count + 1);
    expect(await users.getUserCount({ includeRecipeIds: ['emailpassword'] })).toBe(count + 1);
    expect(await users.getUserCount({ includeRecipeIds: ['thirdparty'] })).toBe(0);
    expect(await users.getUsersOldestFirst({ includeRecipeIds: ['thirdparty'] })).toEqual({ users: [] });
  });

  it('finds users by their account info', async () => {
    expect(await users.listUsersByAccountInfo({ email: ` ${emails[3]!.toUpperCase()} ` })).toEqual([joined[3]]);
    expect(await users.listUsersByAccountInfo({ email: emails[3] }, 'public')).toEqual([joined[3]]);
    expect(await users.listUsersByAccountInfo({ email: 'nobody@example.com' })).toEqual([]);
    expect(await users.listUsersByAccountInfo({ phoneNumber: '+49301234567' })).toEqual([]);
    expect(await users.listUsersByAccountInfo({ thirdParty: { id: 'google', userId: emails[3]! } })).toEqual([]);
  });

  it('finds and counts by the beginning of an email, or of its domain, as drivers say it', async () => {
    const [ann, bob] = [await newUser('ann@search-one.example'), await newUser('bob@search-two.example')];
    const found = async (query: UserQuery) => (await users.getUsersOldestFirst({ query })).users.map(({ id }) => id);
    expect(await found({ email: 'Ann@SEARCH' })).toEqual([ann.id]);
    expect(await found({ email: 'search-two' })).toEqual([bob.id]);
    expect(await found({ email: 'search-two;ann@search' })).toEqual([ann.id, bob.id]);
    expect(await found({ email: 'search-', provider: 'google' })).toEqual([]);
    expect(await found({ phone: '+49' })).toEqual([]);
    const { users: newest } = await users.getUsersNewestFirst({ query: { email: 'search-' }, limit: 1 });
    expect(newest.map(({ id }) => id)).toEqual([bob.id]);
    expect(await users.getUserCount({ query: { email: 'search-' } })).toBe(2);
  });

  it.each<UserQuery>([{ emial: 'a' } as never, { email: 5 } as never, null as never, 'ann' as never])(
    'refuses the query %j',
    async (query) => {
      await expect(users.getUsersOldestFirst({ query })).rejects.toThrow(BadInputError);
      await expect(users.getUserCount({ query })).rejects.toThrow(BadInputError);
    },
  );

  it('shows a user under the id of another system, and under our own again', async () => {
    const { id: superTokensUserId } = await newUser();
    const externalUserId = `old|${superTokensUserId}`;
    const input = { superTokensUserId, externalUserId, externalUserIdInfo: 'moved' };
    expect(await users.createUserIdMapping(input)).toEqual({ status: 'OK' });
    expect(await users.createUserIdMapping(input)).toMatchObject({ status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR' });
    expect(await users.getUserIdMapping({ userId: externalUserId })).toEqual({ status: 'OK', ...input });
    expect(await users.getUser(superTokensUserId)).toMatchObject({ id: externalUserId });

    const byOurOwn = { userId: superTokensUserId, userIdType: 'SUPERTOKENS' } as const;
    expect(await users.updateOrDeleteUserIdMappingInfo(byOurOwn)).toEqual({ status: 'OK' });
    expect(await users.getUserIdMapping(byOurOwn)).not.toHaveProperty('externalUserIdInfo');
    expect(await users.deleteUserIdMapping({ userId: externalUserId })).toEqual({
      status: 'OK',
      didMappingExist: true,
    });
    expect(await users.getUserIdMapping(byOurOwn)).toEqual({ status: 'UNKNOWN_MAPPING_ERROR' });
    expect(await users.getUser(superTokensUserId)).toMatchObject({ id: superTokensUserId });

    const unknown = { superTokensUserId: 'nobody', externalUserId };
    expect(await users.createUserIdMapping(unknown)).toEqual({ status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' });
    for (const bad of [{ externalUserId: '' }, { externalUserId: 5 }, { externalUserIdInfo: {} }]) {
      const work = users.createUserIdMapping({ ...input, ...bad } as never);
      await expect(work).rejects.toThrow(BadInputError);
    }
    await expect(users.getUserIdMapping({ userId: 'x', userIdType: 'OTHER' as never })).rejects.toThrow(BadInputError);
  });

  it('finds users by several things, any of them or all', async () => {
    const both = { email: emails[1], thirdParty: { id: 'google', userId: 'nobody' } };
    expect(await users.listUsersByAccountInfo(both, 'public', { doUnionOfAccountInfo: true })).toEqual([joined[1]]);
    expect(await users.listUsersByAccountInfo(both, 'public', { doUnionOfAccountInfo: false })).toEqual([]);
    const none = users.listUsersByAccountInfo({}, 'public', { doUnionOfAccountInfo: true });
    await expect(none).rejects.toThrow(BadInputError);
  });

  it.each([0, -1, 1.5, 501, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number])(
    'refuses the limit %p',
    async (limit) => {
      await expect(users.getUsersOldestFirst({ limit })).rejects.toThrow(BadInputError);
      await expect(users.getUsersNewestFirst({ limit })).rejects.toThrow(/limit/);
    },
  );

  it.each(['', 'x', 'bm90IG91cnM', '1.a;b', 'MS4', 7 as unknown as string, null as unknown as string])(
    'refuses the page token %p',
    async (paginationToken) => {
      await expect(users.getUsersOldestFirst({ paginationToken })).rejects.toThrow(
        new BadInputError('invalid pagination token'),
      );
    },
  );

  it('refuses an unknown tenant, and empty account info, and more than one', async () => {
    const unknown = new UnknownTenantError('nowhere');
    await expect(users.getUsersOldestFirst({ tenantId: 'nowhere' })).rejects.toThrow(unknown);
    await expect(users.getUserCount({ tenantId: 'nowhere' })).rejects.toThrow(unknown);
    await expect(users.listUsersByAccountInfo({ email: emails[0] }, 'nowhere')).rejects.toThrow(unknown);
    await expect(users.listUsersByAccountInfo({})).rejects.toThrow(BadInputError);
    await expect(users.listUsersByAccountInfo({ email: emails[0], phoneNumber: '+1' })).rejects.toThrow(BadInputError);
  });
});
