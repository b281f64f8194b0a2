import { TenantConfigCore, type TenantConfig, type TenantConfigUpdate } from '../tenant-config.core.js';
import type { EmbeddedTenantsCore } from './embedded-tenants.core.js';
import type { OwnsTenantData } from './engine-part.js';
import { mergeAtRoot, toJsonText } from '../json.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { TenantConfigStorage } from './storage/tenant-config.storage.js';

const NOTHING: TenantConfig = { coreConfig: {} };

export class EmbeddedTenantConfigCore extends TenantConfigCore implements OwnsTenantData {
  private readonly storage: TenantConfigStorage;

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly tenants: EmbeddedTenantsCore,
  ) {
    super();
    this.storage = new TenantConfigStorage(database);
  }

  async getTenantConfig(tenantId: string): Promise<TenantConfig> {
    await this.tenants.assertExists(tenantId);
    const text = await this.storage.find(tenantId);
    return { ...NOTHING, ...(text === undefined ? {} : (JSON.parse(text) as TenantConfig)) };
  }

  async updateTenantConfig(input: { tenantId: string } & TenantConfigUpdate): Promise<{ status: 'OK' }> {
    const { tenantId, firstFactors, requiredSecondaryFactors, coreConfig } = input;
    // A copy, so that a caller who goes on writing to it changes nothing.
    const update = JSON.parse(toJsonText({ firstFactors, requiredSecondaryFactors, coreConfig }, 'configuration')) as {
      coreConfig?: TenantConfig['coreConfig'];
    };
    return this.database.transaction(
      async () => {
        await this.tenants.hold(tenantId);
        const stored = { ...NOTHING, ...(JSON.parse(await this.storage.lock(tenantId)) as TenantConfig) };
        const merged = mergeAtRoot(
          { ...stored },
          { ...update, coreConfig: mergeAtRoot(stored.coreConfig, update.coreConfig ?? {}) },
        );
        await this.storage.replace(tenantId, JSON.stringify(merged));
        await this.tenants.forgetConfig(tenantId);
        return { status: 'OK' };
      },
      { repeatable: true },
    );
  }

  async deleteTenantData({ tenantId, recipeUserId }: { tenantId: string; recipeUserId?: string }): Promise<void> {
    if (recipeUserId !== undefined) return;
    await this.storage.delete(tenantId);
    await this.tenants.forgetConfig(tenantId);
  }
}
