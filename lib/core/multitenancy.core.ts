import { BadInputError } from './auth.error.js';
import { toJsonText } from './json.js';
import type { TenantConfig, TenantConfigUpdate } from './tenant-config.core.js';
import { isTenantId } from './tenant-id.js';
import type { ThirdPartyConfig } from './third-party.core.js';

/** A tenant with what is decided for it. */
export interface Tenant extends TenantConfig {
  tenantId: string;
  /** The providers that it has of its own, in the order of their ids. */
  thirdParty: { providers: ThirdPartyConfig[] };
}

/** Tenants with their configurations, each operation as a whole. Ids are in lower case. */
export abstract class MultitenancyCore {
  /**
   * Makes a tenant, or changes one that is there. A new one has no first factors but those of `config`: nobody signs in to a
   * tenant before it says how.
   * @throws {BadInputError} an id that no tenant can have, or a configuration that cannot work
   */
  abstract createOrUpdateTenant(input: {
    tenantId: string;
    config?: TenantConfigUpdate;
  }): Promise<{ status: 'OK'; createdNew: boolean }>;

  /** @returns undefined where there is no such tenant */
  abstract getTenant(tenantId: string): Promise<Tenant | undefined>;

  /** @returns in the order of their ids */
  abstract listAllTenants(): Promise<Tenant[]>;
}

/** How many factors a tenant may name in one list. */
const MAX_FACTORS = 100;

/**
 * What an application gives as the id and the configuration of a tenant.
 * @returns the configuration, with each factor once
 * @throws {BadInputError}
 */
export function checkedTenant(tenantId: string, config: TenantConfigUpdate): TenantConfigUpdate {
  if (!isTenantId(tenantId)) {
    throw new BadInputError('tenantId must be 1 to 64 letters, digits and hyphens, and no word of the core');
  }
  const { firstFactors, requiredSecondaryFactors, coreConfig } = config;
  if (coreConfig !== undefined) toJsonText(coreConfig, 'coreConfig');
  if (requiredSecondaryFactors?.length === 0) {
    throw new BadInputError('requiredSecondaryFactors cannot be empty. Set null instead');
  }
  return {
    firstFactors: factors('firstFactors', firstFactors),
    requiredSecondaryFactors: factors('requiredSecondaryFactors', requiredSecondaryFactors),
    coreConfig,
  };
}

function factors(name: string, list: unknown): string[] | null | undefined {
  if (list === undefined || list === null) return list;
  const isList = Array.isArray(list) && list.length <= MAX_FACTORS && list.every(isFactorId);
  if (isList) return [...new Set(list as string[])];
  throw new BadInputError(
    `${name} must be null, or a list of at most ${MAX_FACTORS} ids of factors, such as thirdparty`,
  );
}

function isFactorId(value: unknown): boolean {
  return typeof value === 'string' && /^[\w:.-]{1,64}$/.test(value);
}
