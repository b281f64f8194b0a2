import { Inject, Injectable, Optional } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { Core } from '../../core/core.js';
import type { User } from '../../core/users.core.js';
import { EmailQueue } from '../../delivery/email-queue.js';
import type { APIOptions } from '../../http/api-call.js';
import { bestEffort } from '../../http/best-effort.js';
import type { UserContext } from '../../http/user-context.js';
import type { GeneralErrorResponse } from '../../http/general-error.js';
import { EmailVerificationFunctions } from '../email-verification/index.js';
import { Sessions, type SessionContainer } from '../session/index.js';
import { EmailPasswordDevices } from './email-password-devices.js';
import { EmailPasswordFunctions } from './email-password.functions.js';
import type { EmailPasswordConfig } from './email-password.options.js';
import { RESET_PASSWORD_PAGE } from './password-reset.email.js';
import { unlessRefused } from '../unless-refused.js';
import { fieldValue, type FieldErrorResponse, type FormFieldValue } from './form-fields.js';

/** The options that methods of `EmailPasswordApi` receive. */
export type EmailPasswordAPIOptions = APIOptions<EmailPasswordFunctions, EmailPasswordConfig>;

interface EmailPasswordApiInput {
  tenantId: string;
  options: EmailPasswordAPIOptions;
  userContext: UserContext;
}

/** The input of `EmailPasswordApi.emailExistsGET`. */
export interface EmailExistsGETInput extends EmailPasswordApiInput {
  email: string;
}

/** The fields have passed their validators; the email is trimmed and lower-cased. */
export interface FormFieldsInput extends EmailPasswordApiInput {
  formFields: FormFieldValue[];
}

/** The input of `EmailPasswordApi.signUpPOST`. */
export type SignUpPOSTInput = FormFieldsInput;
/** The input of `EmailPasswordApi.signInPOST`. */
export type SignInPOSTInput = FormFieldsInput;
/** The input of `EmailPasswordApi.generatePasswordResetTokenPOST`. */
export type GeneratePasswordResetTokenPOSTInput = FormFieldsInput;

/** The input of `EmailPasswordApi.passwordResetPOST`. */
export interface PasswordResetPOSTInput extends FormFieldsInput {
  /** From the link, as it was sent. */
  token: string;
}

/** Whether an account with this email exists. */
export type EmailExistsGETResponse = { status: 'OK'; exists: boolean } | GeneralErrorResponse;

