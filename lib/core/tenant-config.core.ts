import type { JsonObject } from './json.types.js';

/** What is decided for one tenant rather than for the whole application. */
export interface TenantConfig {
  /** Ways of signing in that the tenant allows, such as `emailpassword`; undefined: all. */
  firstFactors?: string[];
  /** What its users must prove besides; undefined: nothing. */
  requiredSecondaryFactors?: string[];
  /**
   * As it was given. Options of the engine that a tenant may have for itself are taken from it (`CoreConfigKey`), such as
   * `password_reset_token_lifetime`; the core only keeps the rest.
   */
  coreConfig: JsonObject;
}

/** Members that are left out stay as they are, `null` takes them away; those of `coreConfig` likewise. */
export interface TenantConfigUpdate {
  firstFactors?: string[] | null;
  requiredSecondaryFactors?: string[] | null;
  coreConfig?: JsonObject;
}

/**
 * Configurations of tenants. They go with their tenants. `firstFactors` is what operations that sign somebody in compare
 * their factor with, and `coreConfig` has some options of the engine; the rest is kept for those who ask for it.
 */
export abstract class TenantConfigCore {
  /** @throws {UnknownTenantError} */
  abstract getTenantConfig(tenantId: string): Promise<TenantConfig>;

  /** @throws {UnknownTenantError} */
  abstract updateTenantConfig(input: { tenantId: string } & TenantConfigUpdate): Promise<{ status: 'OK' }>;
}
