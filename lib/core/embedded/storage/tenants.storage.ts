import type { AuthDatabase } from './auth-database.js';

export class TenantsStorage {
  constructor(private readonly database: AuthDatabase) {}

  async exists(tenantId: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_tenants')
      .select('tenant_id')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** @returns false when it was there already */
  async insert(tenantId: string): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_tenants')
      .values({ tenant_id: tenantId })
      .onConflict((conflict) => conflict.doNothing())
      .returning('tenant_id')
      .execute();
    return rows.length === 1;
  }

  async list(): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db.selectFrom('latchkey_tenants').select('tenant_id').orderBy('tenant_id').execute();
    return rows.map((row) => row.tenant_id);
  }
}
