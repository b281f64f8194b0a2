import { Inject, Injectable } from '@nestjs/common';
import { Core, PUBLIC_TENANT_ID } from '../../core/core.js';
import { EmailVerificationCore, type CreateEmailVerificationTokenResult } from '../../core/email-verification.core.js';
import { Facts } from '../../core/facts.js';
import { UserIdMappingCore } from '../../core/user-id-mapping.core.js';
import { UsersCore, type LoginMethod } from '../../core/users.core.js';
import { LateEmailQueue } from '../../delivery/late-email-queue.js';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { getRequestFromUserContext, type UserContext } from '../../http/user-context.js';
import { VERIFY_EMAIL_PAGE } from './email-verification.email.js';
import {
  type EmailForRecipeUserId,
  type EmailVerificationConfig,
  EMAIL_VERIFICATION_CONFIG,
} from './email-verification.options.js';

interface WithTenant {
  /** @default 'public' */
  tenantId?: string;
  userContext?: UserContext;
}

/** A login method and one of the emails it has, had or will have. */
interface WithEmail {
  recipeUserId: string;
  email: string;
}

/** The input of `EmailVerificationFunctions.createEmailVerificationToken`. */
export type CreateEmailVerificationTokenInput = WithEmail & WithTenant;
/** The input of `EmailVerificationFunctions.revokeEmailVerificationTokens`. */
export type RevokeEmailVerificationTokensInput = WithEmail & WithTenant;

/** The input of `EmailVerificationFunctions.createEmailVerificationLink`. */
export interface EmailVerificationLinkInput extends WithTenant {
  recipeUserId: string;
  /** @default the email of the login method, as `getEmailForRecipeUserId` says */
  email?: string;
}

/** The input of `EmailVerificationFunctions.sendEmailVerificationEmail`. */
export interface SendEmailVerificationEmailInput extends EmailVerificationLinkInput {
  /** Whom the email tells of. @default the user that the login method belongs to */
  userId?: string;
}

type EmailToVerify =
  { status: 'OK'; email: string } | { status: 'EMAIL_ALREADY_VERIFIED_ERROR' | 'UNKNOWN_USER_ID_ERROR' };

/** A link, or why none was made. Without an email nothing is left to be verified. */
export type CreateEmailVerificationLinkResult =
  | {
      status: 'OK';
      link: string;
      /** Milliseconds since the Unix epoch; where the core tells. */
      expiresAtMs?: number;
    }
  | { status: 'EMAIL_ALREADY_VERIFIED_ERROR' | 'UNKNOWN_USER_ID_ERROR' };

/** `OK` once the email is kept, to be sent after the commit. */
export type SendEmailVerificationEmailResult = {
  status: 'OK' | 'EMAIL_ALREADY_VERIFIED_ERROR' | 'UNKNOWN_USER_ID_ERROR';
};

/** The input of `EmailVerificationFunctions.verifyEmailUsingToken`. */
export interface VerifyEmailUsingTokenInput extends WithTenant {
  token: string;
}

/** The input of `EmailVerificationFunctions.isEmailVerified`. */
export interface IsEmailVerifiedInput extends WithEmail {
  userContext?: UserContext;
}

/** The input of `EmailVerificationFunctions.unverifyEmail`. */
export interface UnverifyEmailInput extends RecipeUserInput {
  /** @default the email of the login method, as `getEmailForRecipeUserId` says */
  email?: string;
}

/** A login method, by its id. */
export interface RecipeUserInput {
  recipeUserId: string;
  userContext?: UserContext;
}

/** The outcome of `EmailVerificationFunctions.verifyEmailUsingToken`. */
export type VerifyEmailUsingTokenFunctionResult =
  | { status: 'OK'; user: { recipeUserId: string; email: string } }
  | {
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR';
      /** The token was good, and this email is verified: its link was followed again, or an older one for the email. */
      verifiedBefore?: { recipeUserId: string; email: string };
    };

/** What the EmailVerification recipe can do, without a request. Override any of it by a subclass. */
@Injectable()
export class EmailVerificationFunctions {
  @Inject(Core) protected readonly core!: Core;
  @Inject(EmailVerificationCore) protected readonly emailVerificationCore!: EmailVerificationCore;
  @Inject(UsersCore) protected readonly usersCore!: UsersCore;
  @Inject(UserIdMappingCore) protected readonly userIdMappingCore!: UserIdMappingCore;
  @Inject(EMAIL_VERIFICATION_CONFIG) protected readonly emailVerificationConfig!: EmailVerificationConfig;
  @Inject(Facts) protected readonly facts!: Facts;
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;
  @Inject(LateEmailQueue) private readonly lateEmailQueue!: LateEmailQueue;

  /** @returns a token that works once and expires */
  async createEmailVerificationToken(
    input: CreateEmailVerificationTokenInput,
  ): Promise<CreateEmailVerificationTokenResult> {
    const { tenantId = PUBLIC_TENANT_ID, recipeUserId, email } = input;
    return this.emailVerificationCore.createEmailVerificationToken({ tenantId, recipeUserId, email });
  }

  /**
   * A link that verifies the email, with a token of `createEmailVerificationToken`. Anybody who has it can prove to be the owner
   * of the address.
   */
  async createEmailVerificationLink(input: EmailVerificationLinkInput): Promise<CreateEmailVerificationLinkResult> {
    const { tenantId = PUBLIC_TENANT_ID, recipeUserId, userContext = {} } = input;
    const found = await this.emailToVerify(input);
    if (found.status !== 'OK') return found;
    const { email } = found;
    const result = await this.createEmailVerificationToken({ tenantId, recipeUserId, email, userContext });
    if (result.status !== 'OK') return result;
    const { token, expiresAtMs } = result;
    const request = getRequestFromUserContext(userContext);
    const link = VERIFY_EMAIL_PAGE.link(this.authConfig.appInfo, { token, tenantId }, request, userContext);
    return { status: 'OK', link, expiresAtMs };
  }

