import { PUBLIC_TENANT_ID } from '../core.js';
import { assertPossibleForTenant, configuredValue } from '../core-config.js';
import type { EngineOptionTable, ResolvedEngineOptions } from '../engine-options.js';
import type { JsonObject } from '../json.types.js';
import type { TenantConfig } from '../tenant-config.core.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { TenantConfigStorage } from './storage/tenant-config.storage.js';

/** The options of the engine that a tenant may have for itself. */
export class TenantOptions {
  private readonly configs: TenantConfigStorage;

  constructor(
    database: SqlAuthDatabase,
    private readonly table: EngineOptionTable,
    private readonly options: ResolvedEngineOptions,
  ) {
    this.configs = new TenantConfigStorage(database);
  }

  /** Read each time: a change counts from the next call on, in every process. */
  async of<Name extends keyof ResolvedEngineOptions>(tenantId: string, name: Name): Promise<number> {
    const option = this.table[name];
    // The public tenant is configured as its app is.
    if (option?.coreConfig?.of !== 'tenant' || tenantId === PUBLIC_TENANT_ID) return this.options[name];
    const { coreConfig = {} } = JSON.parse((await this.configs.find(tenantId)) ?? '{}') as Partial<TenantConfig>;
    return configuredValue(option, coreConfig) ?? this.options[name];
  }

  /** @throws {BadInputError} a key that a tenant cannot have, or a value that the key cannot have */
  assertPossible(coreConfig: JsonObject): void {
    assertPossibleForTenant(Object.values(this.table), coreConfig);
  }
}
