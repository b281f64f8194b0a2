import { EmailVerificationCore } from '../../core/email-verification.core.js';
import { UserIdMappingCore } from '../../core/user-id-mapping.core.js';
import { UsersCore } from '../../core/users.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { EmailVerificationApi } from './email-verification.api.js';
import { emailVerificationAttempts } from './email-verification.attempts.js';
import { emailVerificationRoutes } from './email-verification.routes.js';
import { EmailVerificationFunctions } from './email-verification.functions.js';
import {
  normaliseEmailVerificationOptions,
  type EmailVerificationConfig,
  EMAIL_VERIFICATION_CONFIG,
} from './email-verification.options.js';
import { EmailVerificationClaim } from './email-verification-claim.js';
import { emailVerificationRequirement } from './email-verification-requirement.js';
import { EmailVerificationSource } from './email-verification-source.js';
import { emailVerificationEmail, type EmailVerificationEmail } from './email-verification.email.js';

function customEmail(config: EmailVerificationConfig) {
  if (config.createAndSendCustomEmail === undefined) return undefined;
  return ({ user, emailVerifyLink, userContext }: EmailVerificationEmail) =>
    config.createAndSendCustomEmail?.(user, emailVerifyLink, userContext);
}

declare module '../recipe.js' {
  interface RecipeIds {
    emailverification: true;
  }
}

/** Proof that an email belongs to the user, and sessions that know of it. */
export const EmailVerificationRecipe = builtInRecipe({
  id: 'emailverification',
  name: 'EmailVerificationRecipe',
  api: EmailVerificationApi,
  functions: EmailVerificationFunctions,
  routes: emailVerificationRoutes,
  config: EMAIL_VERIFICATION_CONFIG,
  normalise: normaliseEmailVerificationOptions,
  needs: ['session'],
  ports: [EmailVerificationCore, UsersCore, UserIdMappingCore],
  messages: [{ definition: emailVerificationEmail, sentBy: ['generateEmailVerifyTokenPOST'], replacedBy: customEmail }],
  providers: [EmailVerificationSource],
  claims: [{ claim: EmailVerificationClaim, facts: ['email', 'emailVerification'], source: EmailVerificationSource }],
  requirements: [emailVerificationRequirement],
  attempts: emailVerificationAttempts,
});
