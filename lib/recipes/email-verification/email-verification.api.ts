import { Inject, Injectable } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { Core } from '../../core/core.js';
import { normaliseEmail } from '../../core/email-address.js';
import { EmailQueue } from '../../delivery/email-queue.js';
import type { MessageRecipient } from '../../delivery/resend-interval.js';
import type { APIOptions } from '../../http/api-call.js';
import type { UserContext } from '../../http/user-context.js';
import { bestEffort } from '../../http/best-effort.js';
import { generalError, type GeneralErrorResponse } from '../../http/general-error.js';
import { Sessions, UnauthorisedError, type SessionContainer } from '../session/index.js';
import { EmailVerificationClaim } from './email-verification-claim.js';
import {
  EmailVerificationFunctions,
  type VerifyEmailUsingTokenFunctionResult,
  type VerifyEmailUsingTokenInput,
} from './email-verification.functions.js';
import type { EmailVerificationConfig } from './email-verification.options.js';

/** The options that methods of `EmailVerificationApi` receive. */
export type EmailVerificationAPIOptions = APIOptions<EmailVerificationFunctions, EmailVerificationConfig>;

interface EmailVerificationApiInput {
  options: EmailVerificationAPIOptions;
  userContext: UserContext;
}

/** The input of `EmailVerificationApi.generateEmailVerifyTokenPOST`. */
export type GenerateEmailVerifyTokenPOSTInput = EmailVerificationApiInput;
/** The input of `EmailVerificationApi.isEmailVerifiedGET`. */
export type IsEmailVerifiedGETInput = EmailVerificationApiInput;

/** The input of `EmailVerificationApi.verifyEmailPOST`. */
export interface VerifyEmailPOSTInput extends EmailVerificationApiInput {
  token: string;
  tenantId: string;
}

/** `OK` once the email is on its way. */
export type GenerateEmailVerifyTokenPOSTResponse =
  { status: 'OK' } | { status: 'EMAIL_ALREADY_VERIFIED_ERROR' } | GeneralErrorResponse;

