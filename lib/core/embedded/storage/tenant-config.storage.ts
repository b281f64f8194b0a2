import type { SqlAuthDatabase } from './sql-auth-database.js';

/** JSON texts by tenant. */
export class TenantConfigStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async find(tenantId: string): Promise<string | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_tenant_configs')
      .select('config')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    return row?.config;
  }

  /** @returns those of every tenant that has one, by its id */
  async listAll(): Promise<Map<string, string>> {
    const db = await this.database.tables();
    const rows = await db.selectFrom('latchkey_tenant_configs').select(['tenant_id', 'config']).execute();
    return new Map(rows.map(({ tenant_id, config }) => [tenant_id, config]));
  }

  /** What is stored, made where there is nothing; within a transaction nobody else changes it until its end. */
  async lock(tenantId: string): Promise<string> {
    const db = await this.database.tables();
    const row = await db
      .insertInto('latchkey_tenant_configs')
      .values({ tenant_id: tenantId, config: '{}' })
      .onConflict((conflict) =>
        conflict.column('tenant_id').doUpdateSet(({ ref }) => ({ tenant_id: ref('excluded.tenant_id') })),
      )
      .returning('config')
      .executeTakeFirstOrThrow();
    return row.config;
  }

  async replace(tenantId: string, config: string): Promise<void> {
    const db = await this.database.tables();
    await db.updateTable('latchkey_tenant_configs').set({ config }).where('tenant_id', '=', tenantId).execute();
  }

  async delete(tenantId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_tenant_configs').where('tenant_id', '=', tenantId).execute();
  }
}
