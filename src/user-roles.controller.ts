import { Controller } from '@nestjs/common';
import { UserRolesCore } from '../lib/core/user-roles.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import type { BodyFields } from './wire/fields.js';
import { AppRoute, TenantRoute } from './wire/routes.js';

@Controller('recipe')
export class UserRolesController {
  @TenantRoute('PUT', 'user/role')
  async addToUser(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { tenantId, body }: CdiRequest) {
    return roles.addRoleToUser({ tenantId, ...roleOfUser(body) });
  }

  @TenantRoute('POST', 'user/role/remove')
  async removeFromUser(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { tenantId, body }: CdiRequest) {
    return roles.removeUserRole({ tenantId, ...roleOfUser(body) });
  }

  @TenantRoute('GET', 'user/roles')
  async ofUser(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { tenantId, query }: CdiRequest) {
    return roles.getRolesForUser({ tenantId, userId: query.text('userId') });
  }

  /** `limit` and `paginationToken` are ours: drivers that do not send them are told of all users. */
  @TenantRoute('GET', 'role/users')
  async users(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { tenantId, query }: CdiRequest) {
    const [limit, paginationToken] = [query.optionalInteger('limit'), query.optionalText('paginationToken')];
    return roles.getUsersThatHaveRole({ tenantId, role: query.text('role'), limit, paginationToken });
  }

  @AppRoute('PUT', 'role')
  async create(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { body }: CdiRequest) {
    const permissions = body.optionalTexts('permissions') ?? [];
    return roles.createNewRoleOrAddPermissions({ role: body.text('role'), permissions });
  }

  @AppRoute('GET', 'role/permissions')
  async permissions(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { query }: CdiRequest) {
    return roles.getPermissionsForRole({ role: query.text('role') });
  }

  @AppRoute('POST', 'role/permissions/remove')
  async removePermissions(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { body }: CdiRequest) {
    const permissions = body.optionalTexts('permissions');
    return roles.removePermissionsFromRole({ role: body.text('role'), permissions });
  }

  @AppRoute('GET', 'permission/roles')
  async withPermission(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { query }: CdiRequest) {
    return roles.getRolesThatHavePermission({ permission: query.text('permission') });
  }

  @AppRoute('POST', 'role/remove')
  async remove(@CorePort(UserRolesCore) roles: UserRolesCore, @Cdi() { body }: CdiRequest) {
    return roles.deleteRole({ role: body.text('role') });
  }

  @AppRoute('GET', 'roles')
  async all(@CorePort(UserRolesCore) roles: UserRolesCore) {
    return roles.getAllRoles();
  }
}

function roleOfUser(body: BodyFields) {
  return { userId: body.text('userId'), role: body.text('role') };
}
