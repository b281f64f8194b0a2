import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { LoginRecipeId, ThirdPartyInfo } from '../../users.core.js';
import type { AuthDatabase } from './auth-database.js';
import type { LoginMethodsTable } from './tables.js';

export type LoginMethodRow = Selectable<LoginMethodsTable>;

export interface NewUser {
  tenantId: string;
  recipeId: LoginRecipeId;
  /** What the recipe signs in by, unique for the recipe within the tenant. */
  accountKey: string;
  email?: string;
  phoneNumber?: string;
  thirdParty?: ThirdPartyInfo;
  verified: boolean;
  timeJoinedMs: number;
}

/** Login methods and the account names they hold: for every recipe that signs users in. */
export class LoginMethodsStorage {
  constructor(private readonly database: AuthDatabase) {}

  /** @returns the id of the new user and of its login method, or undefined when the account name is taken */
  async createUser(user: NewUser): Promise<string | undefined> {
    return this.database.transaction(
      async () => {
        const id = randomUUID();
        // First, so that who comes second has written nothing.
        const claimed = await this.claim([user.tenantId], user.recipeId, user.accountKey, id);
        if (claimed.length === 0) return undefined;

        const db = await this.database.tables();
        const time_joined_ms = user.timeJoinedMs;
        await db.insertInto('latchkey_users').values({ user_id: id, is_primary: 0, time_joined_ms }).execute();
        await db
          .insertInto('latchkey_user_tenants')
          .values({ tenant_id: user.tenantId, user_id: id, time_joined_ms })
          .execute();
        await db
          .insertInto('latchkey_login_methods')
          .values({
            recipe_user_id: id,
            user_id: id,
            recipe_id: user.recipeId,
            email: user.email ?? null,
            phone_number: user.phoneNumber ?? null,
            third_party_id: user.thirdParty?.id ?? null,
            third_party_user_id: user.thirdParty?.userId ?? null,
            verified: user.verified ? 1 : 0,
            time_joined_ms,
          })
          .execute();
        return id;
      },
      { repeatable: true },
    );
  }

  /** Takes the row's lock, where the database has such, so that changes of one login method queue up. */
  async lock(recipeUserId: string, recipeId: LoginRecipeId): Promise<LoginMethodRow | undefined> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_login_methods')
      .selectAll()
      .where('recipe_user_id', '=', recipeUserId)
      .where('recipe_id', '=', recipeId)
      .$if(this.database.hasRowLocks, (query) => query.forUpdate())
      .executeTakeFirst();
  }

  /**
   * Moves a locked login method to another email in all of its tenants, or changes nothing.
   * @returns false when the email is taken in one of them
   */
  async changeEmail(method: LoginMethodRow, oldKey: string, newKey: string, email: string): Promise<boolean> {
    const db = await this.database.tables();
    const members = await db
      .selectFrom('latchkey_login_method_tenants')
      .select('tenant_id')
      .where('recipe_user_id', '=', method.recipe_user_id)
      // One order for all, or two who claim in several tenants would wait for each other.
      .orderBy('tenant_id')
      .execute();
    const tenantIds = members.map((row) => row.tenant_id);

    const claimed = await this.claim(tenantIds, method.recipe_id, newKey, method.recipe_user_id);
    const complete = claimed.length === tenantIds.length;
    await this.release(complete ? tenantIds : claimed, method.recipe_id, complete ? oldKey : newKey);
    if (!complete) return false;

    await db
      .updateTable('latchkey_login_methods')
      .set({ email, verified: 0 })
      .where('recipe_user_id', '=', method.recipe_user_id)
      .execute();
    return true;
  }

  /** @returns the tenants in which the key was free */
  private async claim(
    tenantIds: string[],
    recipeId: string,
    accountKey: string,
    recipeUserId: string,
  ): Promise<string[]> {
    if (tenantIds.length === 0) return [];
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_login_method_tenants')
      .values(
        tenantIds.map((tenantId) => ({
          tenant_id: tenantId,
          recipe_id: recipeId,
          account_key: accountKey,
          recipe_user_id: recipeUserId,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('tenant_id')
      .execute();
    return rows.map((row) => row.tenant_id);
  }

  private async release(tenantIds: string[], recipeId: string, accountKey: string): Promise<void> {
    if (tenantIds.length === 0) return;
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_login_method_tenants')
      .where('tenant_id', 'in', tenantIds)
      .where('recipe_id', '=', recipeId)
      .where('account_key', '=', accountKey)
      .execute();
  }
}
