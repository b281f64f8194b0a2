export { EmailVerificationClaim } from './email-verification-claim.js';
export {
  EmailVerificationApi,
  type EmailVerificationAPIOptions,
  type GenerateEmailVerifyTokenPOSTInput,
  type GenerateEmailVerifyTokenPOSTResponse,
  type IsEmailVerifiedGETInput,
  type IsEmailVerifiedGETResponse,
  type VerifyEmailPOSTInput,
  type VerifyEmailPOSTResponse,
} from './email-verification.api.js';
export type { EmailVerificationEmail } from './email-verification.email.js';
export {
  EmailVerificationFunctions,
  type CreateEmailVerificationLinkResult,
  type CreateEmailVerificationTokenInput,
  type EmailVerificationLinkInput,
  type IsEmailVerifiedInput,
  type RecipeUserInput,
  type RevokeEmailVerificationTokensInput,
  type SendEmailVerificationEmailInput,
  type SendEmailVerificationEmailResult,
  type UnverifyEmailInput,
  type VerifyEmailUsingTokenFunctionResult,
  type VerifyEmailUsingTokenInput,
} from './email-verification.functions.js';
export type {
  EmailForRecipeUserId,
  EmailVerificationConfig,
  EmailVerificationMode,
  EmailVerificationOptions,
} from './email-verification.options.js';
export { EmailVerificationRecipe } from './email-verification.recipe.js';
