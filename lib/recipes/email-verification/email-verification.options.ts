import { z } from 'zod';
import { anythingSchema, checkOptions, functionSchema } from '../../core/check-options.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';
import type { UserContext } from '../../http/user-context.js';

/**
 * `REQUIRED`: every guarded route asks for a verified email, unless it says otherwise. `OPTIONAL`: those routes do that
 * name `EmailVerificationClaim.validators.isVerified()`.
 */
export type EmailVerificationMode = 'REQUIRED' | 'OPTIONAL';

/** The email address of a login method, or why there is none. */
export type EmailForRecipeUserId =
  { status: 'OK'; email: string } | { status: 'EMAIL_DOES_NOT_EXIST_ERROR' | 'UNKNOWN_USER_ID_ERROR' };

/** The options of `EmailVerificationRecipe.init`. */
export interface EmailVerificationOptions {
  /** Whether every guarded route asks for a verified email. */
  mode: EmailVerificationMode;
  /**
   * Whether a link verifies only for its own user's session. Otherwise the owner of an address who follows a link that somebody
   * else asked for verifies that person's account. Without the session the answer asks to sign in, and the link goes on
   * working. @default true where `mode` is `REQUIRED`
   */
  linkNeedsSession?: boolean;
  /**
   * The email of users whose address the application keeps itself. `UNKNOWN_USER_ID_ERROR` leaves it to the login
   * method; a user without an email counts as verified.
   */
  getEmailForRecipeUserId?(
    recipeUserId: string,
    userContext: UserContext,
  ): EmailForRecipeUserId | Promise<EmailForRecipeUserId>;
  /** Sends this recipe's emails instead of `EmailDelivery`. */
  createAndSendCustomEmail?(
    user: { id: string; recipeUserId: string; email: string },
    emailVerifyLink: string,
    userContext: UserContext,
  ): void | Promise<void>;
}

/** The options, as `options.config` of an API method holds them. */
export type EmailVerificationConfig = EmailVerificationOptions &
  Required<Pick<EmailVerificationOptions, 'linkNeedsSession'>>;

const emailVerificationOptionsSchema = z.strictObject(
  {
    mode: z.enum(['REQUIRED', 'OPTIONAL'], "'REQUIRED' or 'OPTIONAL'"),
    linkNeedsSession: z.boolean('true or false').optional(),
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
  return { ...input, linkNeedsSession: input.linkNeedsSession ?? input.mode === 'REQUIRED' };
}

/** The token of the normalised options, `EmailVerificationConfig`. */
export const EMAIL_VERIFICATION_CONFIG = Symbol('latchkey.email-verification.config');
