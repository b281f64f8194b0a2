import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadInputError,
  EmailPasswordFunctions,
  MultitenancyFunctions,
  UnknownTenantError,
  UserRolesFunctions,
  UserRolesRecipe,
} from 'latchkey';
import { formFields, RecordedEmailDelivery } from 'latchkey/testing';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { frameworks, onFastify } from '../../support/frameworks.js';
import { startTenantsApp, type TenantsApp } from '../../support/tenants-app.js';

describe.each(onFastify)('functions of the Multitenancy recipe on %s', (framework) => {
  let app: TenantsApp;
  let tenants: MultitenancyFunctions;

  beforeAll(async () => {
    app = await startTenantsApp(framework, { recipes: [UserRolesRecipe.init()] });
    ({ tenants } = app);
  });
  afterAll(() => app.app.close());

  const signUp = async (tenantId: string, email = newEmail()) => {
    const response = await app.client().auth(`${tenantId}/signup`, formFields({ email, password: PASSWORD }));
    return (await response.json()) as { status: string };
  };

  it('make a tenant, which nobody signs in to before it says how', async () => {
    expect(await tenants.createOrUpdateTenant({ tenantId: ' Initech ' })).toEqual({ status: 'OK', createdNew: true });
    expect(await signUp('initech')).toMatchObject({ status: 'GENERAL_ERROR' });
    const config = { firstFactors: ['emailpassword'], requiredSecondaryFactors: ['totp'] };
    expect(await tenants.createOrUpdateTenant({ tenantId: 'initech', config })).toEqual({
      status: 'OK',
      createdNew: false,
    });
    expect(await signUp('initech')).toMatchObject({ status: 'OK', user: { tenantIds: ['initech'] } });
    const tenant = { tenantId: 'initech', thirdParty: { providers: [] }, ...config, coreConfig: {} };
    expect(await tenants.getTenant({ tenantId: 'INITECH' })).toEqual({ status: 'OK', ...tenant });
    expect((await tenants.listAllTenants()).tenants).toContainEqual(tenant);
  });

  it('put users into tenants and take them out', async () => {
    const { userId: recipeUserId, email, client } = await app.signedUp('acme');
    const there = { tenantId: 'Globex', recipeUserId };
    expect(await tenants.associateUserToTenant(there)).toEqual({ status: 'OK', wasAlreadyAssociated: false });
    expect(await tenants.associateUserToTenant(there)).toEqual({ status: 'OK', wasAlreadyAssociated: true });
    const signIn = async () =>
      (await app.client().auth('globex/signin', formFields({ email, password: PASSWORD }))).json();
    expect(await signIn()).toMatchObject({ status: 'OK', user: { id: recipeUserId } });
    expect(await tenants.disassociateUserFromTenant(there)).toEqual({ status: 'OK', wasAssociated: true });
    expect(await signIn()).toMatchObject({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect((await client.refresh()).status).toBe(200);

    await signUp('globex', email);
    expect(await tenants.associateUserToTenant(there)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(await tenants.associateUserToTenant({ recipeUserId: 'nobody' })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
  });

  it('keep providers, and refuse those that cannot work', async () => {
    const clients = [{ clientId: 'id', clientSecret: 'secret' }];
    const put = (config: { thirdPartyId: string; clients?: object[] }, skipValidation?: boolean) =>
      tenants.createOrUpdateThirdPartyConfig({ tenantId: 'acme', config: config as never, skipValidation });
    expect(await put({ thirdPartyId: 'github', clients })).toEqual({ status: 'OK', createdNew: true });
    expect(await put({ thirdPartyId: 'github', clients })).toEqual({ status: 'OK', createdNew: false });
    await expect(put({ thirdPartyId: 'apple', clients: [{ clientId: 'id' }] })).rejects.toThrow(
      'Invalid third party config: a non empty',
    );
    expect(await put({ thirdPartyId: 'apple', clients: [{ clientId: 'id' }] }, true)).toMatchObject({
      createdNew: true,
    });
    const providers = async () => (await tenants.getTenant({ tenantId: 'acme' }))?.thirdParty.providers;
    expect(await providers()).toMatchObject([{ thirdPartyId: 'apple' }, { thirdPartyId: 'github', clients }]);
    for (const [thirdPartyId, didConfigExist] of [
      ['apple', true],
      ['github', true],
      ['github', false],
    ] as const) {
      const removed = await tenants.deleteThirdPartyConfig({ tenantId: 'acme', thirdPartyId });
      expect(removed).toEqual({ status: 'OK', didConfigExist });
    }
    expect(await providers()).toEqual([]);
  });

  it('delete a tenant with all that is its own, and no user', async () => {
    const [tenantId, role] = ['umbrella', 'admin'];
    await tenants.createOrUpdateTenant({ tenantId, config: { firstFactors: null } });
    const { userId, email, client } = await app.signedUp(tenantId);
    const roles = app.app.get(UserRolesFunctions, { strict: false });
    await roles.createNewRoleOrAddPermissions({ role, permissions: [] });
    await roles.addRoleToUser({ tenantId, userId, role });
    await tenants.createOrUpdateThirdPartyConfig({ tenantId, config: { thirdPartyId: 'x' }, skipValidation: true });

    expect(await tenants.deleteTenant({ tenantId: 'UMBRELLA' })).toEqual({ status: 'OK', didExist: true });
    expect(await tenants.deleteTenant({ tenantId })).toEqual({ status: 'OK', didExist: false });
    expect(await tenants.getTenant({ tenantId })).toBeUndefined();
    expect((await client.refresh()).status).toBe(401);
    await tenants.createOrUpdateTenant({ tenantId, config: { firstFactors: null } });
    expect((await tenants.getTenant({ tenantId }))?.thirdParty.providers).toEqual([]);
    expect(await roles.getRolesForUser({ tenantId, userId })).toEqual({ status: 'OK', roles: [] });
    expect(await app.app.get(EmailPasswordFunctions, { strict: false }).getUserById({ userId })).toMatchObject({
      emails: [email],
      tenantIds: [],
    });
    await expect(tenants.deleteTenant({ tenantId: ' Public ' })).rejects.toThrow('Cannot delete public tenant');
  });

  it('say what is no tenant', async () => {
    for (const tenantId of ['nowhere', '..', '', 'a/b', 'x'.repeat(10_000), "x' or 1=1", '__proto__']) {
      expect(await tenants.getTenant({ tenantId })).toBeUndefined();
      expect(await tenants.deleteTenant({ tenantId })).toEqual({ status: 'OK', didExist: false });
      const member = { tenantId, recipeUserId: 'somebody' };
      await expect(tenants.associateUserToTenant(member)).rejects.toThrow(UnknownTenantError);
      await expect(tenants.disassociateUserFromTenant(member)).rejects.toThrow(UnknownTenantError);
      const config = { thirdPartyId: 'github' };
      await expect(tenants.createOrUpdateThirdPartyConfig({ tenantId, config, skipValidation: true })).rejects.toThrow(
        UnknownTenantError,
      );
      await expect(tenants.deleteThirdPartyConfig({ tenantId, ...config })).rejects.toThrow(UnknownTenantError);
    }
    for (const tenantId of [undefined, 1, {}, ['acme']] as never[]) {
      await expect(tenants.getTenant({ tenantId })).rejects.toThrow(BadInputError);
      await expect(tenants.createOrUpdateTenant({ tenantId })).rejects.toThrow(BadInputError);
      await expect(tenants.deleteTenant({ tenantId })).rejects.toThrow(BadInputError);
    }
  });
});

/** Finds the tenant in a header, as an application would in the host name. */
class ByHeader extends MultitenancyFunctions {
  override async getTenantId({
    tenantIdFromFrontend,
    userContext,
  }: Parameters<MultitenancyFunctions['getTenantId']>[0]) {
    const named = userContext?._default?.request?.getHeaderValue('x-tenant');
    return named === 'nothing' ? (undefined as never) : (named ?? tenantIdFromFrontend);
  }
}

describe.each(frameworks)('getTenantId on %s', (framework) => {
  let app: TenantsApp;

  beforeAll(async () => {
    app = await startTenantsApp(framework, { multitenancy: { override: { functions: ByHeader } } });
  });
  afterAll(() => app.app.close());

  const signUp = async (path: string, tenant: string) => {
    const body = formFields({ email: newEmail(), password: PASSWORD });
    const response = await app.client().post(`/auth${path}/signup`, body, { headers: { 'x-tenant': tenant } });
    return [response.status, await response.json()];
  };

  it('decides the tenant of every route, over what the path says', async () => {
    const inAcme = [200, expect.objectContaining({ user: expect.objectContaining({ tenantIds: ['acme'] }) })];
    expect(await signUp('', 'acme')).toEqual(inAcme);
    expect(await signUp('', ' ACME')).toEqual(inAcme);
    expect(await signUp('/globex', 'acme')).toEqual(inAcme);
    expect(await signUp('', 'nowhere')).toEqual([400, expect.objectContaining({ message: 'Unknown tenant: nowhere' })]);
    expect((await signUp('', 'nothing'))[0]).toBe(500);

    const email = newEmail();
    const { client } = app;
    const headers = { 'x-tenant': 'globex' };
    const body = formFields({ email, password: PASSWORD });
    await client().post('/auth/signup', body, { headers });
    await client().post('/auth/user/password/reset/token', formFields({ email }), { headers });
    const { passwordResetLink } = await (app.emails() as RecordedEmailDelivery).nextPasswordReset(email);
    expect(new URL(passwordResetLink).searchParams.get('tenantId')).toBe('globex');
  });
});
