import type { AccountInfo, User } from '../../users.core.js';
import { normaliseEmail } from '../../email-address.js';
import { assembleUsers } from './assemble-users.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { storedUserId } from './user-ids.js';

/** The id of no user. */
const NOBODY = '';

export class UsersStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns our own id of the user that `id` is, or is a login method of; whichever of both ids it is given */
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
            .where('method.recipe_user_id', '=', storedUserId(id)),
          storedUserId(id),
        ),
      )
      .executeTakeFirst();
    return row?.user_id;
  }

  /**
   * @param userIds our own
   * @returns those of them that exist, in the given order, under the ids they are shown by; one statement, however
   * many they are
   */
  async load(userIds: string[]): Promise<User[]> {
    const users = await this.loadById(userIds);
    return userIds.flatMap((userId) => users.get(userId) ?? []);
  }

  /** As `load`. @returns by our own ids */
  async loadById(userIds: string[]): Promise<Map<string, User>> {
    if (userIds.length === 0) return new Map();
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_users as user')
      .innerJoin('latchkey_login_methods as method', 'method.user_id', 'user.user_id')
      .leftJoin('latchkey_login_method_tenants as member', 'member.recipe_user_id', 'method.recipe_user_id')
      .leftJoin('latchkey_verified_emails as proven', (join) =>
        join.onRef('proven.recipe_user_id', '=', 'method.recipe_user_id').onRef('proven.email', '=', 'method.email'),
      )
      .leftJoin('latchkey_user_id_mappings as user_mapping', 'user_mapping.user_id', 'user.user_id')
      .leftJoin('latchkey_user_id_mappings as method_mapping', 'method_mapping.user_id', 'method.recipe_user_id')
      .select(['user_mapping.external_user_id', 'method_mapping.external_user_id as external_recipe_user_id'])
      .select(['user.user_id', 'user.is_primary', 'user.time_joined_ms as user_time_joined_ms'])
      .select(['method.recipe_user_id', 'method.recipe_id', 'method.time_joined_ms'])
      .select(['method.email', 'method.phone_number', 'method.third_party_id', 'method.third_party_user_id'])
      .select('method.account_key')
      .select(['member.tenant_id', 'proven.email as proven_email'])
      .where('user.user_id', 'in', userIds)
      .orderBy('method.time_joined_ms')
      .orderBy('method.recipe_user_id')
      .orderBy('member.tenant_id')
      .execute();
    return assembleUsers(rows);
  }

  async findByAccountInfo(tenantId: string, accountInfo: AccountInfo): Promise<User[]> {
    const { email, phoneNumber, thirdParty, accountKey } = accountInfo;
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
    if (accountKey !== undefined) {
      query = query
        .where('member.recipe_id', '=', accountKey.recipeId)
        .where('member.account_key', '=', accountKey.key);
    }
    const rows = await query
      .select(['method.user_id', 'method.time_joined_ms'])
      .orderBy('method.time_joined_ms')
      .orderBy('method.user_id')
      .execute();
    const found = new Set(rows.map((row) => row.user_id));
    // Asked for in any case: by the time of an answer nobody may tell whether there is such an account.
    return this.load(found.size > 0 ? [...found] : [NOBODY]);
  }

  /** @returns the ids of its login methods, locked where the database has such locks: nothing changes them meanwhile */
  async lockLoginMethods(userId: string): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_login_methods')
      .select('recipe_user_id')
      .where('user_id', '=', userId)
      .orderBy('recipe_user_id')
      .forUpdate()
      .execute();
    return rows.map((row) => row.recipe_user_id);
  }

  /** @returns the ids of the login methods that `id`, one of ours, is or belongs to the user of; locked as above */
  async lockOwners(id: string): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_login_methods')
      .select('recipe_user_id')
      .where((eb) => eb.or([eb('recipe_user_id', '=', id), eb('user_id', '=', id)]))
      .orderBy('recipe_user_id')
      .forUpdate()
      .execute();
    return rows.map((row) => row.recipe_user_id);
  }

  /** The account itself; what recipes keep about it they delete themselves. Within a transaction. */
  async delete(userId: string, recipeUserIds: string[]): Promise<void> {
    const db = await this.database.tables();
    if (recipeUserIds.length > 0) {
      await db.deleteFrom('latchkey_login_method_tenants').where('recipe_user_id', 'in', recipeUserIds).execute();
    }
    await db
      .deleteFrom('latchkey_user_id_mappings')
      .where('user_id', 'in', [userId, ...recipeUserIds])
      .execute();
    await db.deleteFrom('latchkey_login_methods').where('user_id', '=', userId).execute();
    await db.deleteFrom('latchkey_user_tenants').where('user_id', '=', userId).execute();
    await db.deleteFrom('latchkey_users').where('user_id', '=', userId).execute();
  }
}
