import { z } from 'zod';
import { anythingSchema, checkOptions, functionSchema } from '../../core/check-options.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';
import type { UserContext } from '../../http/user-context.js';

/**
 * `REQUIRED`: every guarded route asks for a verified email, unless it says otherwise. `OPTIONAL`: those routes do that
 * name `EmailVerificationClaim.validators.isVerified()`.
 */
export type EmailVerificationMode = 'REQUIRED' | 'OPTIONAL';

export type EmailForRecipeUserId =
  { status: 'OK'; email: string } | { status: 'EMAIL_DOES_NOT_EXIST_ERROR' | 'UNKNOWN_USER_ID_ERROR' };

export interface EmailVerificationOptions {
  mode: EmailVerificationMode;
  /**
   * The email of users whose address the application keeps itself. `UNKNOWN_USER_ID_ERROR` leaves it to the login
   * method; a user without an email counts as verified.
   */
  getEmailForRecipeUserId?(
    recipeUserId: string,
    userContext: UserContext,
  ): EmailForRecipeUserId | Promise<EmailForRecipeUserId>;
  /** Sends this recipe's emails in the place of `EmailDelivery`. */
  createAndSendCustomEmail?(
    user: { id: string; recipeUserId: string; email: string },
    emailVerifyLink: string,
    userContext: UserContext,
  ): void | Promise<void>;
}

/** The options, as `options.config` of an API method holds them. */
export type EmailVerificationConfig = EmailVerificationOptions;

const emailVerificationOptionsSchema = z.strictObject(
  {
    mode: z.enum(['REQUIRED', 'OPTIONAL'], "'REQUIRED' or 'OPTIONAL'"),
    getEmailForRecipeUserId: functionSchema('a function that returns { status, email }').optional(),
    createAndSendCustomEmail: functionSchema('a function that sends the link').optional(),
    override: anythingSchema().optional(),
  },
  "{ mode: 'REQUIRED' | 'OPTIONAL' }",
);

/** @throws {ConfigurationError} */
export function normaliseEmailVerificationOptions(
  input: EmailVerificationOptions,
  _appInfo: NormalisedAppInfo,
): EmailVerificationConfig {
  checkOptions<unknown>('EmailVerificationRecipe.init', emailVerificationOptionsSchema, input);
  return input;
}

/** The token of the normalised options, `EmailVerificationConfig`. */
export const EMAIL_VERIFICATION_CONFIG = Symbol('latchkey.email-verification.config');
