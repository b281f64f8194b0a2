import { ThirdPartyCore } from '../../core/third-party.core.js';
import { UsersCore } from '../../core/users.core.js';
import {
  initRecipe,
  initRecipeAsync,
  type AsyncRecipeOptions,
  type Recipe,
  type RecipeDefinition,
  type RecipeOverride,
} from '../recipe.js';
import { ProviderNetwork } from './providers/provider-network.js';
import { Providers } from './providers/providers.js';
import { ThirdPartyApi } from './third-party.api.js';
import { thirdPartyRoutes } from './third-party.controller.js';
import { ThirdPartyFunctions } from './third-party.functions.js';
import {
  normaliseThirdPartyOptions,
  type ThirdPartyConfiguration,
  type ThirdPartyOptions,
} from './third-party.options.js';
import { THIRD_PARTY_CONFIG } from './third-party.tokens.js';

const definition: RecipeDefinition<ThirdPartyApi, ThirdPartyFunctions, ThirdPartyOptions, ThirdPartyConfiguration> = {
  id: 'thirdparty',
  name: 'ThirdPartyRecipe',
  api: ThirdPartyApi,
  functions: ThirdPartyFunctions,
  routes: thirdPartyRoutes,
  config: THIRD_PARTY_CONFIG,
  normalise: normaliseThirdPartyOptions,
  needs: ['session'],
  ports: [ThirdPartyCore, UsersCore],
  providers: [ProviderNetwork, Providers],
  exports: [],
};

/** Sign-in by identity providers: Google, GitHub, any that speaks OAuth 2 or OpenID Connect. */
export class ThirdPartyRecipe {
  static init(
    options: ThirdPartyOptions & { override?: RecipeOverride<ThirdPartyApi, ThirdPartyFunctions> } = {},
  ): Recipe {
    return initRecipe(definition, options);
  }

  static initAsync(options: AsyncRecipeOptions<ThirdPartyApi, ThirdPartyFunctions, ThirdPartyOptions>): Recipe {
    return initRecipeAsync(definition, options);
  }
}
