import { Inject, Injectable } from '@nestjs/common';
import type { UserSearch } from '../../core/user-search.js';
import { Users } from '../../users/users.js';
import { DashboardAccessApi, type DashboardApiInput } from './dashboard-access.api.js';
import { UserNames, type NamedUser } from './user-names.js';

/** The input of `DashboardApi.usersGET`. */
export interface UsersGETInput extends DashboardApiInput {
  tenantId: string;
  limit: number;
  timeJoinedOrder: 'ASC' | 'DESC';
  paginationToken?: string;
  search?: UserSearch;
}

/** One page of users. */
export interface UsersGETResponse {
  status: 'OK';
  users: NamedUser[];
  nextPaginationToken?: string;
}

/** The input of methods that are about a tenant. */
export interface DashboardTenantInput extends DashboardApiInput {
  tenantId: string;
}

/** The input of methods that are about a user. */
export interface DashboardUserInput extends DashboardApiInput {
  userId: string;
}

/** The input of `DashboardApi.userDELETE`. */
export interface UserDELETEInput extends DashboardUserInput {
  /** Of no effect as long as accounts are not linked: a user has one. */
  removeAllLinkedAccounts: boolean;
}

/** The user of a page. */
export type UserGETResponse =
  { status: 'OK'; user: NamedUser & { firstName: string; lastName: string } } | { status: 'NO_USER_FOUND_ERROR' };

/** Lists of users. */
@Injectable()
export class DashboardUsersApi extends DashboardAccessApi {
  @Inject(Users) protected readonly users!: Users;
  @Inject(UserNames) private readonly userNames!: UserNames;

  /** `GET /api/users`: a page of the users of a tenant, or of those whom a search finds. */
  async usersGET(input: UsersGETInput): Promise<UsersGETResponse> {
    const { tenantId, limit, paginationToken, search, userContext } = input;
    const page = { tenantId, limit, paginationToken, search };
    const { users, nextPaginationToken } = await (input.timeJoinedOrder === 'ASC'
      ? this.users.getUsersOldestFirst(page)
      : this.users.getUsersNewestFirst(page));
    const named = await this.userNames.named(users, userContext);
    return { status: 'OK', users: named, ...(nextPaginationToken === undefined ? {} : { nextPaginationToken }) };
  }

  /** `GET /api/users/count`: how many users the tenant has. */
  async usersCountGET({ tenantId }: DashboardTenantInput): Promise<{ status: 'OK'; count: number }> {
    return { status: 'OK', count: await this.users.getUserCount({ tenantId }) };
  }

  /** `GET /api/search/tags`: by what users are found. */
  async searchTagsGET(_input: DashboardApiInput): Promise<{ status: 'OK'; tags: string[] }> {
    return { status: 'OK', tags: ['email', 'phone', 'provider'] };
  }

  /** `GET /api/user`: a user by the id, or by that of a login method. */
  async userGET({ userId, userContext }: DashboardUserInput): Promise<UserGETResponse> {
    const user = await this.users.getUser(userId);
    if (user === undefined) return { status: 'NO_USER_FOUND_ERROR' };
    return { status: 'OK', user: { ...user, ...(await this.userNames.namesOf(user, userContext)) } };
  }

  /** `DELETE /api/user`: with credentials, sessions and all else that is the user's. Also OK for one who is gone. */
  async userDELETE({ userId }: UserDELETEInput): Promise<{ status: 'OK' }> {
    return this.users.deleteUser(userId);
  }
}
