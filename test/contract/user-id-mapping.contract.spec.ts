import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { BadInputError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { EmailVerificationCore } from '../../lib/core/email-verification.core.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import { UserIdMappingCore } from '../../lib/core/user-id-mapping.core.js';
import { UserMetadataCore } from '../../lib/core/user-metadata.core.js';
import { UserRolesCore } from '../../lib/core/user-roles.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { cores, type CoreUnderTest, isEmbedded } from './cores.js';

const tenantId = 'public';
const password = 'correct horse';
const UNKNOWN = { status: 'UNKNOWN_MAPPING_ERROR' };

/** What a core service cannot do for a driver: it shows one id, by which passwords are reset and sessions are made. */
const itByEitherId = (kind: { name: string }) => (name: string, test: () => Promise<void>) =>
  isEmbedded(kind) ? it(name, test) : it.skip(`${name} (a driver is shown one id)`, () => {});

describe.each(cores)('user id mapping: $name', (kind) => {
  let tested: CoreUnderTest;
  let mappings: UserIdMappingCore;
  let emailPassword: EmailPasswordCore;
  let sessions: SessionsCore;
  let users: UsersCore;
  let email: string;
  let userId: string;
  let externalUserId: string;

  beforeAll(async () => {
    tested = await kind.create();
    mappings = tested.core.port(UserIdMappingCore);
    emailPassword = tested.core.port(EmailPasswordCore);
    sessions = tested.core.port(SessionsCore);
    users = tested.core.port(UsersCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    email = `${randomUUID()}@example.com`;
    externalUserId = `legacy|${randomUUID()}`;
    userId = await signUp(email);
  });

  async function signUp(withEmail: string): Promise<string> {
    const result = await emailPassword.signUp({ tenantId, email: withEmail, password });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user.id;
  }

  const map = () => mappings.create({ userId, externalUserId, externalUserIdInfo: 'from the old system' });

  function newSession(id: string) {
    return sessions.createNewSession({
      tenantId,
      userId: id,
      recipeUserId: id,
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
    });
  }

  it('is found by either id, by the kind that is asked for', async () => {
    expect(await map()).toEqual({ status: 'OK' });
    const found = { status: 'OK', userId, externalUserId, externalUserIdInfo: 'from the old system' };
    expect(await mappings.get({ userId })).toEqual(found);
    expect(await mappings.get({ userId: externalUserId })).toEqual(found);
    expect(await mappings.get({ userId, userIdType: 'SUPERTOKENS' })).toEqual(found);
    expect(await mappings.get({ userId: externalUserId, userIdType: 'EXTERNAL' })).toEqual(found);
    expect(await mappings.get({ userId, userIdType: 'EXTERNAL' })).toEqual(UNKNOWN);
    expect(await mappings.get({ userId: externalUserId, userIdType: 'SUPERTOKENS' })).toEqual(UNKNOWN);
    expect(await mappings.get({ userId: 'nobody' })).toEqual(UNKNOWN);
  });

  it('is made for a user of this core, once for each id', async () => {
    expect(await mappings.create({ userId: 'nobody', externalUserId })).toEqual({
      status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR',
    });
    const results = await Promise.all(Array.from({ length: 5 }, map));
    expect(results.filter(({ status }) => status === 'OK')).toHaveLength(1);
    const taken = { status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR' };
    const both = { ...taken, doesSuperTokensUserIdExist: true, doesExternalUserIdExist: true };
    expect(await map()).toEqual(both);
    const another = await signUp(`${randomUUID()}@example.com`);
    const external = { ...both, doesSuperTokensUserIdExist: false };
    expect(await mappings.create({ userId: another, externalUserId })).toEqual(external);
    const answer = { ...both, doesExternalUserIdExist: false };
    expect(await mappings.create({ userId, externalUserId: 'something else' })).toEqual(answer);
  });

  it('gives no user the id of another', async () => {
    const victim = await signUp(`${randomUUID()}@example.com`);
    for (const externalId of [victim, userId, '', 'x'.repeat(129), 5, undefined]) {
      const work = mappings.create({ userId, externalUserId: externalId as string, force: true });
      await expect(work).rejects.toThrow(BadInputError);
    }
    expect(await mappings.get({ userId })).toEqual(UNKNOWN);
  });

  it('changes and removes the note', async () => {
    await map();
    const change = (externalUserIdInfo: string | null) =>
      mappings.updateExternalUserIdInfo({ userId: externalUserId, userIdType: 'EXTERNAL', externalUserIdInfo });
    expect(await change('other')).toEqual({ status: 'OK' });
    expect(await mappings.get({ userId })).toMatchObject({ externalUserIdInfo: 'other' });
    expect(await change(null)).toEqual({ status: 'OK' });
    expect(await mappings.get({ userId })).toEqual({ status: 'OK', userId, externalUserId });
    expect(await mappings.updateExternalUserIdInfo({ userId: 'nobody', externalUserIdInfo: 'x' })).toEqual(UNKNOWN);
  });

  it('is removed by either id, and the user is what they were', async () => {
    const before = await users.getUser(userId);
    for (const id of [userId, externalUserId]) {
      await map();
      expect(await mappings.delete({ userId: id })).toEqual({ status: 'OK', didMappingExist: true });
      expect(await mappings.delete({ userId: id })).toEqual({ status: 'OK', didMappingExist: false });
      expect(await users.getUser(externalUserId)).toBeUndefined();
      expect(await users.getUser(userId)).toEqual(before);
    }
  });

  it('shows users under the external id wherever they are found', async () => {
    await map();
    const shown = { id: externalUserId, loginMethods: [{ recipeUserId: externalUserId }] };
    expect(await users.getUser(userId)).toMatchObject(shown);
    expect(await users.getUser(externalUserId)).toMatchObject(shown);
    expect(await users.listUsersByAccountInfo({ tenantId, accountInfo: { email } })).toMatchObject([shown]);
    expect((await users.getUsersNewestFirst({ limit: 500 })).users.map(({ id }) => id)).toContain(externalUserId);
    const signedIn = await emailPassword.signIn({ tenantId, email, password });
    expect(signedIn).toMatchObject({ status: 'OK', user: shown, recipeUserId: externalUserId });
  });

  itByEitherId(kind)('lets passwords be changed by either id', async () => {
    await map();
    for (const id of [userId, externalUserId]) {
      const created = await emailPassword.createResetPasswordToken({ tenantId, userId: id, email });
      if (created.status !== 'OK') throw new Error(created.status);
      const { token } = created;
      expect(await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword: id })).toEqual({
        status: 'OK',
        userId: externalUserId,
        recipeUserId: externalUserId,
        email,
      });
      const signedIn = await emailPassword.signIn({ tenantId, email, password: id });
      if (signedIn.status !== 'OK') throw new Error(signedIn.status);
      const credentials = { recipeUserId: id, credentialsVersion: signedIn.credentialsVersion! };
      expect(await emailPassword.areCredentialsCurrent(credentials)).toBe(true);
      const changed = await emailPassword.updateEmailOrPassword({ recipeUserId: id, password: 'another' });
      expect(changed).toEqual({ status: 'OK' });
      expect(await emailPassword.areCredentialsCurrent(credentials)).toBe(false);
    }
  });

  it('keeps what is stored about the user when the id changes', async () => {
    const metadata = tested.core.port(UserMetadataCore);
    const verification = tested.core.port(EmailVerificationCore);
    await metadata.update(userId, { plan: 'gold' });
    await mappings.create({ userId, externalUserId, force: true });
    expect(await metadata.get(externalUserId)).toEqual({ plan: 'gold' });
    await metadata.update(externalUserId, { plan: 'silver' });
    expect(await metadata.get(userId)).toEqual({ plan: 'silver' });

    const made = await verification.createEmailVerificationToken({ tenantId, recipeUserId: externalUserId, email });
    if (made.status !== 'OK') throw new Error(made.status);
    expect(await verification.verifyEmailUsingToken({ tenantId, token: made.token })).toEqual({
      status: 'OK',
      recipeUserId: externalUserId,
      email,
    });
    expect(await verification.isEmailVerified({ recipeUserId: userId, email })).toBe(true);
    expect(await users.getUser(userId)).toMatchObject({ loginMethods: [{ verified: true }] });
  });

  itByEitherId(kind)('finds the sessions of a user by either id, those from before as well', async () => {
    const before = await newSession(userId);
    await map();
    const after = await newSession(userId);
    const external = await newSession(externalUserId);
    expect(before.session.userId).toBe(userId);
    expect(after.session).toMatchObject({ userId: externalUserId, recipeUserId: externalUserId });
    expect(external.session.userId).toBe(externalUserId);
    const all = [before, after, external].map(({ session }) => session.handle).sort();
    for (const id of [userId, externalUserId]) {
      expect((await sessions.getAllSessionHandlesForUser({ userId: id })).sort()).toEqual(all);
    }
    expect((await sessions.revokeAllSessionsForUser({ userId })).sort()).toEqual(all);
    expect(await sessions.getAllSessionHandlesForUser({ userId: externalUserId })).toEqual([]);
  });

  it.each(['roles', 'metadata'])('is refused where the user has %s, unless by force, and they stay', async (what) => {
    const [metadata, roles] = [tested.core.port(UserMetadataCore), tested.core.port(UserRolesCore)];
    await roles.createNewRoleOrAddPermissions({ role: 'reader', permissions: [] });
    if (what === 'roles') await roles.addRoleToUser({ tenantId, userId, role: 'reader' });
    else await metadata.update(userId, { plan: 'gold' });
    const kept = async (id: string) => [await metadata.get(id), await roles.getRolesForUser({ tenantId, userId: id })];
    const before = await kept(userId);
    const inUse = `UserId is already in use in ${what === 'roles' ? 'UserRoles' : 'UserMetadata'} recipe`;

    await expect(map()).rejects.toMatchObject({ publicMessage: inUse });
    expect(await mappings.get({ userId })).toEqual(UNKNOWN);
    expect(await mappings.create({ userId, externalUserId, force: true })).toEqual({ status: 'OK' });
    expect(await map()).toMatchObject({ status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR' });
    expect(await kept(externalUserId)).toEqual(before);
    await expect(mappings.delete({ userId: externalUserId })).rejects.toMatchObject({ publicMessage: inUse });
    expect(await mappings.delete({ userId: externalUserId, force: true })).toMatchObject({ didMappingExist: true });
    expect(await kept(userId)).toEqual(before);
  });

  it('changes what sessions are shown under, and none is left when the user is deleted without it', async () => {
    const { session } = await newSession(userId);
    await map();
    const shown = { userId: externalUserId, recipeUserId: externalUserId };
    expect(await sessions.getSessionInformation(session.handle)).toMatchObject(shown);
    const other = await newSession(externalUserId);
    await mappings.delete({ userId: externalUserId });
    for (const { handle } of [session, other.session]) {
      expect(await sessions.getSessionInformation(handle)).toMatchObject({ userId, recipeUserId: userId });
    }
    await users.deleteUser(userId);
    for (const { handle } of [session, other.session]) {
      expect(await sessions.getSessionInformation(handle)).toBeUndefined();
    }
  });

  it('moves users between tenants by either id', async () => {
    await map();
    const tenants = tested.core.port(TenantsCore);
    await tenants.createTenant('acme');
    const there = { tenantId: 'acme', recipeUserId: externalUserId };
    expect(await tenants.addLoginMethodToTenant(there)).toEqual({ status: 'OK', wasAlreadyAssociated: false });
    expect(await users.getUser(userId)).toMatchObject({ tenantIds: ['acme', 'public'] });
    expect(await tenants.removeLoginMethodFromTenant(there)).toEqual({ status: 'OK', wasAssociated: true });
  });

  it('shows those who sign in by a third party, too', async () => {
    const identity = { thirdPartyId: 'google', thirdPartyUserId: randomUUID(), email, isVerified: true };
    const thirdParty = tested.core.port(ThirdPartyCore);
    const first = await thirdParty.signInUp({ tenantId, ...identity });
    if (first.status !== 'OK') throw new Error(first.status);
    await mappings.create({ userId: first.user.id, externalUserId });
    expect(await thirdParty.signInUp({ tenantId, ...identity })).toMatchObject({
      createdNewRecipeUser: false,
      user: { id: externalUserId },
      recipeUserId: externalUserId,
    });
  });

  itByEitherId(kind)('goes with the user, whichever id that was deleted by, and leaves the id free', async () => {
    for (const external of [true, false]) {
      userId = await signUp(`${randomUUID()}@example.com`);
      await map();
      const { session } = await newSession(userId);
      await users.deleteUser(external ? externalUserId : userId);
      expect(await users.getUser(userId)).toBeUndefined();
      expect(await mappings.get({ userId })).toEqual(UNKNOWN);
      expect(await mappings.get({ userId: externalUserId })).toEqual(UNKNOWN);
      expect(await sessions.getSessionInformation(session.handle)).toBeUndefined();
    }
  });
});
