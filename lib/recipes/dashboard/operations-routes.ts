import { queryInteger } from './dashboard-fields.js';
import type { DashboardOperationsApi } from './dashboard-operations.api.js';
import { guardedRoutes } from './guarded-routes.js';

export const operationsRoutes = guardedRoutes<DashboardOperationsApi>({
  overridesGET: { method: 'GET', path: 'overrides', input: () => ({}) },
  healthGET: { method: 'GET', path: 'health', input: () => ({}) },
  outboxRetryPOST: { method: 'POST', path: 'outbox/retry', input: () => ({}) },
  auditGET: {
    method: 'GET',
    path: 'audit',
    async input(call) {
      const { request } = call;
      const hasLimit = (await request.getKeyValueFromQuery('limit')) !== undefined;
      const [paginationToken, userId] = await Promise.all(
        ['paginationToken', 'userId'].map((name) => request.getKeyValueFromQuery(name)),
      );
      return { limit: hasLimit ? await queryInteger(call, 'limit') : undefined, paginationToken, userId };
    },
  },
});
