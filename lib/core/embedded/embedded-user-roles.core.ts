import { UnknownTenantError } from '../auth.error.js';
import type { Fact, Facts } from '../facts.js';
import { paginationTokenOf, positionOf } from '../pagination-token.js';
import {
  checkedName,
  checkedNames,
  MAX_HOLDERS_TOLD,
  type RoleHolders,
  type RoleHoldersInput,
  type RoleOfUser,
  type UnknownRole,
  UserRolesCore,
} from '../user-roles.core.js';
import { checkedLimit, checkedUserId } from '../users.core.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { DeletedUser, OwnsTenantData, OwnsUserData, RefersToUsers } from './engine-part.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { TenantsStorage } from './storage/tenants.storage.js';
import { RolePermissionsStorage } from './storage/role-permissions.storage.js';
import { UserRolesStorage } from './storage/user-roles.storage.js';

const UNKNOWN_ROLE: UnknownRole = { status: 'UNKNOWN_ROLE_ERROR' };

export class EmbeddedUserRolesCore extends UserRolesCore implements OwnsUserData, OwnsTenantData, RefersToUsers {
  readonly refersToUsersAs = 'UserRoles';
  private readonly roles: RolePermissionsStorage;
  private readonly holders: UserRolesStorage;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly tenants: EmbeddedTenantsCore,
    private readonly facts: Facts,
  ) {
    super();
    this.roles = new RolePermissionsStorage(database);
    this.holders = new UserRolesStorage(database);
  }

  async addRoleToUser(input: RoleOfUser): Promise<{ status: 'OK'; didUserAlreadyHaveRole: boolean } | UnknownRole> {
    const assignment = await this.checked(input);
    return this.atOnce(async () => {
      if (await this.holders.give(assignment)) {
        await this.facts.announce({ fact: 'userRoles', userId: assignment.userId });
        return { status: 'OK', didUserAlreadyHaveRole: false };
      }
      if (!(await this.roles.exists(assignment.role))) return UNKNOWN_ROLE;
      // Deleted after it was last seen.
      if (!(await new TenantsStorage(this.database).exists(assignment.tenantId)))
        throw new UnknownTenantError(assignment.tenantId);
      return { status: 'OK', didUserAlreadyHaveRole: true };
    });
  }

  async removeUserRole(input: RoleOfUser): Promise<{ status: 'OK'; didUserHaveRole: boolean } | UnknownRole> {
    const assignment = await this.checked(input);
    return this.atOnce(async () => {
      if (await this.holders.take(assignment)) {
        await this.facts.announce({ fact: 'userRoles', userId: assignment.userId });
        return { status: 'OK', didUserHaveRole: true };
      }
      return (await this.roles.exists(assignment.role)) ? { status: 'OK', didUserHaveRole: false } : UNKNOWN_ROLE;
    });
  }

  async getRolesForUser(input: { tenantId: string; userId: string }): Promise<{ status: 'OK'; roles: string[] }> {
    const userId = checkedUserId(input.userId);
    await this.tenants.assertExists(input.tenantId);
    return { status: 'OK', roles: await this.holders.rolesOf(input.tenantId, userId) };
  }

  async getUsersThatHaveRole(input: RoleHoldersInput): Promise<RoleHolders | UnknownRole> {
    const { tenantId } = input;
    const role = checkedName(input.role, 'role');
    const limit = input.limit === undefined ? undefined : checkedLimit(input.limit);
    const after = input.paginationToken === undefined ? undefined : positionOf(input.paginationToken);
    await this.tenants.assertExists(tenantId);
    // One more than asked for tells whether there is a next page.
    const found = await this.holders.holders({ tenantId, role }, after, limit === undefined ? undefined : limit + 1);
    if (found.length === 0 && !(await this.roles.exists(role))) return UNKNOWN_ROLE;
    const shown = found.slice(0, limit ?? found.length);
    const page: RoleHolders = { status: 'OK', users: shown.map(({ shown_id }) => shown_id) };
    if (shown.length < found.length) page.nextPaginationToken = paginationTokenOf(shown.at(-1)!.user_id);
    return page;
  }

  async createNewRoleOrAddPermissions(input: {
    role: string;
    permissions: string[];
  }): Promise<{ status: 'OK'; createdNewRole: boolean }> {
    const role = checkedName(input.role, 'role');
    const permissions = checkedNames(input.permissions, 'permissions');
    return this.atOnce(async () => {
      let createdNewRole = await this.roles.insert(role);
      // There was one, and it may have been deleted since.
      while (!createdNewRole && !(await this.roles.hold(role))) createdNewRole = await this.roles.insert(role);
      const isChanged = await this.roles.permit(role, permissions);
      if (isChanged && !createdNewRole) await this.tell(await this.whoHas(role), 'userPermissions');
      return { status: 'OK', createdNewRole };
    });
  }

  async getPermissionsForRole(input: { role: string }): Promise<{ status: 'OK'; permissions: string[] } | UnknownRole> {
    const role = checkedName(input.role, 'role');
    const permissions = await this.roles.permissionsOf([role]);
    if (permissions.length === 0 && !(await this.roles.exists(role))) return UNKNOWN_ROLE;
    return { status: 'OK', permissions };
  }

  async getPermissionsForRoles(input: { roles: string[] }): Promise<string[]> {
    return this.roles.permissionsOf(input.roles.map((role) => checkedName(role, 'role')));
  }

  async removePermissionsFromRole(input: {
    role: string;
    permissions?: string[];
  }): Promise<{ status: 'OK' } | UnknownRole> {
    const role = checkedName(input.role, 'role');
    const permissions = input.permissions && checkedNames(input.permissions, 'permissions');
    return this.atOnce(async () => {
      if (!(await this.roles.hold(role))) return UNKNOWN_ROLE;
      const isChanged = await this.roles.forbid(role, permissions);
      if (isChanged) await this.tell(await this.whoHas(role), 'userPermissions');
      return { status: 'OK' };
    });
  }

  async getRolesThatHavePermission(input: { permission: string }): Promise<{ status: 'OK'; roles: string[] }> {
    return { status: 'OK', roles: await this.roles.rolesWith(checkedName(input.permission, 'permission')) };
  }

  async deleteRole(input: { role: string }): Promise<{ status: 'OK'; didRoleExist: boolean }> {
    const role = checkedName(input.role, 'role');
    return this.atOnce(async () => {
      // First: anyone who gives the role holds this row.
      const didRoleExist = await this.roles.delete(role);
      const holders = await this.whoHas(role);
      await this.roles.forbid(role, undefined);
      await this.holders.deleteOfRole(role);
      await this.tell(holders, 'userRoles');
      return { status: 'OK', didRoleExist };
    });
  }

  async getAllRoles(): Promise<{ status: 'OK'; roles: string[] }> {
    return { status: 'OK', roles: await this.roles.all() };
  }

  async refersToUser(userId: string): Promise<boolean> {
    return this.holders.hasAny(userId);
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    await this.holders.deleteOfUsers([userId, ...recipeUserIds]);
  }

  async deleteTenantData(input: { tenantId: string; userId?: string; recipeUserId?: string }): Promise<void> {
    const { tenantId, userId, recipeUserId } = input;
    const userIds = [userId, recipeUserId].filter((id) => id !== undefined);
    if (userIds.length === 0) await this.holders.deleteOfTenant(tenantId);
    else await this.holders.deleteOfFormerMembers(tenantId, userIds);
  }

  private async checked(input: RoleOfUser): Promise<RoleOfUser> {
    const { tenantId } = input;
    const [userId, role] = [checkedUserId(input.userId), checkedName(input.role, 'role')];
    await this.tenants.assertExists(tenantId);
    return { tenantId, userId, role };
  }

  private async whoHas(role: string): Promise<string[]> {
    return this.facts.isHeard ? this.holders.someHolders(role, MAX_HOLDERS_TOLD + 1) : [];
  }

  private async tell(userIds: string[], fact: Fact): Promise<void> {
    if (userIds.length > MAX_HOLDERS_TOLD) return;
    for (const userId of userIds) await this.facts.announce({ fact, userId });
  }

  private atOnce<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(work, { repeatable: true });
  }
}
