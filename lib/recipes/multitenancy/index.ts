export type { Tenant } from '../../core/multitenancy.core.js';
export type { TenantConfig, TenantConfigUpdate } from '../../core/tenant-config.core.js';
export type { AddLoginMethodToTenantResult, TakenStatus } from '../../core/tenants.core.js';
export { AllowedDomainsClaim } from './allowed-domains-claim.js';
export { MultitenancyApi, type MultitenancyAPIOptions, type TenantLoginMethodsGETInput } from './multitenancy.api.js';
export {
  MultitenancyFunctions,
  type CreateOrUpdateTenantInput,
  type CreateOrUpdateThirdPartyConfigInput,
  type DeleteThirdPartyConfigInput,
  type GetTenantIdInput,
  type TenantInput,
  type TenantMemberInput,
} from './multitenancy.functions.js';
export type { MultitenancyConfig, MultitenancyOptions } from './multitenancy.options.js';
export { MultitenancyRecipe } from './multitenancy.recipe.js';
