import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../core/core.js';
import { type CreateUserIdMappingResult, UserIdMappingCore } from '../core/user-id-mapping.core.js';
import { searchOfQuery, type UserQuery, type UserSearch } from '../core/user-search.js';
import { UsersCore, type AccountInfo, type User, type UserPage } from '../core/users.core.js';
import type * as Types from './users.types.js';

/** The users of every recipe, for application code. */
@Injectable()
export class Users {
  @Inject(UsersCore) private readonly core!: UsersCore;
  @Inject(UserIdMappingCore) private readonly mappings!: UserIdMappingCore;

  /** Finds a user. @param userId the id of a user or of one of its login methods */
  getUser(userId: string): Promise<User | undefined> {
    return this.core.getUser(userId);
  }

  /**
   * One page, those who joined first before the others.
   * @throws {BadInputError} a limit or a token out of range, or the search is malformed
   */
  async getUsersOldestFirst(input: Types.ListUsersInput = {}): Promise<UserPage> {
    return this.core.getUsersOldestFirst(withSearch(input));
  }

  /**
   * One page, those who joined last before the others.
   * @throws {BadInputError} a limit or a token out of range, or the search is malformed
   */
  async getUsersNewestFirst(input: Types.ListUsersInput = {}): Promise<UserPage> {
    return this.core.getUsersNewestFirst(withSearch(input));
  }

  /** Counts users, of all tenants and recipes unless it is told which. @throws {BadInputError} the search is malformed */
  async getUserCount(input: Types.CountUsersInput = {}): Promise<number> {
    return this.core.getUserCount(withSearch(input));
  }

  /**
   * Counts users who got a session, or refreshed one, at that time or later, in whatever tenant. Of other replicas, what they have
   * seen within the last minute may be missing.
   * @param input.sinceMs milliseconds since the Unix epoch
   * @throws {BadInputError} it is no time
   */
  async getActiveUserCount(input: { sinceMs: number }): Promise<number> {
    return this.core.getActiveUserCount(input);
  }

  /**
   * @param accountInfo one thing; several with `doUnionOfAccountInfo`
   * @param doUnionOfAccountInfo true finds those with any of several things, false those with all of them
   * @returns everyone with exactly that email, phone number or third-party identity in the tenant
   * @throws {BadInputError} nothing to look for, or several things without that option
   */
  async listUsersByAccountInfo(
    accountInfo: AccountInfo,
    tenantId: string = PUBLIC_TENANT_ID,
    { doUnionOfAccountInfo: isUnion }: { doUnionOfAccountInfo?: boolean } = {},
  ): Promise<User[]> {
    if (isUnion === undefined) return this.core.listUsersByAccountInfo({ tenantId, accountInfo });
    const entries = Object.entries(accountInfo).filter(([, value]) => value !== undefined);
    // Which refuses none at all.
    if (entries.length < 2) return this.core.listUsersByAccountInfo({ tenantId, accountInfo });
    const accountInfos = entries.map(([name, value]): AccountInfo => ({ [name]: value }));
    return this.core.listUsersByAccountInfos({ tenantId, accountInfos, isUnion });
  }

  /** Deletes the user with credentials, open tokens and sessions; answers OK also where there is no such user. */
  deleteUser(userId: string): Promise<{ status: 'OK' }> {
    return this.core.deleteUser(userId);
  }

  /**
   * Gives a user the id that another system has for it. The user is shown under it everywhere from then on, sessions included.
   * Functions take either of both ids; over a core service, those that sign in or reset passwords take the one that is shown.
   * @throws {BadInputError} the id is empty, too long, or another user's; or, without `force`, the user has roles or metadata
   */
  createUserIdMapping(input: Types.CreateUserIdMappingInput): Promise<CreateUserIdMappingResult> {
    const { superTokensUserId: userId, externalUserId, externalUserIdInfo, force = false } = input;
    return this.mappings.create({ userId, externalUserId, externalUserIdInfo, force });
  }

  /** Both ids of a user who was mapped. */
  async getUserIdMapping({ userId, userIdType }: Types.UserIdMappingInput): Promise<Types.GetUserIdMappingResult> {
    const found = await this.mappings.get({ userId, userIdType });
    if (found.status !== 'OK') return found;
    const { userId: superTokensUserId, ...rest } = found;
    return { ...rest, superTokensUserId };
  }

  /**
   * Shows a user under our own id again.
   * @throws {BadInputError} without `force`, the user has roles or metadata
   */
  deleteUserIdMapping(input: Types.DeleteUserIdMappingInput): Promise<{ status: 'OK'; didMappingExist: boolean }> {
    const { userId, userIdType, force = false } = input;
    return this.mappings.delete({ userId, userIdType, force });
  }

  /** Changes or removes what was noted with a mapping. */
  updateOrDeleteUserIdMappingInfo(
    input: Types.UpdateUserIdMappingInfoInput,
  ): Promise<{ status: 'OK' | 'UNKNOWN_MAPPING_ERROR' }> {
    const { userId, userIdType, externalUserIdInfo = null } = input;
    return this.mappings.updateExternalUserIdInfo({ userId, userIdType, externalUserIdInfo });
  }
}

/** @throws {BadInputError} both at once, or a malformed query */
function withSearch<T extends { search?: UserSearch; query?: UserQuery }>({ query, ...input }: T): Omit<T, 'query'> {
  if (query === undefined) return input;
  if (input.search !== undefined) throw new BadInputError('Give either search or query');
  return { ...input, search: searchOfQuery(query) };
}
