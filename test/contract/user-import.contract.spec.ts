import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import { type ImportedUser, UserImportCore } from '../../lib/core/user-import.core.js';
import { UserMetadataCore } from '../../lib/core/user-metadata.core.js';
import { UserRolesCore } from '../../lib/core/user-roles.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { CountingPasswordHasher } from '../support/counting-password-hasher.js';
import { cheapPasswordHasher, type CoreUnderTest, embeddedCores } from './cores.js';

const password = 'correct-horse-1';
const tenantId = 'public';
const timeJoinedInMSSinceEpoch = Date.UTC(2020, 1, 1);
const mail = () => `${randomUUID()}@example.com`;

describe.each(embeddedCores)('import of users: $name', ({ create }) => {
  const hasher = new CountingPasswordHasher(cheapPasswordHasher);
  let tested: CoreUnderTest;
  let imports: UserImportCore;
  let passwordHash: string;

  beforeAll(async () => {
    tested = await create({ passwordHasher: hasher });
    imports = tested.core.port(UserImportCore);
    passwordHash = await cheapPasswordHasher.hash(password);
    await tested.core.port(TenantsCore).createTenant('t1');
  });
  afterAll(() => tested.close());

  const hashed = (email: string): ImportedUser => ({
    loginMethods: [{ recipeId: 'emailpassword', email, passwordHash, hashingAlgorithm: 'argon2' }],
  });
  const one = async (user: ImportedUser) => (await imports.importUsers([user]))[0]!;
  const signIn = (email: string, tenant = tenantId, word = password) =>
    tested.core.port(EmailPasswordCore).signIn({ tenantId: tenant, email, password: word });

  it('keeps everything of a user, who signs in by each login method as the same one', async () => {
    const [email, other, externalUserId] = [mail(), mail(), randomUUID()];
    const google = { thirdPartyId: 'google', thirdPartyUserId: randomUUID() };
    const result = await one({
      externalUserId,
      userMetadata: { plan: 'gold', list: [1, null] },
      loginMethods: [
        { recipeId: 'thirdparty', email: other, ...google, isVerified: true },
        {
          recipeId: 'emailpassword',
          email: email.toUpperCase(),
          plainTextPassword: password,
          tenantIds: [tenantId, 't1'],
          isVerified: true,
          isPrimary: true,
          timeJoinedInMSSinceEpoch,
        },
      ],
    });
    expect(result).toMatchObject({ status: 'OK', userId: externalUserId });
    expect(result).toHaveProperty('loginMethods.1.recipeUserId', externalUserId);

    const byPassword = await signIn(email, 't1');
    expect(byPassword).toMatchObject({
      status: 'OK',
      recipeUserId: externalUserId,
      user: { id: externalUserId, isPrimaryUser: true, timeJoined: timeJoinedInMSSinceEpoch, emails: [email, other] },
    });
    expect(result).toHaveProperty('loginMethods.1.credentialsVersion', Object(byPassword).credentialsVersion);
    const user = await tested.core.port(UsersCore).getUser(externalUserId);
    expect(user!.loginMethods).toMatchObject([
      { recipeId: 'emailpassword', email, verified: true, tenantIds: [tenantId, 't1'] },
      { recipeId: 'thirdparty', email: other, verified: true, tenantIds: [tenantId], timeJoined: tested.clock.now() },
    ]);
    const byGoogle = { tenantId, ...google, email: other, isVerified: true };
    expect(await tested.core.port(ThirdPartyCore).signInUp(byGoogle)).toMatchObject({
      status: 'OK',
      createdNewRecipeUser: false,
      user: { id: externalUserId },
    });
    expect(await tested.core.port(UserMetadataCore).get(externalUserId)).toEqual({ plan: 'gold', list: [1, null] });

    await tested.core.port(UsersCore).deleteUser(externalUserId);
    expect(await signIn(email)).toMatchObject({ status: 'WRONG_CREDENTIALS_ERROR' });
  });

  it('gives roles that are there, and refuses a user whose role or tenant is not', async () => {
    const roles = tested.core.port(UserRolesCore);
    for (const role of ['reader', 'writer']) await roles.createNewRoleOrAddPermissions({ role, permissions: [] });
    const [externalUserId, email] = [randomUUID(), mail()];
    const userRoles = [{ role: 'reader', tenantIds: ['public', 't1'] }, { role: 'writer' }, { role: 'reader' }];
    expect(await one({ ...hashed(email), externalUserId, userRoles })).toMatchObject({ status: 'OK' });
    const rolesIn = async (tenant: string) =>
      (await roles.getRolesForUser({ tenantId: tenant, userId: externalUserId })).roles;
    expect([await rolesIn('public'), await rolesIn('t1')]).toEqual([['reader', 'writer'], ['reader']]);

    const results = await imports.importUsers([
      { ...hashed(mail()), userRoles: [{ role: 'reader' }, { role: 'nobody' }] },
      { ...hashed(mail()), userRoles: [{ role: 'reader', tenantIds: ['nowhere'] }] },
      { ...hashed(mail()), userRoles: [{ role: 'reader' }] },
    ]);
    expect(results.map((result) => Object(result).reason ?? result.status)).toEqual([
      'there is no role "nobody": make it before, or pass --ignore roles',
      'there is no tenant "nowhere"',
      'OK',
    ]);
    await roles.deleteRole({ role: 'reader' });
    expect(await one({ ...hashed(email), externalUserId, userRoles })).toMatchObject({
      status: 'ALREADY_IMPORTED_ERROR',
    });
    expect(await rolesIn('public')).toEqual(['writer']);
  });

  it('may be repeated: a user who is here stays as it is, and no password is hashed again', async () => {
    const users: ImportedUser[] = [
      { ...hashed(mail()), externalUserId: randomUUID() },
      hashed(mail()),
      { loginMethods: [{ recipeId: 'emailpassword', email: mail(), plainTextPassword: password }] },
      { loginMethods: [{ recipeId: 'thirdparty', email: mail(), thirdPartyId: 'x', thirdPartyUserId: randomUUID() }] },
    ];
    const first = await imports.importUsers(users);
    expect(first.map(({ status }) => status)).toEqual(['OK', 'OK', 'OK', 'OK']);
    const hashes = hasher.hashed;
    const again = await imports.importUsers(users);
    expect(again).toEqual(first.map((result) => ({ status: 'ALREADY_IMPORTED_ERROR', userId: Object(result).userId })));
    expect(hasher.hashed).toBe(hashes);
  });

  it('refuses each user who cannot be kept, and imports the others', async () => {
    const [taken, twice, externalUserId, primary] = [mail(), mail(), randomUUID(), mail()];
    const { user: owner } = Object(
      await tested.core.port(EmailPasswordCore).signUp({ tenantId, email: taken, password: 'another-word-1' }),
    );
    const linked = (thirdPartyUserId: string): ImportedUser => ({
      loginMethods: [
        { recipeId: 'thirdparty', email: primary, thirdPartyId: 'a', thirdPartyUserId },
        { recipeId: 'thirdparty', email: primary, thirdPartyId: 'b', thirdPartyUserId },
      ],
    });
    await imports.importUsers([{ ...hashed(mail()), externalUserId }, linked(randomUUID())]);
    const count = await tested.core.port(UsersCore).getUserCount({});

    const results = await imports.importUsers([
      hashed(taken),
      { ...hashed(taken), externalUserId: randomUUID() },
      { ...hashed(mail()), externalUserId },
      { ...hashed(mail()), externalUserId: owner.id as string },
      { loginMethods: [{ ...hashed(mail()).loginMethods[0]!, tenantIds: ['nowhere'] }] },
      { loginMethods: [{ recipeId: 'emailpassword', email: mail(), passwordHash: '$2b$10$short' }] },
      linked(randomUUID()),
      hashed(twice),
      { loginMethods: [{ recipeId: 'emailpassword', email: twice, plainTextPassword: 'another-word-1' }] },
    ]);
    expect(results.map((result) => Object(result).reason ?? result.status)).toEqual([
      `${taken} signs in to the tenant public already, as another user or with other data`,
      `${taken} signs in to the tenant public already, as another user or with other data`,
      `externalUserId "${externalUserId}" is another user's already`,
      `externalUserId "${owner.id}" is an id that was given to another user here`,
      'there is no tenant "nowhere"',
      expect.stringContaining('loginMethods[0]: Password hash is in invalid format'),
      `${primary} belongs to another user with several login methods`,
      'OK',
      `${twice} signs in to the tenant public already, as another user or with other data`,
    ]);
    expect(await tested.core.port(UsersCore).getUserCount({})).toBe(count + 1);
    expect(await signIn(taken, tenantId, 'another-word-1')).toMatchObject({ status: 'OK' });
    expect(await signIn(twice)).toMatchObject({ status: 'OK' });
  });

  it('says in a dry run what would happen, and writes nothing', async () => {
    const users = [hashed(mail()), { loginMethods: [{ ...hashed(mail()).loginMethods[0]!, tenantIds: ['nowhere'] }] }];
    const count = await tested.core.port(UsersCore).getUserCount({});
    const results = await imports.importUsers(users, { dryRun: true });
    expect(results.map(({ status }) => status)).toEqual(['OK', 'REFUSED_ERROR']);
    expect(await tested.core.port(UsersCore).getUserCount({})).toBe(count);
  });

  it('makes one user of two imports at once', async () => {
    const users = Array.from({ length: 20 }, () => ({ ...hashed(mail()), externalUserId: randomUUID() }));
    const both = await Promise.all([imports.importUsers(users), imports.importUsers(users.toReversed())]);
    const statuses = both.flat().map(({ status }) => status);
    expect(statuses.filter((status) => status === 'OK')).toHaveLength(users.length);
    expect(statuses.filter((status) => status === 'ALREADY_IMPORTED_ERROR')).toHaveLength(users.length);
  });
});