/** The answer to a sign-up; with `OK` the session is on its way to the client. */
export type SignUpPOSTResponse =
  | { status: 'OK'; user: User; session?: SessionContainer }
  | { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
  | { status: 'SIGN_UP_NOT_ALLOWED'; reason: string }
  | FieldErrorResponse
  | GeneralErrorResponse;

/** The answer to a sign-in; with `OK` the session is on its way to the client. */
export type SignInPOSTResponse =
  | { status: 'OK'; user: User; session?: SessionContainer }
  | { status: 'WRONG_CREDENTIALS_ERROR' }
  | { status: 'SIGN_IN_NOT_ALLOWED'; reason: string }
  | FieldErrorResponse
  | GeneralErrorResponse;

/** `OK` whether or not the account exists. */
export type GeneratePasswordResetTokenPOSTResponse =
  | { status: 'OK' }
  | { status: 'PASSWORD_RESET_NOT_ALLOWED'; reason: string }
  | FieldErrorResponse
  | GeneralErrorResponse;

/** The answer to a new password. */
export type PasswordResetPOSTResponse =
  | { status: 'OK'; user?: User; email?: string }
  | { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' }
  | FieldErrorResponse
  | GeneralErrorResponse;

/** Whose password was right, or is new. */
interface VerifiedUser {
  user: User;
  recipeUserId: string;
  credentialsVersion?: string;
}

/** What clients ask of the EmailPassword recipe. Override any of it by a subclass. */
@Injectable()
export class EmailPasswordApi {
  @Inject(EmailPasswordFunctions) protected readonly emailPasswordFunctions!: EmailPasswordFunctions;
  @Inject(Sessions) protected readonly sessions!: Sessions;
  /** For what is kept together. Everything else of the core is reached through functions. */
  @Inject(Core) protected readonly core!: Pick<Core, 'transaction'>;
  @Inject(EmailPasswordDevices) protected readonly emailPasswordDevices!: EmailPasswordDevices;
  @Inject(EmailQueue) protected readonly emailQueue!: EmailQueue;
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;
  @Optional()
  @Inject(EmailVerificationFunctions)
  protected readonly emailVerificationFunctions?: EmailVerificationFunctions;

  /** `GET /emailpassword/email/exists`: whether sign-up with that email would fail. */
  async emailExistsGET({ email, tenantId, userContext }: EmailExistsGETInput): Promise<EmailExistsGETResponse> {
    const user = await this.emailPasswordFunctions.getUserByEmail({ email, tenantId, userContext });
    return { status: 'OK', exists: user !== undefined };
  }

  /** `POST /signup`: a new user, signed in. */
  async signUpPOST({ formFields, tenantId, options, userContext }: SignUpPOSTInput): Promise<SignUpPOSTResponse> {
    const [email, password] = [fieldValue(formFields, 'email'), fieldValue(formFields, 'password')];
    const result = await this.emailPasswordFunctions.signUp({ email, password, tenantId, userContext });
    if (result.status !== 'OK') return result;
    const session = await this.signInUser(result, { formFields, tenantId, options, userContext });
    if (session !== undefined) return { status: 'OK', user: result.user, session };
    return { status: 'SIGN_UP_NOT_ALLOWED', reason: 'The account was changed or removed meanwhile.' };
  }

  /** `POST /signin`: a new session for the right credentials. */
  async signInPOST({ formFields, tenantId, options, userContext }: SignInPOSTInput): Promise<SignInPOSTResponse> {
    const [email, password] = [fieldValue(formFields, 'email'), fieldValue(formFields, 'password')];
    const result = await this.emailPasswordFunctions.signIn({ email, password, tenantId, userContext });
    if (result.status !== 'OK') return result;
    const session = await this.signInUser(result, { formFields, tenantId, options, userContext });
    return session === undefined ? { status: 'WRONG_CREDENTIALS_ERROR' } : { status: 'OK', user: result.user, session };
  }

  /**
   * `POST /user/password/reset/token`: sends a link, and answers the same where there is no such account. That takes the
   * same steps, functions included, up to an email that nobody gets, so that the time tells nothing either. Of requests within
   * `resendIntervalSeconds` only the first sends one.
   */
  async generatePasswordResetTokenPOST(
    input: GeneratePasswordResetTokenPOSTInput,
  ): Promise<GeneratePasswordResetTokenPOSTResponse> {
    const { formFields, tenantId, userContext } = input;
    const email = fieldValue(formFields, 'email');
    // An unknown tenant is reported by this.
    const user = await this.emailPasswordFunctions.getUserByEmail({ email, tenantId, userContext });
    const method = user?.loginMethods.find((each) => each.recipeId === 'emailpassword' && each.email === email);
    const recipeUserId = method?.recipeUserId ?? randomUUID();
    const receiver = { id: user?.id ?? recipeUserId, recipeUserId, email };

    await this.core.transaction(() =>
      this.emailQueue.unlessJustSent('passwordReset', { tenantId, account: email }, async () => {
        await this.sendResetLink(receiver, input);
        return true;
      }),
    );
    return { status: 'OK' };
  }

  /** `POST /user/password/reset`: a new password for a token from the link, which also verifies the email. */
  async passwordResetPOST(input: PasswordResetPOSTInput): Promise<PasswordResetPOSTResponse> {
    const { formFields, token, tenantId, userContext } = input;
    const newPassword = fieldValue(formFields, 'password');
    const result = await this.emailPasswordFunctions.resetPasswordUsingToken({
      token,
      newPassword,
      tenantId,
      userContext,
    });
    if (result.status !== 'OK') return result;
    const recipient = { tenantId, account: result.email };
    await bestEffort('Forgetting an email', () => this.emailQueue.forgetSent('passwordReset', recipient));
    // The token came by email, so anyone who has it reads that email.
    await this.markEmailVerified(result.recipeUserId, result.email, input);
    const user = await this.emailPasswordFunctions.getUserById({ userId: result.userId, userContext });
    return { status: 'OK', user, email: result.email };
  }

  private async sendResetLink(
    user: { id: string; recipeUserId: string; email: string },
    input: GeneratePasswordResetTokenPOSTInput,
  ): Promise<void> {
    const { tenantId, userContext } = input;
    const tokenInput = { userId: user.recipeUserId, email: user.email, tenantId, userContext };
    const result = await this.emailPasswordFunctions.createResetPasswordToken(tokenInput);
    const isKnown = result.status === 'OK';
    const message = {
      user,
      passwordResetLink: this.passwordResetLink(isKnown ? result.token : randomToken(), input),
      tenantId,
      expiresAtMs: isKnown ? result.expiresAtMs : undefined,
    };
    if (isKnown) await this.emailQueue.send('passwordReset', message, userContext);
    else await this.emailQueue.pretend('passwordReset', message, userContext);
  }

  /** @returns undefined where the account is gone, or its password another one, by now */
  private async signInUser(verified: VerifiedUser, input: FormFieldsInput): Promise<SessionContainer | undefined> {
    const session = await this.createSession(verified, input);
    if (session === undefined) return undefined;
    const { formFields, tenantId, options, userContext } = input;
    const { recipeUserId, credentialsVersion } = verified;
    const signedIn = {
      tenantId,
      email: fieldValue(formFields, 'email'),
      recipeUserId,
      credentialsVersion,
      userContext,
    };
    await this.emailPasswordDevices.remember(options.req, options.res, signedIn);
    return session;
  }

  private async createSession(
    { user, recipeUserId, credentialsVersion }: VerifiedUser,
    { tenantId, options, userContext }: EmailPasswordApiInput,
  ): Promise<SessionContainer | undefined> {
    const holder = { userId: user.id, recipeUserId, tenantId, credentialsVersion, userContext };
    const session = await unlessRefused(this.sessions.createNewSession(options.req, options.res, holder));
    if (session === undefined || credentialsVersion === undefined) return session;
    const verified = { recipeUserId, credentialsVersion, userContext };
    if (await this.emailPasswordFunctions.areCredentialsCurrent(verified)) return session;
    // A reset that came between the two has ended every session but this one.
    await session.revokeSession(userContext);
    return undefined;
  }

  private async markEmailVerified(
    recipeUserId: string,
    email: string,
    { tenantId, userContext }: EmailPasswordApiInput,
  ): Promise<void> {
    const functions = this.emailVerificationFunctions;
    const input = { recipeUserId, email, tenantId, userContext };
    const created = await functions?.createEmailVerificationToken(input);
    if (created?.status !== 'OK') return;
    await functions?.verifyEmailUsingToken({ token: created.token, tenantId, userContext });
  }

  private passwordResetLink(token: string, { tenantId, options, userContext }: EmailPasswordApiInput): string {
    return RESET_PASSWORD_PAGE.link(this.authConfig.appInfo, { token, tenantId }, options.req, userContext);
  }
}

/** As long as those that work. */
function randomToken(): string {
  return randomBytes(48).toString('base64url');
}
