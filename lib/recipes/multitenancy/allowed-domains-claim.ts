import { Inject, Injectable } from '@nestjs/common';
import type { ClaimSource } from '../../claims/recipe-claim.js';
import { ConfigurationError } from '../../core/auth.error.js';
import type { UserContext } from '../../http/user-context.js';
import { PrimitiveArrayClaim } from '../session/index.js';
import { MULTITENANCY_CONFIG, type MultitenancyConfig } from './multitenancy.options.js';

/**
 * The domains of the session's tenant, as `getAllowedDomainsForTenantId` names them: `st-t-dmns: { v, t }` in the access token.
 * It has no services of its own: the recipe tells the sessions of each application how to fetch it.
 */
export const AllowedDomainsClaim = new PrimitiveArrayClaim<string>({
  key: 'st-t-dmns',
  fetchValue() {
    throw new ConfigurationError(
      'AllowedDomainsClaim: the value is fetched by MultitenancyRecipe. Add MultitenancyRecipe.init() to recipeList, and ask for ' +
        'the claim by a session, such as session.fetchAndSetClaim(AllowedDomainsClaim).',
    );
  },
});

/** How this application fetches it. */
@Injectable()
export class AllowedDomainsSource implements ClaimSource<string[]> {
  @Inject(MULTITENANCY_CONFIG) private readonly config!: MultitenancyConfig;

  isAddedToSessions(): boolean {
    return this.config.getAllowedDomainsForTenantId !== undefined;
  }

  async fetchValue(
    _userId: string,
    _recipeUserId: string,
    tenantId: string,
    _currentPayload: unknown,
    userContext: UserContext,
  ): Promise<string[] | undefined> {
    const domains: unknown = await this.config.getAllowedDomainsForTenantId?.(tenantId, userContext);
    if (domains === undefined) return undefined;
    if (Array.isArray(domains) && domains.every((domain) => typeof domain === 'string')) return domains;
    throw new ConfigurationError(
      `MultitenancyRecipe.init: getAllowedDomainsForTenantId returned ${JSON.stringify(domains)} for the tenant ${tenantId}. ` +
        "Return a list of domains, such as ['acme.example.com'], or undefined.",
    );
  }
}
