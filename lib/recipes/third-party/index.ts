export type { LoginMethods } from '../login-methods/index.js';
export { AppleProvider } from './providers/apple.js';
export { BitbucketProvider } from './providers/bitbucket.js';
export { FacebookProvider } from './providers/facebook.js';
export { GitHubProvider } from './providers/github.js';
export { GoogleProvider } from './providers/google.js';
export { ProviderError, ProviderRefusedError, ProviderUnavailableError } from './providers/provider.error.js';
export { Provider } from './providers/provider.js';
export type {
  AuthorisationRedirect,
  BuiltInRedirect,
  ExchangeAuthCodeInput,
  GetAuthorisationRedirectURLInput,
  GetUserInfoInput,
  OAuthTokens,
  ProviderConfig,
  ProviderConfigForClientType,
  ProviderMetadata,
  RawUserInfo,
  RedirectURIInfo,
  TokenEndpointAuthMethod,
  TypeProvider,
  TypeProviderGetResponse,
  UserInfo,
} from './providers/provider.types.js';
export {
  ThirdPartyApi,
  type AppleRedirectHandlerPOSTInput,
  type AuthorisationUrlGETInput,
  type AuthorisationUrlGETResponse,
  type LoginMethodsGETInput,
  type LoginMethodsGETResponse,
  type ThirdPartyAPIOptions,
  type ThirdPartyProof,
  type ThirdPartySignInUpPOSTInput,
  type ThirdPartySignInUpPOSTResponse,
} from './third-party.api.js';
export {
  ThirdPartyFunctions,
  type GetProviderInput,
  type GetThirdPartyUserByIdInput,
  type GetUserByThirdPartyInfoInput,
  type GetUsersByEmailInput,
  type ListProvidersInput,
  type ManuallyCreateOrUpdateUserInput,
  type ManuallyCreateOrUpdateUserResult,
  type ThirdPartySignInUpFunctionInput,
  type ThirdPartySignInUpFunctionResult,
} from './third-party.functions.js';
export type { ThirdPartyRecipeConfig, ThirdPartyOptions, ThirdPartyProviderOptions } from './third-party.options.js';
export { ThirdPartyRecipe } from './third-party.recipe.js';
