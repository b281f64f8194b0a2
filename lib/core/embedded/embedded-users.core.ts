import {
  type AccountInfo,
  assertOneAccountInfo,
  checkedLimit,
  checkedTime,
  type User,
  type UserCountInput,
  type UserListInput,
  type UserPage,
  UsersCore,
} from '../users.core.js';
import { checkedSearch } from '../user-search.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { OwnsUserData } from './engine-part.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { type UserFilter, UserListStorage } from './storage/user-list.storage.js';
import { UsersStorage } from './storage/users.storage.js';
import type { UserActivity } from './user-activity.js';
import { decodeUserPosition, encodeUserPosition } from './user-pagination-token.js';

export class EmbeddedUsersCore extends UsersCore {
  private readonly storage: UsersStorage;
  private readonly list: UserListStorage;

  /** @param userDataOwners asked for late: they are made after this one */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly tenants: EmbeddedTenantsCore,
    private readonly activity: UserActivity,
    private readonly userDataOwners: () => OwnsUserData[],
  ) {
    super();
    this.storage = new UsersStorage(database);
    this.list = new UserListStorage(database);
  }

  async getUser(userId: string): Promise<User | undefined> {
    const resolved = await this.storage.resolveUserId(userId);
    if (resolved === undefined) return undefined;
    const [user] = await this.storage.load([resolved]);
    return user;
  }

  async getUsersOldestFirst(input: UserListInput): Promise<UserPage> {
    return this.page(input, 'asc');
  }

  async getUsersNewestFirst(input: UserListInput): Promise<UserPage> {
    return this.page(input, 'desc');
  }

  async getUserCount(input: UserCountInput): Promise<number> {
    return this.list.count(await this.filter(input));
  }

  async getActiveUserCount({ sinceMs }: { sinceMs: number }): Promise<number> {
    return this.activity.countSince(checkedTime(sinceMs));
  }

  async listUsersByAccountInfo(input: { tenantId: string; accountInfo: AccountInfo }): Promise<User[]> {
    assertOneAccountInfo(input.accountInfo);
    await this.tenants.assertExists(input.tenantId);
    return this.storage.findByAccountInfo(input.tenantId, input.accountInfo);
  }

  async deleteUser(userId: string): Promise<{ status: 'OK' }> {
    return this.database.transaction(
      async () => {
        // Sessions may belong to users that live elsewhere: those are deleted under the id as given.
        const resolved = (await this.storage.resolveUserId(userId)) ?? userId;
        const recipeUserIds = await this.storage.lockLoginMethods(resolved);
        for (const owner of this.userDataOwners()) {
          await owner.deleteUserData({ userId: resolved, recipeUserIds });
        }
        await this.storage.delete(resolved, recipeUserIds);
        return { status: 'OK' };
      },
      { repeatable: true },
    );
  }

  private async page(input: UserListInput, order: 'asc' | 'desc'): Promise<UserPage> {
    const limit = checkedLimit(input.limit);
    const after = input.paginationToken === undefined ? undefined : decodeUserPosition(input.paginationToken);
    const filter = await this.filter(input);

    // One more than asked for tells whether there is a next page.
    const positions = await this.list.page(filter, order, after, limit + 1);
    const shown = positions.slice(0, limit);
    const page: UserPage = { users: await this.storage.load(shown.map((position) => position.user_id)) };
    const last = shown.at(-1);
    if (positions.length > limit && last !== undefined) page.nextPaginationToken = encodeUserPosition(last);
    return page;
  }

  private async filter(input: UserCountInput): Promise<UserFilter> {
    const { tenantId, includeRecipeIds } = input;
    const search = checkedSearch(input.search);
    if (tenantId !== undefined) await this.tenants.assertExists(tenantId);
    return { tenantId, recipeIds: includeRecipeIds?.length ? includeRecipeIds : undefined, search };
  }
}
