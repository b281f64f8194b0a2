import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import { TenantConfigCore } from '../../lib/core/tenant-config.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import { type User, UsersCore } from '../../lib/core/users.core.js';
import { cores, type CoreUnderTest } from './cores.js';
import { persistentEmbeddedCores } from './cores.js';

const password = 'correct horse';

function newSession({ core }: Pick<CoreUnderTest, 'core'>, tenantId: string, user: User) {
  return core.port(SessionsCore).createNewSession({
    tenantId,
    userId: user.id,
    recipeUserId: user.id,
    accessTokenPayload: {},
    sessionDataInDatabase: {},
    useDynamicSigningKey: true,
    enableAntiCsrf: false,
  });
}

describe.each(cores)('deleting tenants, and moving users between them: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let tenants: TenantsCore;
  let emailPassword: EmailPasswordCore;
  let users: UsersCore;
  let count = 0;
  let tenantId: string;
  let email: string;

  beforeAll(async () => {
    tested = await create();
    tenants = tested.core.port(TenantsCore);
    emailPassword = tested.core.port(EmailPasswordCore);
    users = tested.core.port(UsersCore);
  });
  afterAll(() => tested.close());
  beforeEach(async () => {
    tenantId = `acme-${++count}`;
    email = `ada${count}@example.com`;
    await tenants.createTenant(tenantId);
  });

  async function signUp(tenant: string, withEmail = email): Promise<User> {
    const result = await emailPassword.signUp({ tenantId: tenant, email: withEmail, password });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user;
  }

  const tenantsOf = async (user: User) => (await users.getUser(user.id))?.tenantIds;
  const isAlive = async (handle: string) =>
    (await tested.core.port(SessionsCore).getSessionInformation(handle)) !== undefined;
  const signIn = (tenant: string) => emailPassword.signIn({ tenantId: tenant, email, password });

  it('deletes what belongs to the tenant, and nothing else', async () => {
    const user = await signUp(tenantId);
    const other = await signUp('public', email);
    const there = await newSession(tested, tenantId, user);
    const elsewhere = await newSession(tested, 'public', other);
    const token = await emailPassword.createResetPasswordToken({ tenantId, userId: user.id, email });
    if (token.status !== 'OK') throw new Error(token.status);

    expect(await tenants.deleteTenant(tenantId)).toEqual({ status: 'OK', didExist: true });
    expect(await tenants.tenantExists(tenantId)).toBe(false);
    expect(await tenants.listTenants()).not.toContain(tenantId);
    await expect(signIn(tenantId)).rejects.toThrow(UnknownTenantError);
    expect(await isAlive(there.session.handle)).toBe(false);
    expect(await isAlive(elsewhere.session.handle)).toBe(true);
    expect(await tenantsOf(user)).toEqual([]);
    expect(await tenantsOf(other)).toEqual(['public']);

    await tenants.createTenant(tenantId);
    expect(await signIn(tenantId)).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(await users.getUserCount({ tenantId })).toBe(0);
    expect(await emailPassword.consumePasswordResetToken({ tenantId, token: token.token })).toEqual({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });
  });

  it('is no error for a tenant that is not there', async () => {
    await tenants.deleteTenant(tenantId);
    for (const unknown of [tenantId, 'never', '', "x' or 1=1", 'x'.repeat(1000)]) {
      expect(await tenants.deleteTenant(unknown)).toEqual({ status: 'OK', didExist: false });
    }
  });

  it('refuses to delete the public tenant', async () => {
    const user = await signUp('public');
    await expect(tenants.deleteTenant('public')).rejects.toThrow('Cannot delete public tenant');
    expect(await tenantsOf(user)).toEqual(['public']);
    expect(await tenants.tenantExists('public')).toBe(true);
  });

  it('moves a user to another tenant and back, where nobody else has the email', async () => {
    const user = await signUp('public');
    const there = { tenantId, recipeUserId: user.id };
    expect(await tenants.addLoginMethodToTenant(there)).toEqual({ status: 'OK', wasAlreadyAssociated: false });
    expect(await tenants.addLoginMethodToTenant(there)).toEqual({ status: 'OK', wasAlreadyAssociated: true });
    expect(await tenantsOf(user)).toEqual([tenantId, 'public']);
    expect(await signIn(tenantId)).toMatchObject({ status: 'OK', user: { id: user.id } });
    expect(await users.getUserCount({ tenantId })).toBe(1);

    const { session } = await newSession(tested, tenantId, user);
    const elsewhere = await newSession(tested, 'public', user);
    expect(await tenants.removeLoginMethodFromTenant(there)).toEqual({ status: 'OK', wasAssociated: true });
    expect(await tenants.removeLoginMethodFromTenant(there)).toEqual({ status: 'OK', wasAssociated: false });
    expect(await tenantsOf(user)).toEqual(['public']);
    expect(await users.getUserCount({ tenantId })).toBe(0);
    expect(await isAlive(session.handle)).toBe(false);
    expect(await isAlive(elsewhere.session.handle)).toBe(true);
    expect(await signIn(tenantId)).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
  });

  it('brings back a user who is in no tenant', async () => {
    const user = await signUp(tenantId);
    await tenants.removeLoginMethodFromTenant({ tenantId, recipeUserId: user.id });
    expect(await tenantsOf(user)).toEqual([]);
    await tenants.addLoginMethodToTenant({ tenantId, recipeUserId: user.id });
    expect(await signIn(tenantId)).toMatchObject({ status: 'OK', user: { id: user.id, tenantIds: [tenantId] } });
  });

  it('says who is in the way, or missing', async () => {
    const user = await signUp('public');
    await signUp(tenantId);
    const there = { tenantId, recipeUserId: user.id };
    expect(await tenants.addLoginMethodToTenant(there)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(await tenantsOf(user)).toEqual(['public']);
    const unknown = { tenantId, recipeUserId: 'nobody' };
    expect(await tenants.addLoginMethodToTenant(unknown)).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    expect(await tenants.removeLoginMethodFromTenant(unknown)).toEqual({ status: 'OK', wasAssociated: false });
    const nowhere = { tenantId: 'nowhere', recipeUserId: user.id };
    await expect(tenants.addLoginMethodToTenant(nowhere)).rejects.toThrow(UnknownTenantError);
    await expect(tenants.removeLoginMethodFromTenant(nowhere)).rejects.toThrow(UnknownTenantError);
  });
});

