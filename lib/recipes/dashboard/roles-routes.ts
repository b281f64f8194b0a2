import type { ApiCall } from '../../http/api-call.js';
import { DashboardFields, queryText } from './dashboard-fields.js';
import type { DashboardRolesApi } from './dashboard-roles.api.js';
import { guardedRoutes } from './guarded-routes.js';

const ofRole = async (call: ApiCall) => ({ role: await queryText(call, 'role') });
const permissionsOfRole = async (call: ApiCall) => {
  const body = await DashboardFields.of(call);
  return { role: body.filledText('role'), permissions: body.texts('permissions') };
};

export const rolesRoutes = guardedRoutes<DashboardRolesApi>({
  rolesGET: { method: 'GET', path: 'userroles/roles', input: () => ({}) },
  rolePUT: {
    method: 'PUT',
    path: 'userroles/role',
    input: permissionsOfRole,
    audit: ({ role, permissions }) => ({ detail: { role, permissions } }),
  },
  roleDELETE: {
    method: 'DELETE',
    path: 'userroles/role',
    input: ofRole,
    audit: ({ role }) => ({ detail: { role } }),
  },
  rolePermissionsGET: { method: 'GET', path: 'userroles/role/permissions', input: ofRole },
  rolePermissionsRemovePUT: {
    method: 'PUT',
    path: 'userroles/role/permissions/remove',
    input: permissionsOfRole,
    audit: ({ role, permissions }) => ({ detail: { role, permissions } }),
  },
  userRolesGET: {
    method: 'GET',
    path: 'userroles/user/roles',
    input: async (call) => ({ tenantId: call.tenantId, userId: await queryText(call, 'userId') }),
  },
  userRolesPUT: {
    method: 'PUT',
    path: 'userroles/user/roles',
    async input(call) {
      const body = await DashboardFields.of(call);
      return { tenantId: call.tenantId, userId: body.filledText('userId'), role: body.filledText('role') };
    },
    audit: ({ userId, role }) => ({ userId, detail: { role } }),
  },
  userRolesDELETE: {
    method: 'DELETE',
    path: 'userroles/user/roles',
    async input(call) {
      const [userId, role] = await Promise.all([queryText(call, 'userId'), queryText(call, 'role')]);
      return { tenantId: call.tenantId, userId, role };
    },
    audit: ({ userId, role }) => ({ userId, detail: { role } }),
  },
});
