import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionRefusedError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { type CreateNewSessionCoreInput, SessionsCore } from '../../lib/core/sessions.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { UserImportCore } from '../../lib/core/user-import.core.js';
import { UserIdMappingCore } from '../../lib/core/user-id-mapping.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { isEmbedded, persistentCores, type PersistentCoreUnderTest } from './cores.js';

describe.each(persistentCores)('whom sessions are for: $name', (kind) => {
  let tested: PersistentCoreUnderTest;
  let sessions: SessionsCore;
  let users: UsersCore;
  let emailPassword: EmailPasswordCore;
  let count = 0;

  beforeAll(async () => {
    tested = await kind.create();
    const { core } = tested;
    [sessions, users, emailPassword] = [core.port(SessionsCore), core.port(UsersCore), core.port(EmailPasswordCore)];
    await core.port(TenantsCore).createTenant('acme');
  });
  afterAll(() => tested.close());

  async function newUser(): Promise<{ userId: string; email: string }> {
    const email = `holder-${++count}@example.com`;
    const result = await emailPassword.signUp({ tenantId: 'public', email, password: 'first pass 1' });
    if (result.status !== 'OK') throw new Error(result.status);
    return { userId: result.user.id, email };
  }
  function newSession(userId: string, input: Partial<CreateNewSessionCoreInput> = {}) {
    return sessions.createNewSession({
      userId,
      recipeUserId: userId,
      tenantId: 'public',
      accessTokenPayload: {},
      sessionDataInDatabase: {},
      useDynamicSigningKey: true,
      enableAntiCsrf: false,
      holder: 'member',
      ...input,
    });
  }
  const handlesOf = (userId: string) => sessions.getAllSessionHandlesForUser({ userId });

  it('members of the tenant', async () => {
    const { userId } = await newUser();
    expect((await newSession(userId)).session).toMatchObject({ userId, recipeUserId: userId, tenantId: 'public' });
    expect((await newSession(userId, { holder: 'member-or-unknown' })).session).toMatchObject({ userId });
  });

  it('members under the id that another system has for them', async () => {
    const { userId } = await newUser();
    const externalUserId = `external-${userId}`;
    await tested.core.port(UserIdMappingCore).create({ userId, externalUserId });
    expect((await newSession(externalUserId)).session).toMatchObject({ userId: externalUserId });
    expect(await handlesOf(userId)).toHaveLength(1);
  });

  it('one login method of a user, or all of them', async () => {
    // No operation of the wire makes such a user.
    if (!isEmbedded(kind)) return;
    const account = { recipeId: 'thirdparty', email: `linked-${++count}@example.com`, thirdPartyUserId: `${count}` };
    const [imported] = await tested.core.port(UserImportCore).importUsers([
      {
        externalUserId: `linked-${count}`,
        loginMethods: [
          { ...account, recipeId: 'thirdparty', thirdPartyId: 'a' },
          { ...account, recipeId: 'thirdparty', thirdPartyId: 'b', tenantIds: ['public', 'acme'] },
        ],
      },
    ]);
    if (imported?.status !== 'OK') throw new Error(imported?.status);
    const { userId, loginMethods } = imported;
    const other = loginMethods[1]!.recipeUserId;
    const first = (await newSession(userId)).session.handle;
    const second = (await newSession(userId, { recipeUserId: other })).session.handle;
    const third = (await newSession(userId, { recipeUserId: other, tenantId: 'acme' })).session.handle;

    for (const id of [userId, other])
      expect((await handlesOf(id)).toSorted()).toEqual([first, second, third].toSorted());
    const of = (id: string, tenantId?: string) => ({ userId: id, tenantId, ofLinkedAccounts: false });
    expect(await sessions.getAllSessionHandlesForUser(of(userId))).toEqual([first]);
    expect(await sessions.revokeAllSessionsForUser(of(other, 'acme'))).toEqual([third]);
    expect(await sessions.revokeAllSessionsForUser(of(other))).toEqual([second]);
    expect(await sessions.revokeAllSessionsForUser({ userId: other })).toEqual([first]);
  });

  it('not ids that no user has, unless the caller says so', async () => {
    await expect(newSession('nobody')).rejects.toMatchObject({ reason: 'UNKNOWN_USER' });
    expect(await handlesOf('nobody')).toEqual([]);
    const { session } = await newSession('elsewhere', { holder: 'member-or-unknown' });
    expect(await handlesOf('elsewhere')).toEqual([session.handle]);
  });

  it.each(['member', 'member-or-unknown'] as const)('not a user who is not in the tenant, for %s', async (holder) => {
    const { userId } = await newUser();
    const refused = newSession(userId, { holder, tenantId: 'acme' });
    await expect(refused).rejects.toMatchObject({ code: 'SESSION_REFUSED', reason: 'NOT_IN_TENANT' });
    expect(await handlesOf(userId)).toEqual([]);
  });

  it('not a user with the login method of another one', async () => {
    const [{ userId }, other] = [await newUser(), await newUser()];
    await expect(newSession(userId, { recipeUserId: other.userId })).rejects.toThrow();
    expect(await handlesOf(userId)).toEqual([]);
    expect(await handlesOf(other.userId)).toEqual([]);
  });

  it('not a password that was changed after it was verified', async () => {
    if (!isEmbedded(kind)) return;
    const { userId, email } = await newUser();
    const signedIn = await emailPassword.signIn({ tenantId: 'public', email, password: 'first pass 1' });
    if (signedIn.status !== 'OK') throw new Error(signedIn.status);
    const { credentialsVersion } = signedIn;
    await newSession(userId, { credentialsVersion });
    await emailPassword.updateEmailOrPassword({ recipeUserId: userId, password: 'second pass 2' });
    const refused = newSession(userId, { credentialsVersion });
    await expect(refused).rejects.toMatchObject({ reason: 'CREDENTIALS_CHANGED' });
    expect(await handlesOf(userId)).toHaveLength(1);
    await users.deleteUser(userId);
    const unknown = newSession(userId, { credentialsVersion, holder: 'member-or-unknown' });
    await expect(unknown).rejects.toThrow(SessionRefusedError);
  });

  it('nobody who is deleted, or taken out of the tenant, at the same time', async () => {
    const tenants = tested.core.port(TenantsCore);
    for (let round = 0; round < 8; round++) {
      const { userId } = await newUser();
      const isDeletion = round % 2 === 0;
      const removal = () =>
        isDeletion
          ? users.deleteUser(userId)
          : tenants.removeLoginMethodFromTenant({ tenantId: 'public', recipeUserId: userId });
      const attempts = Array.from({ length: 4 }, () => newSession(userId));
      const outcomes = await Promise.allSettled([...attempts, removal()]);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(SessionRefusedError);
      }
      expect(await handlesOf(userId)).toEqual([]);
    }
  });
});
