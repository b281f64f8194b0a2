import type { InjectionToken } from '@nestjs/common';
import { EmailVerificationCore } from '../../core/email-verification.core.js';
import { UsersCore } from '../../core/users.core.js';
import type { EmailVerificationEmail } from '../../delivery/email-delivery.js';
import { emailHookProvider } from '../../delivery/email-hook.provider.js';
import { defineRecipe } from '../define-recipe.js';
import { EmailVerificationApi } from './email-verification.api.js';
import { emailVerificationRoutes } from './email-verification.routes.js';
import { EmailVerificationFunctions } from './email-verification.functions.js';
import {
  normaliseEmailVerificationOptions,
  type EmailVerificationConfig,
  EMAIL_VERIFICATION_CONFIG,
} from './email-verification.options.js';
import { EmailVerificationSessions } from './email-verification-sessions.js';

function customEmail(config: EmailVerificationConfig) {
  if (config.createAndSendCustomEmail === undefined) return undefined;
  return ({ user, emailVerifyLink, userContext }: EmailVerificationEmail) =>
    config.createAndSendCustomEmail?.(user, emailVerifyLink, userContext);
}

/** Proof that an email belongs to the user, and sessions that know of it. */
export const EmailVerificationRecipe = defineRecipe({
  id: 'emailverification',
  name: 'EmailVerificationRecipe',
  api: EmailVerificationApi,
  functions: EmailVerificationFunctions,
  routes: emailVerificationRoutes,
  config: EMAIL_VERIFICATION_CONFIG,
  normalise: normaliseEmailVerificationOptions,
  needs: ['session'],
  ports: [EmailVerificationCore, UsersCore],
  sendsEmailBy: 'generateEmailVerifyTokenPOST',
  emailKind: 'emailVerification',
  providers: [
    EmailVerificationSessions,
    emailHookProvider(
      'emailVerification',
      EMAIL_VERIFICATION_CONFIG as InjectionToken<EmailVerificationConfig>,
      customEmail,
    ),
  ],
});
