import type { User } from '../users.core.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { LoginMethodsStorage } from './storage/login-methods.storage.js';
import { UsersStorage } from './storage/users.storage.js';

/** Who signs in to a tenant by what. */
export interface AccountName {
  tenantId: string;
  /** The id of the recipe and of its core part. */
  recipeId: string;
  /** What people sign in by, unique for the recipe within the tenant. It is shown as `LoginMethod.accountKey`. */
  accountKey: string;
}

/** A login method, under both of its ids: they differ where the application has mapped it to an id of another system. */
export interface Account {
  recipeId: string;
  /** As it is shown outside. */
  recipeUserId: string;
  /** Under which a part keeps what it knows of the login method; `deleteUserData` names it. Never shown. */
  storedRecipeUserId: string;
}

/** Users and their login methods, for the part of a recipe that signs users in. */
export class Accounts {
  private readonly loginMethods: LoginMethodsStorage;
  private readonly users: UsersStorage;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly clock: () => number,
  ) {
    this.loginMethods = new LoginMethodsStorage(database);
    this.users = new UsersStorage(database);
  }

  /**
   * Makes a user with one login method; of two calls at once with one name, one does. What the part keeps about it belongs
   * into the same transaction.
   * @returns undefined where the name is taken
   */
  async create(name: AccountName): Promise<(Account & { user: User }) | undefined> {
    return this.database.transaction(
      async () => {
        const timeJoinedMs = this.clock();
        const created = { ...name, shownKey: name.accountKey, verified: false, timeJoinedMs };
        const id = await this.loginMethods.createUser(created);
        return id === undefined ? undefined : this.withUser({ recipeId: name.recipeId, ...sameIds(id) }, id);
      },
      { repeatable: true },
    );
  }

  /** @returns undefined where nobody signs in by that name */
  async find(name: AccountName): Promise<(Account & { user: User }) | undefined> {
    const found = await this.loginMethods.findByAccountKey(name);
    if (found === undefined) return undefined;
    const { userId, recipeUserId: storedRecipeUserId, shownRecipeUserId: recipeUserId } = found;
    return this.withUser({ recipeId: name.recipeId, recipeUserId, storedRecipeUserId }, userId);
  }

  /** @returns undefined where there is no such login method */
  async get(recipeUserId: string): Promise<Account | undefined> {
    return accountOf(await this.loginMethods.get(recipeUserId));
  }

  /** As `get`; nobody deletes or changes the login method before the transaction of the caller ends. */
  async lock(recipeUserId: string): Promise<Account | undefined> {
    return accountOf(await this.loginMethods.lock(recipeUserId));
  }

  private async withUser<T extends Account>(account: T, userId: string): Promise<(T & { user: User }) | undefined> {
    const [user] = await this.users.load([userId]);
    return user && { ...account, user };
  }
}

function sameIds(id: string): Pick<Account, 'recipeUserId' | 'storedRecipeUserId'> {
  return { recipeUserId: id, storedRecipeUserId: id };
}

function accountOf(
  row: { recipe_id: string; recipe_user_id: string; shown_recipe_user_id: string } | undefined,
): Account | undefined {
  if (row === undefined) return undefined;
  const { recipe_id: recipeId, recipe_user_id: storedRecipeUserId, shown_recipe_user_id: recipeUserId } = row;
  return { recipeId, recipeUserId, storedRecipeUserId };
}
