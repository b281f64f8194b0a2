import { Inject, Injectable } from '@nestjs/common';
import { PUBLIC_TENANT_ID } from '../core/core.js';
import {
  UsersCore,
  type AccountInfo,
  type User,
  type UserCountInput,
  type UserListInput,
  type UserPage,
} from '../core/users.core.js';

/** The users of every recipe, for application code. */
@Injectable()
export class Users {
  @Inject(UsersCore) private readonly core!: UsersCore;

  /** Finds a user. @param userId the id of a user or of one of its login methods */
  getUser(userId: string): Promise<User | undefined> {
    return this.core.getUser(userId);
  }

  /** One page, those who joined first before the others. @throws {BadInputError} a limit or a token out of range */
  getUsersOldestFirst(input: UserListInput = {}): Promise<UserPage> {
    return this.core.getUsersOldestFirst(input);
  }

  /** One page, those who joined last before the others. @throws {BadInputError} a limit or a token out of range */
  getUsersNewestFirst(input: UserListInput = {}): Promise<UserPage> {
    return this.core.getUsersNewestFirst(input);
  }

  /** Counts users, of all tenants and recipes unless it is told which. @throws {BadInputError} the search is malformed */
  getUserCount(input: UserCountInput = {}): Promise<number> {
    return this.core.getUserCount(input);
  }

  /** @returns everyone with exactly that email, phone number or third-party identity in the tenant */
  listUsersByAccountInfo(accountInfo: AccountInfo, tenantId: string = PUBLIC_TENANT_ID): Promise<User[]> {
    return this.core.listUsersByAccountInfo({ tenantId, accountInfo });
  }

  /** Deletes the user with credentials, open tokens and sessions; answers OK also where there is no such user. */
  deleteUser(userId: string): Promise<{ status: 'OK' }> {
    return this.core.deleteUser(userId);
  }
}
