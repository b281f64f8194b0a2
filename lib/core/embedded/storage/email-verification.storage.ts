import type { AuthDatabase } from './auth-database.js';
import type { EmailVerificationTokensTable } from './tables.js';
import { shownUserId, storedUserId } from './user-ids.js';

/** Users go in under whatever id they are known by, and come out under the one that is shown. */
export class EmailVerificationStorage {
  constructor(private readonly database: AuthDatabase) {}

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

  async insertToken(row: EmailVerificationTokensTable): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_email_verification_tokens')
      .values({ ...row, recipe_user_id: storedUserId(row.recipe_user_id) })
      .execute();
  }

  /** Takes the row's lock of the login method a token was made for, where there is one and the database has such locks. */
  async lockOwner(tokenHash: string): Promise<void> {
    if (!this.database.hasRowLocks) return;
    const db = await this.database.tables();
    await db
      .selectFrom('latchkey_login_methods')
      .select('recipe_user_id')
      .where('recipe_user_id', '=', ({ selectFrom }) =>
        selectFrom('latchkey_email_verification_tokens')
          .select('latchkey_email_verification_tokens.recipe_user_id')
          .where('token_hash', '=', tokenHash),
      )
      .forUpdate()
      .execute();
  }

  /**
   * Deletes every token of the login method and email the given one belongs to. One statement: of two that come
   * with one token, the second finds none.
   *
   * @returns whose email the given one proves; undefined, and nothing deleted, when it is unknown, expired or another
   * tenant's
   */
  async spendTokens(
    tokenHash: string,
    tenantId: string,
    nowMs: number,
  ): Promise<{ recipeUserId: string; email: string } | undefined> {
    const db = await this.database.tables();
    const rows = await db
      .deleteFrom('latchkey_email_verification_tokens as token')
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('token.recipe_user_id', 'token.email'),
          'in',
          selectFrom('latchkey_email_verification_tokens as given')
            .select(['given.recipe_user_id', 'given.email'])
            .where('given.token_hash', '=', tokenHash)
            .where('given.tenant_id', '=', tenantId)
            .where('given.expires_at_ms', '>', nowMs)
            .$asTuple('recipe_user_id', 'email'),
        ),
      )
      .returning((eb) => ['token_hash', 'email', shownUserId(eb.ref('recipe_user_id')).as('recipeUserId')])
      .execute();
    const spent = rows.find((row) => row.token_hash === tokenHash);
    return spent && { recipeUserId: spent.recipeUserId, email: spent.email };
  }

  /** @param tenantId without one, those of every tenant */
  async deleteTokens(recipeUserId: string, email: string, tenantId?: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_email_verification_tokens')
      .where('recipe_user_id', '=', storedUserId(recipeUserId))
      .where('email', '=', email)
      .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!))
      .execute();
  }

  /** @param recipeUserId without one, those of everybody */
  async deleteTenantTokens(tenantId: string, recipeUserId?: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_email_verification_tokens')
      .where('tenant_id', '=', tenantId)
      .$if(recipeUserId !== undefined, (query) => query.where('recipe_user_id', '=', recipeUserId!))
      .execute();
  }

  /** @param userIds as stored */
  async deleteUserData(userIds: string[]): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_verified_emails').where('recipe_user_id', 'in', userIds).execute();
    await db.deleteFrom('latchkey_email_verification_tokens').where('recipe_user_id', 'in', userIds).execute();
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteExpiredTokens(nowMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_email_verification_tokens')
      .where('token_hash', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_email_verification_tokens as expired')
          .select('expired.token_hash')
          .where('expired.expires_at_ms', '<=', nowMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
