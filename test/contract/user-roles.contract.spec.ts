import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { BadInputError, UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { Facts, type FactChange } from '../../lib/core/facts.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { UserIdMappingCore } from '../../lib/core/user-id-mapping.core.js';
import { MAX_HOLDERS_TOLD, UserRolesCore } from '../../lib/core/user-roles.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { cores, type CoreUnderTest, isEmbedded, persistentCores } from './cores.js';

const tenantId = 'public';
const unknown = { status: 'UNKNOWN_ROLE_ERROR' };
let count = 0;
const newRole = () => `role-${(count += 1)}`;

describe.each(cores)('roles: $name', ({ name, create }) => {
  let tested: CoreUnderTest;
  let roles: UserRolesCore;

  beforeAll(async () => {
    tested = await create();
    roles = tested.core.port(UserRolesCore);
    await tested.core.port(TenantsCore).createTenant('acme');
  });
  afterAll(() => tested.close());

  async function madeRole(permissions: string[] = []): Promise<string> {
    const role = newRole();
    expect(await roles.createNewRoleOrAddPermissions({ role, permissions })).toEqual({
      status: 'OK',
      createdNewRole: true,
    });
    return role;
  }
  const rolesOf = async (userId: string, of = tenantId) =>
    (await roles.getRolesForUser({ tenantId: of, userId })).roles;
  async function signUp(of = tenantId) {
    const user = await tested.core
      .port(EmailPasswordCore)
      .signUp({ tenantId: of, email: `${randomUUID()}@example.com`, password: 'secret' });
    if (user.status !== 'OK') throw new Error(user.status);
    return user.user.id;
  }

  it('permit what they were given, in any words, and no longer what was taken', async () => {
    const role = await madeRole(['a,b', 'invoices:read', 'ünïcode 😀', 'a']);
    const again = { role, permissions: ['invoices:write', 'a', 'a'] };
    expect(await roles.createNewRoleOrAddPermissions(again)).toEqual({ status: 'OK', createdNewRole: false });
    const all = ['a', 'a,b', 'invoices:read', 'invoices:write', 'ünïcode 😀'];
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: all });
    const other = await madeRole(['a', 'other']);
    expect((await roles.getPermissionsForRoles({ roles: [role, other, 'nobody'] })).sort()).toEqual(
      [...all, 'other'].sort(),
    );
    expect(await roles.getRolesThatHavePermission({ permission: 'a,b' })).toEqual({ status: 'OK', roles: [role] });

    expect(await roles.removePermissionsFromRole({ role, permissions: ['a', 'unknown'] })).toEqual({ status: 'OK' });
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: all.slice(1) });
    expect(await roles.removePermissionsFromRole({ role })).toEqual({ status: 'OK' });
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: [] });
    expect((await roles.getAllRoles()).roles).toEqual(expect.arrayContaining([role, other]));
  });

  it('are given and taken, in one tenant each', async () => {
    const [role, userId] = [await madeRole(), randomUUID()];
    const assignment = { tenantId, userId, role };
    expect(await roles.addRoleToUser(assignment)).toEqual({ status: 'OK', didUserAlreadyHaveRole: false });
    expect(await roles.addRoleToUser(assignment)).toEqual({ status: 'OK', didUserAlreadyHaveRole: true });
    expect(await roles.addRoleToUser({ ...assignment, tenantId: 'acme' })).toMatchObject({
      didUserAlreadyHaveRole: false,
    });
    expect(await roles.removeUserRole(assignment)).toEqual({ status: 'OK', didUserHaveRole: true });
    expect(await roles.removeUserRole(assignment)).toEqual({ status: 'OK', didUserHaveRole: false });
    expect(await rolesOf(userId)).toEqual([]);
    expect(await rolesOf(userId, 'acme')).toEqual([role]);
  });

  it('that nobody has made are unknown', async () => {
    const role = newRole();
    const assignment = { tenantId, userId: 'u', role };
    expect(await roles.addRoleToUser(assignment)).toEqual(unknown);
    expect(await roles.addRoleToUser({ ...assignment, tenantId: 'acme' })).toEqual(unknown);
    expect(await roles.removeUserRole(assignment)).toEqual(unknown);
    expect(await roles.getUsersThatHaveRole(assignment)).toEqual(unknown);
    expect(await roles.getPermissionsForRole({ role })).toEqual(unknown);
    expect(await roles.removePermissionsFromRole({ role })).toEqual(unknown);
    expect(await roles.deleteRole({ role })).toEqual({ status: 'OK', didRoleExist: false });
  });

  it('list who has them, all at once or page by page', async () => {
    const role = await madeRole();
    const userIds = Array.from({ length: 5 }, () => randomUUID()).sort();
    for (const userId of userIds) await roles.addRoleToUser({ tenantId, userId, role });
    await roles.addRoleToUser({ tenantId: 'acme', userId: 'other', role });
    const list = (limit?: number, paginationToken?: string) =>
      roles.getUsersThatHaveRole({ tenantId, role, limit, paginationToken });
    expect(await list()).toEqual({ status: 'OK', users: userIds });
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await list(2, token);
      if (page.status !== 'OK') throw new Error(page.status);
      found.push(...page.users);
      token = page.nextPaginationToken;
    } while (token !== undefined);
    expect(found).toEqual(userIds);
    await expect(list(0)).rejects.toThrow(BadInputError);
    await expect(list(501)).rejects.toThrow(BadInputError);
    await expect(list(2, 'not a token')).rejects.toThrow('invalid pagination token');
  });

  it('are gone for everybody once they are deleted', async () => {
    const [role, userId] = [await madeRole(['a']), randomUUID()];
    await roles.addRoleToUser({ tenantId, userId, role });
    await roles.addRoleToUser({ tenantId: 'acme', userId, role });
    expect(await roles.deleteRole({ role })).toEqual({ status: 'OK', didRoleExist: true });
    expect([await rolesOf(userId), await rolesOf(userId, 'acme')]).toEqual([[], []]);
    // Nobody has it again by its name.
    await roles.createNewRoleOrAddPermissions({ role, permissions: [] });
    expect(await rolesOf(userId)).toEqual([]);
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: [] });
  });

  it('go with the user, and with the tenant', async () => {
    const [role, userId, other] = [await madeRole(), await signUp(), await signUp()];
    await roles.addRoleToUser({ tenantId, userId, role });
    await roles.addRoleToUser({ tenantId, userId: other, role });
    await tested.core.port(UsersCore).deleteUser(userId);
    expect(await roles.getUsersThatHaveRole({ tenantId, role })).toEqual({ status: 'OK', users: [other] });

    const tenants = tested.core.port(TenantsCore);
    await tenants.createTenant('globex');
    await roles.addRoleToUser({ tenantId: 'globex', userId: other, role });
    await tenants.deleteTenant('globex');
    await tenants.createTenant('globex');
    expect(await rolesOf(other, 'globex')).toEqual([]);
    expect(await rolesOf(other)).toEqual([role]);
  });

  it('go with the place in a tenant', async () => {
    const [role, userId] = [await madeRole(), await signUp()];
    const tenants = tested.core.port(TenantsCore);
    await tenants.addLoginMethodToTenant({ tenantId: 'acme', recipeUserId: userId });
    for (const each of [tenantId, 'acme']) await roles.addRoleToUser({ tenantId: each, userId, role });
    await tenants.removeLoginMethodFromTenant({ tenantId: 'acme', recipeUserId: userId });
    expect([await rolesOf(userId), await rolesOf(userId, 'acme')]).toEqual([[role], []]);
  });

  it('stay with a user who is shown under another id', async () => {
    const [role, userId, externalUserId] = [await madeRole(), await signUp(), `external-${randomUUID()}`];
    await roles.addRoleToUser({ tenantId, userId, role });
    await tested.core.port(UserIdMappingCore).create({ userId, externalUserId, force: true });
    expect([await rolesOf(userId), await rolesOf(externalUserId)]).toEqual([[role], [role]]);
    expect(await roles.getUsersThatHaveRole({ tenantId, role })).toEqual({ status: 'OK', users: [externalUserId] });
  });

  it('are trimmed; what is no name is refused', async () => {
    const role = await madeRole();
    await roles.createNewRoleOrAddPermissions({ role: ` ${role}\t`, permissions: [' a '] });
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: ['a'] });
    const names: unknown[] = ['', '  ', 'x'.repeat(256), 'a\0b', '\ud800', 5, null, undefined, {}];
    for (const bad of names as string[]) {
      const calls = [
        roles.createNewRoleOrAddPermissions({ role: bad, permissions: [] }),
        roles.createNewRoleOrAddPermissions({ role, permissions: [bad] }),
        roles.addRoleToUser({ tenantId, userId: 'u', role: bad }),
        roles.getPermissionsForRole({ role: bad }),
        roles.getRolesThatHavePermission({ permission: bad }),
        roles.deleteRole({ role: bad }),
      ];
      for (const call of calls) await expect(call).rejects.toThrow(BadInputError);
    }
    await expect(roles.createNewRoleOrAddPermissions({ role, permissions: 'a' as never })).rejects.toThrow(
      BadInputError,
    );
    await expect(roles.addRoleToUser({ tenantId, userId: '', role })).rejects.toThrow(BadInputError);
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: ['a'] });
  });

  it('are of tenants that exist', async () => {
    const assignment = { tenantId: 'nowhere', userId: 'u', role: await madeRole() };
    await expect(roles.addRoleToUser(assignment)).rejects.toThrow(UnknownTenantError);
    await expect(roles.getRolesForUser(assignment)).rejects.toThrow(UnknownTenantError);
    await expect(roles.getUsersThatHaveRole(assignment)).rejects.toThrow(UnknownTenantError);
  });

  it('may have ten thousand permissions', async () => {
    const permissions = Array.from({ length: 10_000 }, (_, number) => `permission-${String(number).padStart(5, '0')}`);
    const role = await madeRole(permissions);
    expect(await roles.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions });
    await expect(
      roles.createNewRoleOrAddPermissions({ role, permissions: [...permissions, 'one more'] }),
    ).rejects.toThrow('at most 10000');
  });

  it('tell of their changes those who have them', async () => {
    const [role, ada, bob] = [await madeRole(['a']), randomUUID(), randomUUID()];
    let changes: FactChange[] = [];
    tested.core.port(Facts).listen(async (change) => void changes.push(change));
    const toldBy = async (work: Promise<unknown>) => {
      changes = [];
      await work;
      return changes.map((change) => [change.fact, (change as { userId: string }).userId]).sort();
    };
    expect(await toldBy(roles.addRoleToUser({ tenantId, userId: ada, role }))).toEqual([['userRoles', ada]]);
    await roles.addRoleToUser({ tenantId: 'acme', userId: bob, role });
    const both = (fact: string) => [ada, bob].sort().map((userId) => [fact, userId]);
    expect(await toldBy(roles.createNewRoleOrAddPermissions({ role, permissions: ['b'] }))).toEqual(
      both('userPermissions'),
    );
    expect(await toldBy(roles.removePermissionsFromRole({ role, permissions: ['a'] }))).toEqual(
      both('userPermissions'),
    );
    expect(await toldBy(roles.removeUserRole({ tenantId: 'acme', userId: bob, role }))).toEqual([['userRoles', bob]]);
    expect(await toldBy(roles.deleteRole({ role }))).toEqual([['userRoles', ada]]);
    if (isEmbedded({ name })) expect(await toldBy(roles.deleteRole({ role }))).toEqual([]);
  });
});