/** The answer to a followed link. */
export type VerifyEmailPOSTResponse =
  | {
      status: 'OK';
      user: { recipeUserId: string; email: string };
      /** The user has followed a link for this email before, and nothing has changed by this one. */
      verifiedBefore?: true;
    }
  | { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' }
  | GeneralErrorResponse;

/** Whether the email of the session's user is verified. */
export type IsEmailVerifiedGETResponse = { status: 'OK'; isVerified: boolean } | GeneralErrorResponse;

const SIGN_IN_FIRST =
  'Please sign in to the account that this link belongs to, in this browser, and open the link again.';

/** Rolls the verification back. */
class LinkOfAnotherUser extends Error {
  constructor(readonly user: { recipeUserId: string; email: string }) {
    super('The link belongs to another user');
  }
}

/**
 * What clients ask of the EmailVerification recipe. Override any of it by a subclass. Anyone who has not verified an email
 * yet must get through here, so the requirements on every session do not count.
 */
@Injectable()
export class EmailVerificationApi {
  @Inject(EmailVerificationFunctions) protected readonly emailVerificationFunctions!: EmailVerificationFunctions;
  @Inject(Sessions) protected readonly sessions!: Sessions;
  /** For what is kept together. Everything else of the core is reached through functions. */
  @Inject(Core) protected readonly core!: Pick<Core, 'transaction'>;
  @Inject(AttemptLimits) protected readonly attemptLimits!: AttemptLimits;
  @Inject(EmailQueue) protected readonly emailQueue!: EmailQueue;
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;

  /** `POST /user/email/verify/token`: sends a link to the email of the session's login method. */
  async generateEmailVerifyTokenPOST(
    input: GenerateEmailVerifyTokenPOSTInput,
  ): Promise<GenerateEmailVerifyTokenPOSTResponse> {
    const { userContext } = input;
    const session = await this.sessionOf(input);
    const email = await this.emailOf(session, userContext);
    const isSent = email !== undefined && (await this.sendLink(session, email, input));
    if (!isSent) {
      // Verified in another browser: this session may not know yet.
      await session.fetchAndSetClaim(EmailVerificationClaim, userContext);
      return { status: 'EMAIL_ALREADY_VERIFIED_ERROR' };
    }
    if ((await session.getClaimValue(EmailVerificationClaim, userContext)) !== false) {
      await session.fetchAndSetClaim(EmailVerificationClaim, userContext);
    }
    return { status: 'OK' };
  }

  /**
   * `POST /user/email/verify`: a token from the link. With a session of that login method, the session knows at once. Where the
   * option `linkNeedsSession` is true, any other request leaves the token as it is. A link that its user follows again is `OK`
   * once more.
   */
  async verifyEmailPOST(input: VerifyEmailPOSTInput): Promise<VerifyEmailPOSTResponse> {
    const { token, tenantId, options, userContext } = input;
    const session = await this.sessions.getSession(
      options.req,
      options.res,
      { sessionRequired: false, overrideGlobalClaimValidators: () => [] },
      userContext,
    );
    const recipeUserId = session?.getRecipeUserId();
    const { linkNeedsSession } = options.config;
    if (linkNeedsSession && recipeUserId === undefined) return generalError(SIGN_IN_FIRST);

    const result = await this.verify({ token, tenantId, userContext }, linkNeedsSession ? recipeUserId : undefined);
    if (result.status === 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR') {
      const { verifiedBefore: user } = result;
      if (session === undefined || user === undefined || recipeUserId !== user.recipeUserId) {
        return { status: result.status };
      }
      await this.tell(session, userContext);
      return { status: 'OK', user, verifiedBefore: true };
    }
    if (result.status !== 'OK') return result;
    const recipient = recipientOf(tenantId, result.user);
    await bestEffort('Forgetting an email', () => this.emailQueue.forgetSent('emailVerification', recipient));
    if (session !== undefined && recipeUserId === result.user.recipeUserId) await this.tell(session, userContext);
    return result;
  }

  /** `GET /user/email/verify`: whether the email of the session's login method is verified. */
  async isEmailVerifiedGET(input: IsEmailVerifiedGETInput): Promise<IsEmailVerifiedGETResponse> {
    const { userContext } = input;
    const session = await this.sessionOf(input);
    await this.emailOf(session, userContext);
    // Both ways: the email may have been verified, or changed, in another browser.
    await session.fetchAndSetClaim(EmailVerificationClaim, userContext);
    return { status: 'OK', isVerified: (await session.getClaimValue(EmailVerificationClaim, userContext)) === true };
  }

  /** @param onlyFor the login method without which nothing is verified, and the token goes on working */
  private async verify(
    input: VerifyEmailUsingTokenInput,
    onlyFor: string | undefined,
  ): Promise<VerifyEmailUsingTokenFunctionResult | GeneralErrorResponse> {
    const { emailVerificationFunctions: functions } = this;
    try {
      return await this.core.transaction(async () => {
        const result = await functions.verifyEmailUsingToken(input);
        const isOthers = result.status === 'OK' && onlyFor !== undefined && result.user.recipeUserId !== onlyFor;
        if (isOthers) throw new LinkOfAnotherUser(result.user);
        return result;
      });
    } catch (error) {
      if (!(error instanceof LinkOfAnotherUser)) throw error;
      const user = { ...error.user, userContext: input.userContext };
      // A core without transactions has kept the verification.
      if (await functions.isEmailVerified(user)) await functions.unverifyEmail(user);
      return generalError(SIGN_IN_FIRST);
    }
  }

  private async sessionOf({ options, userContext }: EmailVerificationApiInput): Promise<SessionContainer> {
    const requirements = { overrideGlobalClaimValidators: () => [] };
    const session = await this.sessions.getSession(options.req, options.res, requirements, userContext);
    if (session === undefined) throw new UnauthorisedError();
    return session;
  }

  /**
   * @returns undefined where the user has no email, and so nothing to verify
   * @throws {UnauthorisedError} the user is gone
   */
  private async emailOf(session: SessionContainer, userContext: UserContext): Promise<string | undefined> {
    const recipeUserId = session.getRecipeUserId();
    const found = await this.emailVerificationFunctions.getEmailForRecipeUserId({ recipeUserId, userContext });
    if (found.status === 'UNKNOWN_USER_ID_ERROR') throw new UnauthorisedError('Unknown User ID provided');
    return found.status === 'OK' ? found.email : undefined;
  }

  /** The email is verified, whether or not the session that asked for it has ended meanwhile. */
  private async tell(session: SessionContainer, userContext: UserContext): Promise<void> {
    try {
      await session.fetchAndSetClaim(EmailVerificationClaim, userContext);
    } catch (error) {
      if (!(error instanceof UnauthorisedError)) throw error;
    }
  }

  /** @returns false where the email is verified already */
  private async sendLink(session: SessionContainer, email: string, input: EmailVerificationApiInput): Promise<boolean> {
    const { userContext } = input;
    const [recipeUserId, tenantId] = [session.getRecipeUserId(), session.getTenantId()];
    await this.attemptLimits.count({ action: 'verificationMail', account: recipeUserId, tenantId, userContext });
    const { emailVerificationFunctions: functions } = this;
    const message = { userId: session.getUserId(), recipeUserId, tenantId, email, userContext };
    return this.core.transaction(async () => {
      const isSent = await this.emailQueue.unlessJustSent(
        'emailVerification',
        recipientOf(tenantId, { recipeUserId, email }),
        async () => (await functions.sendEmailVerificationEmail(message)).status === 'OK',
      );
      return isSent ?? !(await functions.isEmailVerified({ recipeUserId, email, userContext }));
    });
  }
}

/** An account with another address gets a link there as well. */
function recipientOf(tenantId: string, user: { recipeUserId: string; email: string }): MessageRecipient {
  return { tenantId, account: `${user.recipeUserId}\0${normaliseEmail(user.email)}` };
}
