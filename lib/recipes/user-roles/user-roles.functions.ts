import { Inject, Injectable } from '@nestjs/common';
import { PUBLIC_TENANT_ID } from '../../core/core.js';
import { UserRolesCore, type RoleHolders, type UnknownRole } from '../../core/user-roles.core.js';
import type { UserContext } from '../../http/user-context.js';

interface WithUserContext {
  userContext?: UserContext;
}

interface WithTenant extends WithUserContext {
  /** @default 'public' */
  tenantId?: string;
}

/** The input of `UserRolesFunctions.addRoleToUser` and `removeUserRole`. */
export interface UserRoleInput extends WithTenant {
  /** Need not be of a user whom Latchkey knows. */
  userId: string;
  role: string;
}

/** The input of `UserRolesFunctions.getRolesForUser` and `getPermissionsForUser`. */
export interface RolesForUserInput extends WithTenant {
  userId: string;
}

/** The input of `UserRolesFunctions.getUsersThatHaveRole`. */
export interface UsersThatHaveRoleInput extends WithTenant {
  role: string;
  /** How many users to return, 1 to 500. @default all, however many they are */
  limit?: number;
  /** As returned with the page before. */
  paginationToken?: string;
}

/** The input of functions that are about one role. */
export interface RoleInput extends WithUserContext {
  role: string;
}

/** The input of `UserRolesFunctions.createNewRoleOrAddPermissions`. */
export interface CreateRoleInput extends RoleInput {
  permissions: string[];
}

/** The input of `UserRolesFunctions.removePermissionsFromRole`. */
export interface RemovePermissionsInput extends RoleInput {
  /** @default all that the role has */
  permissions?: string[];
}

/** The input of `UserRolesFunctions.getRolesThatHavePermission`. */
export interface RolesThatHavePermissionInput extends WithUserContext {
  permission: string;
}

/**
 * What the UserRoles recipe can do, without a request. Override any of it by a subclass.
 *
 * Roles and what they permit are the application's; who has a role differs by tenant. Names have 1 to 255 characters; spaces around
 * them do not count. Each throws `BadInputError` for what is no name, and `UnknownTenantError`.
 */
@Injectable()
export class UserRolesFunctions {
  @Inject(UserRolesCore) protected readonly userRolesCore!: UserRolesCore;

  /** The sessions of the user have the role, and what it permits, from their next refresh on. */
  async addRoleToUser(input: UserRoleInput): Promise<{ status: 'OK'; didUserAlreadyHaveRole: boolean } | UnknownRole> {
    const { tenantId = PUBLIC_TENANT_ID, userId, role } = input;
    return this.userRolesCore.addRoleToUser({ tenantId, userId, role });
  }

  /** The sessions of the user are without it from their next refresh on, and earlier where a guard fetches old claims. */
  async removeUserRole(input: UserRoleInput): Promise<{ status: 'OK'; didUserHaveRole: boolean } | UnknownRole> {
    const { tenantId = PUBLIC_TENANT_ID, userId, role } = input;
    return this.userRolesCore.removeUserRole({ tenantId, userId, role });
  }

  /** The roles that the user has in the tenant. */
  async getRolesForUser(input: RolesForUserInput): Promise<{ status: 'OK'; roles: string[] }> {
    const { tenantId = PUBLIC_TENANT_ID, userId } = input;
    return this.userRolesCore.getRolesForUser({ tenantId, userId });
  }

  /** What the user's roles in the tenant permit, each once: as `getRolesForUser` and `getPermissionsForRole` say. */
  async getPermissionsForUser(input: RolesForUserInput): Promise<{ status: 'OK'; permissions: string[] }> {
    const { userContext } = input;
    const { roles } = await this.getRolesForUser(input);
    // In one statement, unless an override has to be asked about each role.
    if (this.getPermissionsForRole === UserRolesFunctions.prototype.getPermissionsForRole) {
      return { status: 'OK', permissions: await this.userRolesCore.getPermissionsForRoles({ roles }) };
    }
    const permissions = new Set<string>();
    for (const role of roles) {
      const ofRole = await this.getPermissionsForRole({ role, userContext });
      if (ofRole.status === 'OK') for (const permission of ofRole.permissions) permissions.add(permission);
    }
    return { status: 'OK', permissions: [...permissions] };
  }

  /** The ids of those who have the role in the tenant: all of them, or page by page. */
  async getUsersThatHaveRole(input: UsersThatHaveRoleInput): Promise<RoleHolders | UnknownRole> {
    const { tenantId = PUBLIC_TENANT_ID, role, limit, paginationToken } = input;
    return this.userRolesCore.getUsersThatHaveRole({ tenantId, role, limit, paginationToken });
  }

  /** Makes a role, or adds to what it permits. */
  async createNewRoleOrAddPermissions(input: CreateRoleInput): Promise<{ status: 'OK'; createdNewRole: boolean }> {
    const { role, permissions } = input;
    return this.userRolesCore.createNewRoleOrAddPermissions({ role, permissions });
  }

  /** What the role permits, in whatever tenant. */
  async getPermissionsForRole({ role }: RoleInput): Promise<{ status: 'OK'; permissions: string[] } | UnknownRole> {
    return this.userRolesCore.getPermissionsForRole({ role });
  }

  /** What the role does not permit anyway is passed over. Boot adds again what the application lists for the role. */
  async removePermissionsFromRole(input: RemovePermissionsInput): Promise<{ status: 'OK' } | UnknownRole> {
    const { role, permissions } = input;
    return this.userRolesCore.removePermissionsFromRole({ role, permissions });
  }

  /** The roles that permit it. */
  async getRolesThatHavePermission({
    permission,
  }: RolesThatHavePermissionInput): Promise<{ status: 'OK'; roles: string[] }> {
    return this.userRolesCore.getRolesThatHavePermission({ permission });
  }

  /** Nobody has the role afterwards, in any tenant. One that the application lists is made again at its next boot, for nobody. */
  async deleteRole({ role }: RoleInput): Promise<{ status: 'OK'; didRoleExist: boolean }> {
    return this.userRolesCore.deleteRole({ role });
  }

  /** The names of all roles, whether or not somebody has them. */
  async getAllRoles(_input?: WithUserContext): Promise<{ status: 'OK'; roles: string[] }> {
    return this.userRolesCore.getAllRoles();
  }
}
