import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable } from '@nestjs/common';
import { Core, PUBLIC_TENANT_ID } from '../../../lib/core/core.js';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { PermissionClaim, Session, SessionFunctions, UserRoleClaim, UserRolesFunctions } from 'latchkey';
import { frameworks, onFastify } from '../../support/frameworks.js';
import { payloadOf, startRolesApp, type RolesApp } from '../../support/roles-app.js';

describe.each(onFastify)('roles in sessions on %s', (framework) => {
  let app: RolesApp;

  beforeAll(async () => {
    app = await startRolesApp(framework);
    await app.roles.createNewRoleOrAddPermissions({ role: 'accountant', permissions: ['invoices:read', 'a,b'] });
  });
  afterAll(() => app.app.close());

  const claimsOf = (client: Parameters<typeof payloadOf>[0]) => {
    const payload = payloadOf(client);
    return [payload['st-role']?.v, payload['st-perm']?.v];
  };

  it('are there from the first one on, with what they permit', async () => {
    const { client, userId } = await app.signedUp();
    expect(claimsOf(client)).toEqual([[], []]);
    expect(payloadOf(client)['st-role']!.t).toEqual(expect.any(Number));
    await app.roles.addRoleToUser({ userId, role: 'accountant' });
    const session = await app.app.get(SessionFunctions, { strict: false }).createNewSession({ userId });
    expect(await session.getClaimValue(UserRoleClaim)).toEqual(['accountant']);
    expect(await session.getClaimValue(PermissionClaim)).toEqual(['a,b', 'invoices:read']);
  });

  it('follow the roles of the user, what a role permits, and its end', async () => {
    const { client, userId } = await app.signedUp();
    const other = await app.signedUp();
    const seen = async () => {
      await client.refresh();
      return claimsOf(client);
    };
    await app.roles.createNewRoleOrAddPermissions({ role: 'writer', permissions: ['write'] });
    await app.roles.addRoleToUser({ userId, role: 'writer' });
    expect(await seen()).toEqual([['writer'], ['write']]);
    await app.roles.createNewRoleOrAddPermissions({ role: 'writer', permissions: ['print'] });
    expect(await seen()).toEqual([['writer'], ['print', 'write']]);
    await app.roles.removePermissionsFromRole({ role: 'writer', permissions: ['write'] });
    expect(await seen()).toEqual([['writer'], ['print']]);
    await app.roles.removeUserRole({ userId, role: 'writer' });
    expect(await seen()).toEqual([[], []]);
    await app.roles.addRoleToUser({ userId, role: 'writer' });
    await app.roles.deleteRole({ role: 'writer' });
    expect(await seen()).toEqual([[], []]);
    await other.client.refresh();
    expect(claimsOf(other.client)).toEqual([[], []]);
  });

  it('are those of the tenant of the session', async () => {
    const { userId } = await app.signedUp('accountant');
    const tenants = app.app.get(Core, { strict: false }).port(TenantsCore);
    await tenants.createTenant('acme');
    await tenants.addLoginMethodToTenant({ tenantId: 'acme', recipeUserId: userId });
    const functions = app.app.get(SessionFunctions, { strict: false });
    const rolesIn = async (tenantId: string) =>
      (await functions.createNewSession({ userId, tenantId })).getClaimValue(UserRoleClaim);
    expect([await rolesIn(PUBLIC_TENANT_ID), await rolesIn('acme')]).toEqual([['accountant'], []]);
  });
});

@Controller()
class GuardedController {
  @Get('guarded')
  @Session()
  guarded() {
    return { ok: true };
  }
}

describe.each(frameworks)('roles that are taken away, where changed claims must be refreshed, on %s', (framework) => {
  it('are gone with the next request, which is told to refresh; others go on', async () => {
    const app = await startRolesApp(framework, {
      core: { revocationFeed: { refreshChangedClaims: true } },
      controllers: [GuardedController],
    });
    try {
      await app.roles.createNewRoleOrAddPermissions({ role: 'writer', permissions: [] });
      const [one, other] = [await app.signedUp('writer'), await app.signedUp('writer')];
      // The first use of a refreshed token brings one with the claims of that moment.
      for (const { client } of [one, other]) expect((await client.get('/guarded')).status).toBe(200);
      await app.roles.removeUserRole({ userId: one.userId, role: 'writer' });
      const refused = await one.client.get('/guarded');
      expect([refused.status, await refused.json()]).toEqual([401, { message: 'try refresh token' }]);
      expect((await other.client.get('/guarded')).status).toBe(200);
      await one.client.refresh();
      expect(payloadOf(one.client)['st-role']!.v).toEqual([]);
      expect((await one.client.get('/guarded')).status).toBe(200);
    } finally {
      await app.app.close();
    }
  });
});

