import { SigningKeysCore } from '../../core/signing-keys.core.js';
import { ThirdPartyCore } from '../../core/third-party.core.js';
import { UsersCore } from '../../core/users.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { PROVIDER_NETWORK_OPTIONS, ProviderNetwork } from './providers/provider-network.js';
import { Providers } from './providers/providers.js';
import { ClientTokens } from './client-tokens.js';
import { OpenFlows } from './open-flows.js';
import { ProviderLines } from './provider-lines.js';
import { SignInFlows } from './sign-in-flows.js';
import { ThirdPartyApi } from './third-party.api.js';
import { thirdPartyAttempts } from './third-party.attempts.js';
import { thirdPartyRoutes } from './third-party.routes.js';
import { ThirdPartyFunctions } from './third-party.functions.js';
import { normaliseThirdPartyOptions, THIRD_PARTY_CONFIG } from './third-party.options.js';

declare module '../recipe.js' {
  interface RecipeIds {
    thirdparty: true;
  }
}

/** Sign-in by identity providers: Google, GitHub, any that speaks OAuth 2 or OpenID Connect. */
export const ThirdPartyRecipe = builtInRecipe({
  id: 'thirdparty',
  name: 'ThirdPartyRecipe',
  api: ThirdPartyApi,
  functions: ThirdPartyFunctions,
  routes: thirdPartyRoutes,
  config: THIRD_PARTY_CONFIG,
  normalise: normaliseThirdPartyOptions,
  needs: ['session'],
  firstFactors: ['thirdparty'],
  ports: [ThirdPartyCore, UsersCore, SigningKeysCore],
  providers: [
    { provide: PROVIDER_NETWORK_OPTIONS, useExisting: THIRD_PARTY_CONFIG },
    ProviderNetwork,
    Providers,
    SignInFlows,
    ClientTokens,
    OpenFlows,
    ProviderLines,
  ],
  attempts: thirdPartyAttempts,
});
