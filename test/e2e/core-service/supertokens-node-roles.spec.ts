import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecipeUserId } from 'supertokens-node';
import * as EmailPassword from 'supertokens-node/recipe/emailpassword';
import * as Multitenancy from 'supertokens-node/recipe/multitenancy';
import * as Session from 'supertokens-node/recipe/session';
import * as UserRoles from 'supertokens-node/recipe/userroles';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient } from '../../support/core-service-client.js';
import { initSupertokensNode } from '../../support/supertokens-node.js';

const unknown = { status: 'UNKNOWN_ROLE_ERROR' };

describe('UserRoles of supertokens-node on the core service', () => {
  let service: RunningCoreService;

  beforeAll(async () => {
    service = await startCoreService();
    initSupertokensNode(service.url);
    await Multitenancy.createOrUpdateTenant('acme', {});
  });
  afterAll(() => service.close());

  it('makes roles, changes what they permit, and deletes them', async () => {
    expect(await UserRoles.createNewRoleOrAddPermissions('writer', ['read', 'write'])).toEqual({
      status: 'OK',
      createdNewRole: true,
    });
    expect(await UserRoles.createNewRoleOrAddPermissions('writer', ['print'])).toEqual({
      status: 'OK',
      createdNewRole: false,
    });
    const permissions = async () => {
      const result = await UserRoles.getPermissionsForRole('writer');
      return result.status === 'OK' ? result.permissions.sort() : result.status;
    };
    expect(await permissions()).toEqual(['print', 'read', 'write']);
    expect(await UserRoles.removePermissionsFromRole('writer', ['read'])).toMatchObject({ status: 'OK' });
    expect(await permissions()).toEqual(['print', 'write']);
    expect(await UserRoles.getRolesThatHavePermission('print')).toMatchObject({ roles: ['writer'] });
    expect(await UserRoles.getAllRoles()).toMatchObject({ status: 'OK', roles: ['writer'] });
    expect(await UserRoles.deleteRole('writer')).toMatchObject({ status: 'OK', didRoleExist: true });
    expect(await UserRoles.deleteRole('writer')).toMatchObject({ status: 'OK', didRoleExist: false });
    expect(await permissions()).toBe('UNKNOWN_ROLE_ERROR');
  });

  it('gives roles to users of a tenant and takes them', async () => {
    await UserRoles.createNewRoleOrAddPermissions('reader', ['read']);
    expect(await UserRoles.addRoleToUser('acme', 'ada', 'reader')).toEqual({
      status: 'OK',
      didUserAlreadyHaveRole: false,
    });
    expect(await UserRoles.addRoleToUser('acme', 'ada', 'reader')).toMatchObject({ didUserAlreadyHaveRole: true });
    expect(await UserRoles.addRoleToUser('acme', 'ada', 'nothing')).toMatchObject(unknown);
    expect(await UserRoles.getRolesForUser('acme', 'ada')).toMatchObject({ status: 'OK', roles: ['reader'] });
    expect(await UserRoles.getRolesForUser('public', 'ada')).toMatchObject({ roles: [] });
    expect(await UserRoles.getUsersThatHaveRole('acme', 'reader')).toMatchObject({ status: 'OK', users: ['ada'] });
    expect(await UserRoles.getUsersThatHaveRole('acme', 'nothing')).toMatchObject(unknown);
    expect(await UserRoles.removeUserRole('acme', 'ada', 'reader')).toMatchObject({ didUserHaveRole: true });
    expect(await UserRoles.removeUserRole('acme', 'ada', 'reader')).toMatchObject({ didUserHaveRole: false });
    expect(await UserRoles.removeUserRole('acme', 'ada', 'nothing')).toMatchObject(unknown);
  });

  it('has them in sessions, and its guards judge by them', async () => {
    const signedUp = await EmailPassword.signUp('public', 'grace@example.com', 'correct-horse-1');
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    await UserRoles.createNewRoleOrAddPermissions('accountant', ['invoices:read']);
    await UserRoles.addRoleToUser('public', signedUp.user.id, 'accountant');
    const recipeUserId = new RecipeUserId(signedUp.user.id);
    const session = await Session.createNewSessionWithoutRequestResponse('public', recipeUserId, {}, {}, true);
    expect(await session.getClaimValue(UserRoles.UserRoleClaim)).toEqual(['accountant']);
    expect(await session.getClaimValue(UserRoles.PermissionClaim)).toEqual(['invoices:read']);
    await session.assertClaims([UserRoles.PermissionClaim.validators.includes('invoices:read')]);
    await expect(session.assertClaims([UserRoles.UserRoleClaim.validators.includes('admin')])).rejects.toMatchObject({
      type: 'INVALID_CLAIMS',
    });
  });

  it('is told in the words of the wire what is no role', async () => {
    const client = new CoreServiceClient(service.url);
    const put = async (path: string, body: object) => {
      const { status, text } = await client.put(path, body);
      return { status, text: text.trim() };
    };
    const empty = (name: string) => ({ status: 400, text: expect.stringContaining(name) });
    expect(await put('/recipe/role', { role: ' ' })).toEqual(empty("Field name 'role' cannot be an empty String"));
    expect(await put('/recipe/role', { role: 5 })).toEqual(empty("Field name 'role' is invalid in JSON input"));
    expect(await put('/recipe/role', { role: 'x'.repeat(300) })).toEqual(empty('at most 255 characters'));
    expect(await put('/recipe/role', { role: 'x', permissions: ['a', ''] })).toEqual(empty('permissions'));
    expect(await put('/acme/recipe/role', { role: 'x' })).toMatchObject({ status: 403 });
    expect((await client.get('/recipe/role/users?role=reader')).json).toEqual({ status: 'OK', users: [] });
  });

  it('lists metadata of many users at once', async () => {
    const client = new CoreServiceClient(service.url);
    await client.put('/recipe/user/metadata', { userId: 'ada', metadataUpdate: { plan: 'gold' } });
    const bulk = (userIds: unknown) => client.post('/recipe/user/metadata/bulk', { userIds });
    expect((await bulk(['ada', 'bob'])).json).toEqual({
      status: 'OK',
      users: [
        { userId: 'ada', metadata: { plan: 'gold' } },
        { userId: 'bob', metadata: null },
      ],
    });
    expect((await bulk([])).json).toEqual({ status: 'OK', users: [] });
    expect((await bulk(Array.from({ length: 501 }, (_, at) => `u${at}`))).status).toBe(400);
    expect((await bulk('ada')).status).toBe(400);
  });
});
