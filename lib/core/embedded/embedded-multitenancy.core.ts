import { BadInputError, UnknownTenantError } from '../auth.error.js';
import { type Core, PUBLIC_TENANT_ID } from '../core.js';
import { checkedTenant, MultitenancyCore, type Tenant } from '../multitenancy.core.js';
import { changeTenant } from '../tenant-change.js';
import type { TenantConfig, TenantConfigUpdate } from '../tenant-config.core.js';
import { TenantConfigStorage } from './storage/tenant-config.storage.js';
import { TenantsStorage } from './storage/tenants.storage.js';
import { ThirdPartyStorage } from './storage/third-party.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import type { TenantOptions } from './tenant-options.js';

interface EmbeddedMultitenancyDependencies {
  database: SqlAuthDatabase;
  options: TenantOptions;
  port: Core['port'];
}

export class EmbeddedMultitenancyCore extends MultitenancyCore {
  private readonly tenants: TenantsStorage;
  private readonly configs: TenantConfigStorage;
  private readonly providers: ThirdPartyStorage;

  constructor(private readonly engine: EmbeddedMultitenancyDependencies) {
    super();
    this.tenants = new TenantsStorage(engine.database);
    this.configs = new TenantConfigStorage(engine.database);
    this.providers = new ThirdPartyStorage(engine.database);
  }

  async createOrUpdateTenant(input: {
    tenantId: string;
    config?: TenantConfigUpdate;
  }): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { tenantId, config = {} } = input;
    const update = checkedTenant(tenantId, config);
    this.checkCoreConfig(tenantId, update);
    const { database, port } = this.engine;
    const core = { port, transaction: <T>(work: () => Promise<T>) => database.transaction(work, { repeatable: true }) };
    const change = () => changeTenant(core, tenantId, () => update);
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof UnknownTenantError)) throw error;
      // It was there, and deleted before it was held: now it is made.
      return change();
    }
  }

  async getTenant(tenantId: string): Promise<Tenant | undefined> {
    // Not what is remembered: a caller who has deleted it in another process expects it to be gone.
    if (!(await this.tenants.exists(tenantId))) return undefined;
    return tenantOf(tenantId, await this.configs.find(tenantId), await this.providers.listConfigs(tenantId));
  }

  async listAllTenants(): Promise<Tenant[]> {
    const tenantIds = await this.tenants.list();
    const configs = await this.configs.listAll();
    const providers = await this.providers.listAllConfigs();
    return tenantIds.map((tenantId) => tenantOf(tenantId, configs.get(tenantId), providers.get(tenantId) ?? []));
  }

  private checkCoreConfig(tenantId: string, { coreConfig = {} }: TenantConfigUpdate): void {
    if (tenantId !== PUBLIC_TENANT_ID) return this.engine.options.assertPossible(coreConfig);
    if (Object.keys(coreConfig).length === 0) return;
    throw new BadInputError(
      'The public tenant has the options of the application. Give them in core of AuthModule.forRoot, not as coreConfig',
    );
  }
}

function tenantOf(tenantId: string, config: string | undefined, providers: string[]): Tenant {
  const {
    firstFactors,
    requiredSecondaryFactors,
    coreConfig = {},
  } = JSON.parse(config ?? '{}') as Partial<TenantConfig>;
  return {
    tenantId,
    thirdParty: { providers: providers.map((text) => JSON.parse(text) as Tenant['thirdParty']['providers'][number]) },
    ...(firstFactors === undefined ? {} : { firstFactors }),
    ...(requiredSecondaryFactors === undefined ? {} : { requiredSecondaryFactors }),
    coreConfig,
  };
}
