import type { AccountInfo, User } from '../../users.core.js';
import { normaliseEmail } from '../../users.core.js';
import { assembleUsers } from './assemble-users.js';
import type { AuthDatabase } from './auth-database.js';

export class UsersStorage {
  constructor(private readonly database: AuthDatabase) {}

  /** @returns the id of the user that `id` is, or is a login method of */
  async resolveUserId(id: string): Promise<string | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_users as user')
      .select('user.user_id')
      .where('user.user_id', '=', (eb) =>
        eb.fn.coalesce(
          eb
            .selectFrom('latchkey_login_methods as method')
            .select('method.user_id')
            .where('method.recipe_user_id', '=', id),
          eb.val(id),
        ),
      )
      .executeTakeFirst();
    return row?.user_id;
  }

  /** @returns those of them that exist, in the given order; one statement, however many they are */
  async load(userIds: string[]): Promise<User[]> {
    if (userIds.length === 0) return [];
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_users as user')
      .innerJoin('latchkey_login_methods as method', 'method.user_id', 'user.user_id')
      .leftJoin('latchkey_login_method_tenants as member', 'member.recipe_user_id', 'method.recipe_user_id')
      .select(['user.user_id', 'user.is_primary', 'user.time_joined_ms as user_time_joined_ms'])
      .select(['method.recipe_user_id', 'method.recipe_id', 'method.verified', 'method.time_joined_ms'])
      .select(['method.email', 'method.phone_number', 'method.third_party_id', 'method.third_party_user_id'])
      .select('member.tenant_id')
      .where('user.user_id', 'in', userIds)
      .orderBy('method.time_joined_ms')
      .orderBy('method.recipe_user_id')
      .orderBy('member.tenant_id')
      .execute();
    const users = assembleUsers(rows);
    return userIds.flatMap((userId) => users.get(userId) ?? []);
  }

  async findByAccountInfo(tenantId: string, { email, phoneNumber, thirdParty }: AccountInfo): Promise<User[]> {
    const db = await this.database.tables();
    let query = db
      .selectFrom('latchkey_login_methods as method')
      .innerJoin('latchkey_login_method_tenants as member', 'member.recipe_user_id', 'method.recipe_user_id')
      .where('member.tenant_id', '=', tenantId);
    if (email !== undefined) query = query.where('method.email', '=', normaliseEmail(email));
    if (phoneNumber !== undefined) query = query.where('method.phone_number', '=', phoneNumber);
    if (thirdParty !== undefined) {
      query = query
        .where('method.third_party_user_id', '=', thirdParty.userId)
        .where('method.third_party_id', '=', thirdParty.id);
    }
    const rows = await query
      .select(['method.user_id', 'method.time_joined_ms'])
      .orderBy('method.time_joined_ms')
      .orderBy('method.user_id')
      .execute();
    return this.load([...new Set(rows.map((row) => row.user_id))]);
  }

  /** @returns the ids of its login methods, locked where the database has such locks: nothing changes them meanwhile */
  async lockLoginMethods(userId: string): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_login_methods')
      .select('recipe_user_id')
      .where('user_id', '=', userId)
      .orderBy('recipe_user_id')
      .$if(this.database.hasRowLocks, (query) => query.forUpdate())
      .execute();
    return rows.map((row) => row.recipe_user_id);
  }

  /** The account itself; what recipes keep about it they delete themselves. Within a transaction. */
  async delete(userId: string, recipeUserIds: string[]): Promise<void> {
    const db = await this.database.tables();
    if (recipeUserIds.length > 0) {
      await db.deleteFrom('latchkey_login_method_tenants').where('recipe_user_id', 'in', recipeUserIds).execute();
    }
    await db.deleteFrom('latchkey_login_methods').where('user_id', '=', userId).execute();
    await db.deleteFrom('latchkey_user_tenants').where('user_id', '=', userId).execute();
    await db.deleteFrom('latchkey_users').where('user_id', '=', userId).execute();
  }
}
