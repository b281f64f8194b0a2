import type { InjectionToken } from '@nestjs/common';
import { EmailVerificationCore } from '../../core/email-verification.core.js';
import { UsersCore } from '../../core/users.core.js';
import type { EmailVerificationEmail } from '../../delivery/email-delivery.js';
import { emailHookProvider } from '../../delivery/email-hook.provider.js';
import {
  initRecipe,
  initRecipeAsync,
  type AsyncRecipeOptions,
  type Recipe,
  type RecipeDefinition,
  type RecipeOverride,
} from '../recipe.js';
import { EmailVerificationApi } from './email-verification.api.js';
import { emailVerificationRoutes } from './email-verification.routes.js';
import { EmailVerificationFunctions } from './email-verification.functions.js';
import {
  normaliseEmailVerificationOptions,
  type EmailVerificationConfig,
  type EmailVerificationOptions,
  EMAIL_VERIFICATION_CONFIG,
} from './email-verification.options.js';
import { EmailVerificationSessions } from './email-verification-sessions.js';

function customEmail(config: EmailVerificationConfig) {
  if (config.createAndSendCustomEmail === undefined) return undefined;
  return ({ user, emailVerifyLink, userContext }: EmailVerificationEmail) =>
    config.createAndSendCustomEmail?.(user, emailVerifyLink, userContext);
}

const definition: RecipeDefinition<
  EmailVerificationApi,
  EmailVerificationFunctions,
  EmailVerificationOptions,
  EmailVerificationConfig
> = {
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
  exports: [],
};

/** Proof that an email belongs to the user, and sessions that know of it. */
export class EmailVerificationRecipe {
  static init(
    options: EmailVerificationOptions & { override?: RecipeOverride<EmailVerificationApi, EmailVerificationFunctions> },
  ): Recipe {
    return initRecipe(definition, options);
  }

  static initAsync(
    options: AsyncRecipeOptions<EmailVerificationApi, EmailVerificationFunctions, EmailVerificationOptions>,
  ): Recipe {
    return initRecipeAsync(definition, options);
  }
}
