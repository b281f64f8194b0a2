import { z } from 'zod';
import { anythingSchema, checkOptions, functionSchema } from '../../core/check-options.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';
import type { UserContext } from '../../http/user-context.js';

/** The options of `MultitenancyRecipe.init`. */
export interface MultitenancyOptions {
  /**
   * The websites on which users of the tenant may be signed in, such as `['acme.example.com']`: it makes the value of
   * `AllowedDomainsClaim`, for clients that compare it with where they are. Undefined: none is named, and what asks for the claim
   * refuses. @default sessions are without the claim
   */
  getAllowedDomainsForTenantId?(
    tenantId: string,
    userContext: UserContext,
  ): string[] | undefined | Promise<string[] | undefined>;
}

/** The options, as `options.config` of an API method holds them. */
export type MultitenancyConfig = MultitenancyOptions;

const optionsSchema = z.strictObject(
  {
    getAllowedDomainsForTenantId: functionSchema('a function that returns the domains of a tenant').optional(),
    override: anythingSchema().optional(),
  },
  '{ getAllowedDomainsForTenantId }',
);

/** @throws {ConfigurationError} */
export function normaliseMultitenancyOptions(
  input: MultitenancyOptions,
  _appInfo: NormalisedAppInfo,
): MultitenancyConfig {
  checkOptions<unknown>('MultitenancyRecipe.init', optionsSchema, input);
  return { ...input };
}

/** The token of the options, `MultitenancyConfig`. */
export const MULTITENANCY_CONFIG = Symbol('latchkey.multitenancy.config');
