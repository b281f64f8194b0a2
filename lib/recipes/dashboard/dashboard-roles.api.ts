import { Injectable } from '@nestjs/common';
import type { DashboardApiInput } from './dashboard-access.api.js';
import { DashboardUserChangesApi } from './dashboard-user-changes.api.js';
import type { FeatureNotEnabled } from './dashboard-user-details.api.js';
import type { DashboardTenantInput } from './dashboard-users.api.js';

/** The input of methods that are about a role. */
export interface DashboardRoleInput extends DashboardApiInput {
  role: string;
}

/** The input of methods that are about what a role permits. */
export interface DashboardPermissionsInput extends DashboardRoleInput {
  permissions: string[];
}

/** The input of `DashboardApi.userRolesGET`. */
export interface UserRolesGETInput extends DashboardTenantInput {
  userId: string;
}

/** The input of methods that give or take a role. */
export interface DashboardUserRoleInput extends UserRolesGETInput {
  role: string;
}

/** That there is no such role. */
export interface DashboardUnknownRole {
  status: 'UNKNOWN_ROLE_ERROR';
}

const NOT_ENABLED: FeatureNotEnabled = { status: 'FEATURE_NOT_ENABLED_ERROR' };

/** Roles, what they permit, and who has them. */
@Injectable()
export class DashboardRolesApi extends DashboardUserChangesApi {
  /** `GET /api/userroles/roles`: the names of all roles. */
  async rolesGET({ userContext }: DashboardApiInput): Promise<{ status: 'OK'; roles: string[] } | FeatureNotEnabled> {
    return (await this.otherRecipes.userRoles?.getAllRoles({ userContext })) ?? NOT_ENABLED;
  }

  /** `PUT /api/userroles/role`: makes a role, or adds to what it permits. */
  async rolePUT(
    input: DashboardPermissionsInput,
  ): Promise<{ status: 'OK'; createdNewRole: boolean } | FeatureNotEnabled> {
    const { role, permissions, userContext } = input;
    const functions = this.otherRecipes.userRoles;
    return (await functions?.createNewRoleOrAddPermissions({ role, permissions, userContext })) ?? NOT_ENABLED;
  }

  /** `DELETE /api/userroles/role`: nobody has the role afterwards. */
  async roleDELETE(input: DashboardRoleInput): Promise<{ status: 'OK'; didRoleExist: boolean } | FeatureNotEnabled> {
    const { role, userContext } = input;
    return (await this.otherRecipes.userRoles?.deleteRole({ role, userContext })) ?? NOT_ENABLED;
  }

  /** `GET /api/userroles/role/permissions`: what a role permits. */
  async rolePermissionsGET(
    input: DashboardRoleInput,
  ): Promise<{ status: 'OK'; permissions: string[] } | DashboardUnknownRole | FeatureNotEnabled> {
    const { role, userContext } = input;
    return (await this.otherRecipes.userRoles?.getPermissionsForRole({ role, userContext })) ?? NOT_ENABLED;
  }

  /** `PUT /api/userroles/role/permissions/remove`: takes permissions from a role. */
  async rolePermissionsRemovePUT(
    input: DashboardPermissionsInput,
  ): Promise<{ status: 'OK' } | DashboardUnknownRole | FeatureNotEnabled> {
    const { role, permissions, userContext } = input;
    const functions = this.otherRecipes.userRoles;
    return (await functions?.removePermissionsFromRole({ role, permissions, userContext })) ?? NOT_ENABLED;
  }

  /** `GET /api/userroles/user/roles`: the roles that a user has in the tenant. */
  async userRolesGET(input: UserRolesGETInput): Promise<{ status: 'OK'; roles: string[] } | FeatureNotEnabled> {
    const { tenantId, userId, userContext } = input;
    return (await this.otherRecipes.userRoles?.getRolesForUser({ tenantId, userId, userContext })) ?? NOT_ENABLED;
  }

  /** `PUT /api/userroles/user/roles`: gives a role. */
  async userRolesPUT(
    input: DashboardUserRoleInput,
  ): Promise<{ status: 'OK'; didUserAlreadyHaveRole: boolean } | DashboardUnknownRole | FeatureNotEnabled> {
    const { tenantId, userId, role, userContext } = input;
    return (await this.otherRecipes.userRoles?.addRoleToUser({ tenantId, userId, role, userContext })) ?? NOT_ENABLED;
  }

  /** `DELETE /api/userroles/user/roles`: takes a role. */
  async userRolesDELETE(
    input: DashboardUserRoleInput,
  ): Promise<{ status: 'OK'; didUserHaveRole: boolean } | DashboardUnknownRole | FeatureNotEnabled> {
    const { tenantId, userId, role, userContext } = input;
    return (await this.otherRecipes.userRoles?.removeUserRole({ tenantId, userId, role, userContext })) ?? NOT_ENABLED;
  }
}
