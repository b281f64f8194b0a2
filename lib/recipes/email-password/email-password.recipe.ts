import { EmailPasswordCore } from '../../core/email-password.core.js';
import { UsersCore } from '../../core/users.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { EmailPasswordApi } from './email-password.api.js';
import { EmailPasswordDevices } from './email-password-devices.js';
import { emailPasswordAttempts } from './email-password.attempts.js';
import { emailPasswordRoutes } from './email-password.routes.js';
import { EmailPasswordFunctions } from './email-password.functions.js';
import {
  normaliseEmailPasswordOptions,
  type EmailPasswordConfig,
  EMAIL_PASSWORD_CONFIG,
} from './email-password.options.js';
import { NewPasswordCheck } from './new-password-check.js';
import { passwordRulesCheck } from './password-rules-check.js';
import { passwordResetEmail, type PasswordResetEmail } from './password-reset.email.js';

function customResetEmail({ resetPasswordUsingTokenFeature: feature }: EmailPasswordConfig) {
  if (feature.createAndSendCustomEmail === undefined) return undefined;
  return ({ user, passwordResetLink, userContext }: PasswordResetEmail) =>
    feature.createAndSendCustomEmail?.(user, passwordResetLink, userContext);
}

declare module '../recipe.js' {
  interface RecipeIds {
    emailpassword: true;
  }
}

/** Accounts with an email and a password. */
export const EmailPasswordRecipe = builtInRecipe({
  id: 'emailpassword',
  name: 'EmailPasswordRecipe',
  api: EmailPasswordApi,
  functions: EmailPasswordFunctions,
  routes: emailPasswordRoutes,
  config: EMAIL_PASSWORD_CONFIG,
  normalise: normaliseEmailPasswordOptions,
  needs: ['session'],
  firstFactors: ['emailpassword'],
  ports: [EmailPasswordCore, UsersCore],
  messages: [
    { definition: passwordResetEmail, sentBy: ['generatePasswordResetTokenPOST'], replacedBy: customResetEmail },
  ],
  attempts: emailPasswordAttempts,
  providers: [EmailPasswordDevices, NewPasswordCheck, passwordRulesCheck],
});