describe.each(cores.filter(isEmbedded))('a role that too many have: $name', ({ create }) => {
  it('is deleted without telling any of them', async () => {
    const tested = await create();
    try {
      const roles = tested.core.port(UserRolesCore);
      await roles.createNewRoleOrAddPermissions({ role: 'everybody', permissions: [] });
      await tested.core.transaction(async () => {
        for (let number = 0; number <= MAX_HOLDERS_TOLD; number++) {
          await roles.addRoleToUser({ tenantId, userId: `user-${number}`, role: 'everybody' });
        }
      });
      let changes = 0;
      tested.core.port(Facts).listen(async () => void (changes += 1));
      await roles.deleteRole({ role: 'everybody' });
      expect(changes).toBe(0);
      expect((await roles.getRolesForUser({ tenantId, userId: 'user-1' })).roles).toEqual([]);
    } finally {
      await tested.close();
    }
  });
});

describe.each(persistentCores)('roles in several processes: $name', ({ create }) => {
  it('are deleted or given, never both', async () => {
    const tested = await create();
    try {
      const [one, other] = [tested.core, await tested.openAnother()].map((core) => core.port(UserRolesCore));
      for (let round = 0; round < 10; round++) {
        const role = newRole();
        await one!.createNewRoleOrAddPermissions({ role, permissions: [] });
        const users = Array.from({ length: 4 }, (_, number) => `user-${round}-${number}`);
        const [deleted, ...given] = await Promise.all([
          one!.deleteRole({ role }),
          ...users.map((userId) => other!.addRoleToUser({ tenantId, userId, role })),
          other!.createNewRoleOrAddPermissions({ role, permissions: ['a'] }),
        ]);
        expect(deleted).toEqual({ status: 'OK', didRoleExist: true });
        expect(given).toHaveLength(5);
        // One that was made again may be given again; one that is not there, nobody has.
        const { roles: all } = await one!.getAllRoles();
        if (!all.includes(role)) {
          await one!.createNewRoleOrAddPermissions({ role, permissions: [] });
          expect(await one!.getUsersThatHaveRole({ tenantId, role })).toEqual({ status: 'OK', users: [] });
          expect(await one!.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions: [] });
        }
      }
    } finally {
      await tested.close();
    }
  });

  it('are made once by two at once, with what both permit', async () => {
    const tested = await create();
    try {
      const both = [tested.core, await tested.openAnother()].map((core) => core.port(UserRolesCore));
      for (let round = 0; round < 5; round++) {
        const role = newRole();
        const made = await Promise.all(
          both.map((roles, at) => roles.createNewRoleOrAddPermissions({ role, permissions: ['z', 'a', `own-${at}`] })),
        );
        expect(made.map(({ createdNewRole }) => createdNewRole).sort()).toEqual([false, true]);
        const permissions = ['a', 'own-0', 'own-1', 'z'];
        expect(await both[0]!.getPermissionsForRole({ role })).toEqual({ status: 'OK', permissions });
      }
    } finally {
      await tested.close();
    }
  });
});
