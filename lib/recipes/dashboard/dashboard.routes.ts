import type { AuthRoutes } from '../../http/auth-routes.js';
import { accessRoutes } from './access-routes.js';
import type { DashboardApi } from './dashboard.api.js';
import { usersRoutes } from './users-routes.js';

export const dashboardRoutes: AuthRoutes<DashboardApi> = { ...accessRoutes, ...usersRoutes };