describe.each(persistentEmbeddedCores)('deleting tenants, several processes: $name', ({ create }) => {
  it('is seen elsewhere within seconds', async () => {
    const tested = await create();
    try {
      const here = tested.core.port(TenantsCore);
      const there = (await tested.openAnother()).port(TenantsCore);
      await here.createTenant('acme');
      expect(await there.tenantExists('acme')).toBe(true);
      await here.deleteTenant('acme');
      tested.clock.moveSeconds(5);
      expect(await there.tenantExists('acme')).toBe(false);
    } finally {
      await tested.close();
    }
  });

  it('leaves nobody and nothing in it, also where it is still taken for existing', async () => {
    const tested = await create();
    try {
      const here = tested.core.port(TenantsCore);
      const elsewhere = await tested.openAnother();
      await here.createTenant('acme');
      const tenants = elsewhere.port(TenantsCore);
      expect(await tenants.tenantExists('acme')).toBe(true);
      const account = { tenantId: 'public', email: 'ada@example.com', password };
      const signedUp = await elsewhere.port(EmailPasswordCore).signUp(account);
      if (signedUp.status !== 'OK') throw new Error(signedUp.status);
      const { user, recipeUserId } = signedUp;
      await here.deleteTenant('acme');

      const tenantId = 'acme';
      const identity = { thirdPartyId: 'google', thirdPartyUserId: '1', email: account.email, isVerified: true };
      const thirdParty = elsewhere.port(ThirdPartyCore);
      const attempts = [
        () => elsewhere.port(EmailPasswordCore).signUp({ ...account, tenantId }),
        () => thirdParty.signInUp({ tenantId, ...identity }),
        () =>
          thirdParty.createOrUpdateThirdPartyConfig({
            tenantId,
            config: { thirdPartyId: 'google' },
            skipValidation: true,
          }),
        () => elsewhere.port(TenantConfigCore).updateTenantConfig({ tenantId, firstFactors: [] }),
        () => tenants.addLoginMethodToTenant({ tenantId, recipeUserId }),
        () => newSession({ core: elsewhere }, tenantId, user),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow(UnknownTenantError);
      await here.createTenant('acme');
      expect(await tested.core.port(UsersCore).getUserCount({ tenantId })).toBe(0);
      expect(await tested.core.port(TenantConfigCore).getTenantConfig(tenantId)).toEqual({ coreConfig: {} });
    } finally {
      await tested.close();
    }
  });

  it('keeps the tenant when the deletion is rolled back, and does not bring back one whose making was', async () => {
    const tested = await create();
    try {
      const tenants = tested.core.port(TenantsCore);
      await tenants.createTenant('acme');
      const undo = async (work: () => Promise<unknown>) => {
        const transaction = tested.core.transaction(async () => {
          await work();
          throw new Error('on purpose');
        });
        await expect(transaction).rejects.toThrow('on purpose');
      };
      await undo(() => tenants.deleteTenant('acme'));
      expect(await tenants.tenantExists('acme')).toBe(true);
      await undo(() => tenants.createTenant('other'));
      expect(await tenants.tenantExists('other')).toBe(false);
      await tested.core.transaction(async () => {
        await tenants.deleteTenant('acme');
        expect(await tenants.tenantExists('acme')).toBe(false);
      });
      expect(await tenants.tenantExists('acme')).toBe(false);
    } finally {
      await tested.close();
    }
  });
});
