import { assertEmailLength } from '../../email-address.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';

declare module './tables.js' {
  interface Tables {
    /** What a tenant says of its providers, as JSON. */
    latchkey_third_party_configs: { tenant_id: string; third_party_id: string; config: string };
  }
}

export class ThirdPartyStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** The account name stays: it does not depend on the email. */
  async setEmail(recipeUserId: string, email: string): Promise<void> {
    assertEmailLength(email);
    const db = await this.database.tables();
    await db.updateTable('latchkey_login_methods').set({ email }).where('recipe_user_id', '=', recipeUserId).execute();
  }

  /** @returns false, and nothing is changed, where it is not `from` any more */
  async setIssuer(recipeUserId: string, from: string | null, to: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .updateTable('latchkey_login_methods')
      .set({ third_party_issuer: to })
      .where('recipe_user_id', '=', recipeUserId)
      .where('third_party_issuer', from === null ? 'is' : '=', from)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
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

  /** @returns those of every tenant that has some, by its id */
  async listAllConfigs(): Promise<Map<string, string[]>> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_third_party_configs')
      .select(['tenant_id', 'config'])
      .orderBy('tenant_id')
      .orderBy('third_party_id')
      .execute();
    const byTenant = new Map<string, string[]>();
    for (const { tenant_id, config } of rows) byTenant.set(tenant_id, [...(byTenant.get(tenant_id) ?? []), config]);
    return byTenant;
  }

  async deleteTenantConfigs(tenantId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_third_party_configs').where('tenant_id', '=', tenantId).execute();
  }
}
