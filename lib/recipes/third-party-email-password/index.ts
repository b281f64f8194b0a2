export type { SignInUpAPIInput, SignInUpAPIOutput } from './sign-in-up.types.js';
export {
  ThirdPartyEmailPasswordApi,
  type CombinedAuthorisationUrlGETResponse,
} from './third-party-email-password.api.js';
export { ThirdPartyEmailPasswordFunctions } from './third-party-email-password.functions.js';
export type {
  ThirdPartyEmailPasswordConfig,
  ThirdPartyEmailPasswordOptions,
} from './third-party-email-password.options.js';
export { ThirdPartyEmailPasswordRecipe } from './third-party-email-password.recipe.js';