describe.each(onFastify)('roles that are left out of access tokens on %s', (framework) => {
  it('by the application: sessions are made without them, and lose what a guard has fetched when they change', async () => {
    const skip = { skipAddingRolesToAccessToken: true, skipAddingPermissionsToAccessToken: true };
    const app = await startRolesApp(framework, { userRoles: skip });
    try {
      await app.roles.createNewRoleOrAddPermissions({ role: 'writer', permissions: [] });
      const { client, userId } = await app.signedUp('writer');
      expect(payloadOf(client)).not.toHaveProperty('st-role');
      expect(payloadOf(client)).not.toHaveProperty('st-perm');

      const functions = app.app.get(SessionFunctions, { strict: false });
      const session = await functions.createNewSession({ userId });
      const claim = { sessionHandle: session.getHandle(), claim: UserRoleClaim };
      await session.assertClaims([UserRoleClaim.validators.includes('writer')]);
      expect(await functions.getClaimValue(claim)).toEqual({ status: 'OK', value: ['writer'] });
      await app.roles.removeUserRole({ userId, role: 'writer' });
      expect(await functions.getClaimValue(claim)).toEqual({ status: 'OK', value: undefined });
    } finally {
      await app.app.close();
    }
  });

  it('for their size: signing in and guards go on, and nothing of them is kept', async () => {
    const app = await startRolesApp(framework, { userRoles: { maxClaimBytes: 200 } });
    try {
      const permissions = Array.from({ length: 10_000 }, (_, number) => `permission-${number}`);
      await app.roles.createNewRoleOrAddPermissions({ role: 'everything', permissions: ['one'] });
      const { client, userId } = await app.signedUp('everything', 'cookie');
      const session = await app.app.get(SessionFunctions, { strict: false }).createNewSession({ userId });
      await app.roles.createNewRoleOrAddPermissions({ role: 'everything', permissions });
      expect((await client.refresh()).status).toBe(200);

      await session.fetchAndSetClaim(PermissionClaim);
      expect(await session.getClaimValue(PermissionClaim)).toBeUndefined();
      expect(await session.getClaimValue(UserRoleClaim)).toEqual(['everything']);
      const before = session.getAccessToken();
      await session.assertClaims([PermissionClaim.validators.includes('permission-9999')]);
      await expect(session.assertClaims([PermissionClaim.validators.includes('two')])).rejects.toMatchObject({
        code: 'INVALID_CLAIMS',
      });
      expect(session.getAccessToken()).toBe(before);

      const again = await app.app.get(SessionFunctions, { strict: false }).createNewSession({ userId });
      expect(await again.getClaimValue(PermissionClaim)).toBeUndefined();
    } finally {
      await app.app.close();
    }
  });
});

describe.each(onFastify)('overridden functions of roles on %s', (framework) => {
  @Injectable()
  class Staff extends UserRolesFunctions {
    override async getRolesForUser(): Promise<{ status: 'OK'; roles: string[] }> {
      return { status: 'OK', roles: ['staff', 'staff of elsewhere'] };
    }
    override async getPermissionsForRole({ role }: { role: string }) {
      return role === 'staff'
        ? { status: 'OK' as const, permissions: ['read'] }
        : super.getPermissionsForRole({ role });
    }
  }

  it('decide what is in sessions', async () => {
    const app = await startRolesApp(framework, { userRoles: { override: { functions: Staff } } });
    try {
      const { client } = await app.signedUp();
      const payload = payloadOf(client);
      expect([payload['st-role']?.v, payload['st-perm']?.v]).toEqual([['staff', 'staff of elsewhere'], ['read']]);
    } finally {
      await app.app.close();
    }
  });
});
