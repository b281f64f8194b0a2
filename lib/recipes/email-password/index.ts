export {
  EmailPasswordApi,
  type EmailExistsGETInput,
  type EmailExistsGETResponse,
  type EmailPasswordAPIOptions,
  type FormFieldsInput,
  type GeneratePasswordResetTokenPOSTInput,
  type GeneratePasswordResetTokenPOSTResponse,
  type PasswordResetPOSTInput,
  type PasswordResetPOSTResponse,
  type SignInPOSTInput,
  type SignInPOSTResponse,
  type SignUpPOSTInput,
  type SignUpPOSTResponse,
} from './email-password.api.js';
export { EmailPasswordFunctions } from './email-password.functions.js';
export type * from './email-password.functions.types.js';
export { EMAIL_PASSWORD_CONFIG } from './email-password.options.js';
export type {
  EmailPasswordConfig,
  EmailPasswordOptions,
  FieldValidator,
  FormField,
  SignUpFormField,
} from './email-password.options.js';
export { EmailPasswordRecipe } from './email-password.recipe.js';
export type { PasswordResetEmail } from './password-reset.email.js';
export { type FieldErrorResponse, type FormFieldValue } from './form-fields.js';
