import type { SqlAuthDatabase } from './sql-auth-database.js';
import { storedUserId } from './user-ids.js';

declare module './tables.js' {
  interface Tables {
    /** The emails that were proven to belong to whom, whether or not a login method has them now. */
    latchkey_verified_emails: { recipe_user_id: string; email: string };
  }
}

/** Users go in under whatever id they are known by. */
export class EmailVerificationStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async isVerified(recipeUserId: string, email: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_verified_emails')
      .select('email')
      .where('recipe_user_id', '=', storedUserId(recipeUserId))
      .where('email', '=', email)
      .executeTakeFirst();
    return row !== undefined;
  }

  async markVerified(recipeUserId: string, email: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_verified_emails')
      .values({ recipe_user_id: storedUserId(recipeUserId), email })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async unmarkVerified(recipeUserId: string, email: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_verified_emails')
      .where('recipe_user_id', '=', storedUserId(recipeUserId))
      .where('email', '=', email)
      .execute();
  }

  /** @param userIds as stored */
  async deleteUserData(userIds: string[]): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_verified_emails').where('recipe_user_id', 'in', userIds).execute();
  }
}
