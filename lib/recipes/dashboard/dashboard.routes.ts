import type { AuthRoutes } from '../../http/auth-routes.js';
import { accessRoutes } from './access-routes.js';
import type { DashboardApi } from './dashboard.api.js';
import { operationsRoutes } from './operations-routes.js';
import { rolesRoutes } from './roles-routes.js';
import { tenantsRoutes } from './tenants-routes.js';
import { userChangesRoutes } from './user-changes-routes.js';
import { userDetailsRoutes } from './user-details-routes.js';
import { usersRoutes } from './users-routes.js';

export const dashboardRoutes: AuthRoutes<DashboardApi> = {
  ...accessRoutes,
  ...usersRoutes,
  ...userDetailsRoutes,
  ...userChangesRoutes,
  ...rolesRoutes,
  ...tenantsRoutes,
  ...operationsRoutes,
};
