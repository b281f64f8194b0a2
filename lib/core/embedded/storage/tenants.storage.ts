import { UnknownTenantError } from '../../auth.error.js';
import { PUBLIC_TENANT_ID } from '../../core.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';

export class TenantsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async exists(tenantId: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_tenants')
      .select('tenant_id')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    return row !== undefined;
  }

  /**
   * Within a transaction, before something is made that belongs to the tenants: until its end nobody deletes them.
   * @throws {UnknownTenantError} one of them is not there, whatever was known of it before
   */
  async hold(tenantIds: string[]): Promise<void> {
    const existing = await this.holdExisting(tenantIds);
    const missing = tenantIds.find((tenantId) => !existing.has(tenantId));
    if (missing !== undefined) throw new UnknownTenantError(missing);
  }

  /** As `hold`. @returns those of them that are there */
  async holdExisting(tenantIds: string[]): Promise<Set<string>> {
    const deletable = tenantIds.filter((tenantId) => tenantId !== PUBLIC_TENANT_ID);
    if (deletable.length === 0) return new Set([PUBLIC_TENANT_ID]);
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_tenants')
      .select('tenant_id')
      .where('tenant_id', 'in', deletable)
      .orderBy('tenant_id')
      .forKeyShare()
      .execute();
    return new Set([PUBLIC_TENANT_ID, ...rows.map(({ tenant_id }) => tenant_id)]);
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

  async delete(tenantId: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db.deleteFrom('latchkey_tenants').where('tenant_id', '=', tenantId).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  /** Nobody is in the tenant then; a user who is in no other one stays a user. */
  async deleteMembers(tenantId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_login_method_tenants').where('tenant_id', '=', tenantId).execute();
    await db.deleteFrom('latchkey_user_tenants').where('tenant_id', '=', tenantId).execute();
  }

  async list(): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db.selectFrom('latchkey_tenants').select('tenant_id').orderBy('tenant_id').execute();
    return rows.map((row) => row.tenant_id);
  }
}
