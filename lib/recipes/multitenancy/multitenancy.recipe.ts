import { MultitenancyCore } from '../../core/multitenancy.core.js';
import { TenantsCore } from '../../core/tenants.core.js';
import { ThirdPartyCore } from '../../core/third-party.core.js';
import { TenantOfRequest } from '../../http/tenant-of-request.js';
import { builtInRecipe } from '../define-recipe.js';
import { FirstFactorsOfTenants, loginMethodsRoute } from '../login-methods/index.js';
import { AllowedDomainsClaim, AllowedDomainsSource } from './allowed-domains-claim.js';
import { MultitenancyApi } from './multitenancy.api.js';
import { MultitenancyFunctions } from './multitenancy.functions.js';
import { MULTITENANCY_CONFIG, normaliseMultitenancyOptions } from './multitenancy.options.js';
import { FirstFactorsByFunction, TenantByFunction } from './tenant-by-function.js';
import { tenantRequirement, TenantValidator } from './tenant-requirement.js';

declare module '../recipe.js' {
  interface RecipeIds {
    multitenancy: true;
  }
}

// Here and not beside its validator, which no public type names: the compiler would leave it out of the package's types.
declare module '../../claims/session-requirement.js' {
  interface SessionRequirementOptions {
    /**
     * `'from-path'`: the session is of the tenant that `:tenantId` of the route's path names, or that `getTenantId` finds. A
     * session of another tenant is refused. @default a session of any tenant
     */
    tenant?: 'from-path';
  }
}

/** Tenants of the application: how each lets its users in, who is in it, and whose session a route takes. */
export const MultitenancyRecipe = builtInRecipe({
  id: 'multitenancy',
  name: 'MultitenancyRecipe',
  api: MultitenancyApi,
  functions: MultitenancyFunctions,
  routes: { loginMethodsGET: loginMethodsRoute },
  config: MULTITENANCY_CONFIG,
  normalise: normaliseMultitenancyOptions,
  needs: ['session'],
  ports: [MultitenancyCore, TenantsCore, ThirdPartyCore],
  providers: [
    AllowedDomainsSource,
    TenantByFunction,
    TenantValidator,
    { provide: TenantOfRequest, useExisting: TenantByFunction },
    { provide: FirstFactorsOfTenants, useClass: FirstFactorsByFunction },
  ],
  claims: [{ claim: AllowedDomainsClaim, facts: [], source: AllowedDomainsSource }],
  requirements: [tenantRequirement],
});
