import type { ColumnType } from 'kysely';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { shownUserId, storedUserId } from './user-ids.js';

declare module './tables.js' {
  interface Tables {
    latchkey_password_credentials: {
      recipe_user_id: string;
      password_hash: string;
      former_hashes: ColumnType<string | null, string | null | undefined>;
    };
  }
}

export class EmailPasswordStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async findCredentials(
    tenantId: string,
    email: string,
  ): Promise<{ userId: string; recipeUserId: string; shownRecipeUserId: string; passwordHash: string } | undefined> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_login_method_tenants as member')
      .innerJoin('latchkey_login_methods as method', 'method.recipe_user_id', 'member.recipe_user_id')
      .innerJoin('latchkey_password_credentials as credential', 'credential.recipe_user_id', 'member.recipe_user_id')
      .select([
        'method.user_id as userId',
        'method.recipe_user_id as recipeUserId',
        'credential.password_hash as passwordHash',
      ])
      .select(({ ref }) => shownUserId(ref('method.recipe_user_id')).as('shownRecipeUserId'))
      .where('member.tenant_id', '=', tenantId)
      .where('member.recipe_id', '=', 'emailpassword')
      .where('member.account_key', '=', email)
      .executeTakeFirst();
  }

  /** @returns our own id of the login method with that email, if it is `id` or belongs to the user of it */
  async findLoginMethod(tenantId: string, email: string, id: string): Promise<string | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_login_method_tenants as member')
      .innerJoin('latchkey_login_methods as method', 'method.recipe_user_id', 'member.recipe_user_id')
      .select('method.recipe_user_id')
      .where('member.tenant_id', '=', tenantId)
      .where('member.recipe_id', '=', 'emailpassword')
      .where('member.account_key', '=', email)
      .where((eb) =>
        eb.or([eb('method.user_id', '=', storedUserId(id)), eb('method.recipe_user_id', '=', storedUserId(id))]),
      )
      .executeTakeFirst();
    return row?.recipe_user_id;
  }

  async insertCredentials(recipeUserId: string, passwordHash: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_password_credentials')
      .values({ recipe_user_id: recipeUserId, password_hash: passwordHash })
      .execute();
  }

  /**
   * Within a transaction that has locked the login method.
   * @param historyLength how many hashes are kept, this one included; undefined leaves the former ones as they are
   */
  async setPasswordHash(recipeUserId: string, passwordHash: string, historyLength?: number): Promise<void> {
    const db = await this.database.tables();
    const former = historyLength === undefined ? {} : await this.formerHashes(recipeUserId, historyLength - 1);
    await db
      .updateTable('latchkey_password_credentials')
      .set({ password_hash: passwordHash, ...former })
      .where('recipe_user_id', '=', recipeUserId)
      .execute();
  }

  /** @returns the hash and those before it, the latest first, under whatever id; none when the user is gone */
  async passwordHashes(recipeUserId: string): Promise<string[]> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_password_credentials')
      .select(['password_hash', 'former_hashes'])
      .where('recipe_user_id', '=', storedUserId(recipeUserId))
      .executeTakeFirst();
    if (row === undefined) return [];
    return [row.password_hash, ...(row.former_hashes === null ? [] : (JSON.parse(row.former_hashes) as string[]))];
  }

  /** The hash once a change of it that is under way has ended; undefined when the user is gone. */
  async settledPasswordHash(recipeUserId: string): Promise<string | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_password_credentials')
      .select('password_hash')
      .where('recipe_user_id', '=', storedUserId(recipeUserId))
      .forShare()
      .executeTakeFirst();
    return row?.password_hash;
  }

  /** @returns false, and nothing is written, when the hash is no longer `oldHash`: it was changed meanwhile */
  async replacePasswordHash(recipeUserId: string, oldHash: string, newHash: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .updateTable('latchkey_password_credentials')
      .set({ password_hash: newHash })
      .where('recipe_user_id', '=', recipeUserId)
      .where('password_hash', '=', oldHash)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async deleteUserData(recipeUserIds: string[]): Promise<void> {
    if (recipeUserIds.length === 0) return;
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_password_credentials').where('recipe_user_id', 'in', recipeUserIds).execute();
  }

  /** What is former once the hash of now is replaced. */
  private async formerHashes(recipeUserId: string, kept: number): Promise<{ former_hashes: string | null }> {
    if (kept < 1) return { former_hashes: null };
    const hashes = await this.passwordHashes(recipeUserId);
    return { former_hashes: JSON.stringify(hashes.slice(0, kept)) };
  }
}
