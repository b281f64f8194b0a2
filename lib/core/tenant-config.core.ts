import type { JsonObject } from './json.types.js';

/** What is decided for one tenant rather than for the whole application. */
export interface TenantConfig {
  /** Ways of signing in that the tenant has, such as `emailpassword`; undefined: all of the application. */
  firstFactors?: string[];
  /** What its users must prove besides; undefined: nothing. */
  requiredSecondaryFactors?: string[];
  /** As it was given; the core only keeps it. */
  coreConfig: JsonObject;
}

/** Members that are left out stay as they are, `null` takes them away; those of `coreConfig` likewise. */
export interface TenantConfigUpdate {
  firstFactors?: string[] | null;
  requiredSecondaryFactors?: string[] | null;
  coreConfig?: JsonObject;
}

/** Configurations of tenants, kept for drivers that ask for them. They go with their tenants. */
export abstract class TenantConfigCore {
  abstract getTenantConfig(tenantId: string): Promise<TenantConfig>;

  /** @throws {UnknownTenantError} */
  abstract updateTenantConfig(input: { tenantId: string } & TenantConfigUpdate): Promise<{ status: 'OK' }>;
}
