import type { AuthDatabase } from './auth-database.js';

export class ThirdPartyStorage {
  constructor(private readonly database: AuthDatabase) {}

  /** @returns our own ids of the user who signs in to the tenant by that account name */
  async find(tenantId: string, accountKey: string): Promise<{ userId: string; recipeUserId: string } | undefined> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_login_method_tenants as member')
      .innerJoin('latchkey_login_methods as method', 'method.recipe_user_id', 'member.recipe_user_id')
      .select(['method.user_id as userId', 'method.recipe_user_id as recipeUserId'])
      .where('member.tenant_id', '=', tenantId)
      .where('member.recipe_id', '=', 'thirdparty')
      .where('member.account_key', '=', accountKey)
      .executeTakeFirst();
  }

  /** The account name stays: it does not depend on the email. */
  async setEmail(recipeUserId: string, email: string): Promise<void> {
    const db = await this.database.tables();
    await db.updateTable('latchkey_login_methods').set({ email }).where('recipe_user_id', '=', recipeUserId).execute();
  }

  /** @returns whether there was none before */
  async putConfig(tenantId: string, thirdPartyId: string, config: string): Promise<boolean> {
    const db = await this.database.tables();
    const inserted = await db
      .insertInto('latchkey_third_party_configs')
      .values({ tenant_id: tenantId, third_party_id: thirdPartyId, config })
      .onConflict((conflict) => conflict.doNothing())
      .returning('tenant_id')
      .execute();
    if (inserted.length === 1) return true;
    await db
      .updateTable('latchkey_third_party_configs')
      .set({ config })
      .where('tenant_id', '=', tenantId)
      .where('third_party_id', '=', thirdPartyId)
      .execute();
    return false;
  }

  async deleteConfig(tenantId: string, thirdPartyId: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_third_party_configs')
      .where('tenant_id', '=', tenantId)
      .where('third_party_id', '=', thirdPartyId)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async listConfigs(tenantId: string): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_third_party_configs')
      .select('config')
      .where('tenant_id', '=', tenantId)
      .orderBy('third_party_id')
      .execute();
    return rows.map((row) => row.config);
  }

  async deleteTenantConfigs(tenantId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_third_party_configs').where('tenant_id', '=', tenantId).execute();
  }
}