  /**
   * Sends such a link to the email, each time it is called: for administrators and jobs. How soon a client may ask for another one
   * is not its concern.
   */
  async sendEmailVerificationEmail(input: SendEmailVerificationEmailInput): Promise<SendEmailVerificationEmailResult> {
    const { tenantId = PUBLIC_TENANT_ID, recipeUserId, userContext = {} } = input;
    const found = await this.emailToVerify(input);
    if (found.status !== 'OK') return found;
    const { email } = found;
    const id = input.userId ?? (await this.usersCore.getUser(recipeUserId))?.id ?? recipeUserId;
    return this.core.transaction(async () => {
      const created = await this.createEmailVerificationLink({ tenantId, recipeUserId, email, userContext });
      if (created.status !== 'OK') return created;
      const { link: emailVerifyLink, expiresAtMs } = created;
      const user = { id, recipeUserId, email };
      const message = { user, emailVerifyLink, tenantId, expiresAtMs };
      await this.lateEmailQueue.send('emailVerification', message, userContext);
      return { status: 'OK' };
    });
  }

  /** Spends the token, and every other one of that login method and email. */
  async verifyEmailUsingToken(input: VerifyEmailUsingTokenInput): Promise<VerifyEmailUsingTokenFunctionResult> {
    const { tenantId = PUBLIC_TENANT_ID, token } = input;
    const result = await this.emailVerificationCore.verifyEmailUsingToken({ tenantId, token });
    if (result.status !== 'OK') {
      const verifiedBefore = await this.emailVerificationCore.findVerifiedByToken({ tenantId, token });
      return verifiedBefore === undefined ? result : { ...result, verifiedBefore };
    }
    const { recipeUserId, email } = result;
    return { status: 'OK', user: { recipeUserId, email } };
  }

  /** Whether this login method has proved that it receives emails at `email`. */
  async isEmailVerified({ recipeUserId, email }: IsEmailVerifiedInput): Promise<boolean> {
    return this.emailVerificationCore.isEmailVerified({ recipeUserId, email });
  }

  /** Makes every link for this address useless. */
  async revokeEmailVerificationTokens(input: RevokeEmailVerificationTokensInput): Promise<{ status: 'OK' }> {
    const { tenantId = PUBLIC_TENANT_ID, recipeUserId, email } = input;
    return this.emailVerificationCore.revokeEmailVerificationTokens({ tenantId, recipeUserId, email });
  }

  /** The user's sessions see it from their next refresh on. Also OK where there is no email that could be verified. */
  async unverifyEmail(input: UnverifyEmailInput): Promise<{ status: 'OK' }> {
    const { recipeUserId } = input;
    const email = input.email ?? (await this.emailOf(input));
    return email === undefined ? { status: 'OK' } : this.emailVerificationCore.unverifyEmail({ recipeUserId, email });
  }

  /** The email to be verified: what the application says, or that of the login method. */
  async getEmailForRecipeUserId({ recipeUserId, userContext = {} }: RecipeUserInput): Promise<EmailForRecipeUserId> {
    const answer = await this.emailVerificationConfig.getEmailForRecipeUserId?.(recipeUserId, userContext);
    if (answer !== undefined && answer.status !== 'UNKNOWN_USER_ID_ERROR') return answer;

    const method = await this.loginMethodOf(recipeUserId);
    if (method === undefined) return { status: 'UNKNOWN_USER_ID_ERROR' };
    return method.email === undefined
      ? { status: 'EMAIL_DOES_NOT_EXIST_ERROR' }
      : { status: 'OK', email: method.email };
  }

  /**
   * Writes what is known now into every session of the login method, to be seen from its next refresh on. To be called
   * after `isEmailVerified` or `getEmailForRecipeUserId` answers differently by what the application knows; what the
   * recipes change, they announce.
   */
  async updateClaimOfSessions({ recipeUserId }: RecipeUserInput): Promise<void> {
    await this.facts.announce({ fact: 'emailVerification', recipeUserId });
  }

  private async emailToVerify({
    email,
    recipeUserId,
    userContext,
  }: EmailVerificationLinkInput): Promise<EmailToVerify> {
    if (email !== undefined) return { status: 'OK', email };
    const found = await this.getEmailForRecipeUserId({ recipeUserId, userContext });
    if (found.status === 'OK') return found;
    // Without an email, nothing is left to be verified.
    const isKnown = found.status === 'EMAIL_DOES_NOT_EXIST_ERROR';
    return { status: isKnown ? 'EMAIL_ALREADY_VERIFIED_ERROR' : 'UNKNOWN_USER_ID_ERROR' };
  }

  private async emailOf({ recipeUserId, userContext }: RecipeUserInput): Promise<string | undefined> {
    const found = await this.getEmailForRecipeUserId({ recipeUserId, userContext });
    return found.status === 'OK' ? found.email : undefined;
  }

  private async loginMethodOf(recipeUserId: string): Promise<LoginMethod | undefined> {
    const user = await this.usersCore.getUser(recipeUserId);
    const find = (id: string) => user?.loginMethods.find((each) => each.recipeUserId === id);
    const found = find(recipeUserId);
    if (found !== undefined || user === undefined) return found;
    // The session is older than a mapping of its id to one of another system.
    const mapping = await this.userIdMappingCore.get({ userId: recipeUserId, userIdType: 'SUPERTOKENS' });
    return mapping.status === 'OK' ? find(mapping.externalUserId) : undefined;
  }
}
