import { BadInputError } from '../../core/auth.error.js';
import type { UserSearch } from '../../core/user-search.js';
import type { ApiCall } from '../../http/api-call.js';
import { queryInteger, queryText } from './dashboard-fields.js';
import type { DashboardUsersApi, UsersGETInput } from './dashboard-users.api.js';
import { guardedRoutes } from './guarded-routes.js';

export const usersRoutes = guardedRoutes<DashboardUsersApi>({
  usersGET: {
    method: 'GET',
    path: 'users',
    async input(call) {
      const [timeJoinedOrder, paginationToken] = await Promise.all([
        orderOf(call),
        call.request.getKeyValueFromQuery('paginationToken'),
      ]);
      const limit = await queryInteger(call, 'limit');
      return { tenantId: call.tenantId, limit, timeJoinedOrder, paginationToken, search: await searchOf(call) };
    },
  },
  usersCountGET: { method: 'GET', path: 'users/count', input: ({ tenantId }) => ({ tenantId }) },
  searchTagsGET: { method: 'GET', path: 'search/tags', input: () => ({}) },
  userGET: { method: 'GET', path: 'user', input: async (call) => ({ userId: await queryText(call, 'userId') }) },
  userDELETE: {
    method: 'DELETE',
    path: 'user',
    async input(call) {
      const all = (await call.request.getKeyValueFromQuery('removeAllLinkedAccounts')) ?? 'true';
      return { userId: await queryText(call, 'userId'), removeAllLinkedAccounts: all.trim().toLowerCase() === 'true' };
    },
    audit: ({ userId }) => ({ userId }),
  },
});

/** @throws {BadInputError} it is neither of both */
async function orderOf({ request }: ApiCall): Promise<UsersGETInput['timeJoinedOrder']> {
  const order = (await request.getKeyValueFromQuery('timeJoinedOrder')) ?? 'DESC';
  if (order === 'ASC' || order === 'DESC') return order;
  throw new BadInputError("Invalid value received for 'timeJoinedOrder'");
}

async function searchOf({ request }: ApiCall): Promise<UserSearch | undefined> {
  const [emails, phoneNumbers, thirdPartyIds] = await Promise.all(
    ['email', 'phone', 'provider'].map(async (name) => (await request.getKeyValueFromQuery(name))?.split(';')),
  );
  const isSearched = emails !== undefined || phoneNumbers !== undefined || thirdPartyIds !== undefined;
  return isSearched ? { emails, phoneNumbers, thirdPartyIds } : undefined;
}
