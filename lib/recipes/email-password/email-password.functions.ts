import { Inject, Injectable } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import { Core, PUBLIC_TENANT_ID } from '../../core/core.js';
import {
  EmailPasswordCore,
  type ConsumePasswordResetTokenResult,
  type CreateResetPasswordTokenResult,
  type ResetPasswordUsingTokenResult,
  type SignInResult,
  type SignUpResult,
} from '../../core/email-password.core.js';
import { normaliseEmail } from '../../core/email-address.js';
import { hasLoginMethod, UsersCore, type User } from '../../core/users.core.js';
import { LateEmailQueue } from '../../delivery/late-email-queue.js';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { bestEffort } from '../../http/best-effort.js';
import { hasHungUp } from '../../http/hung-up.js';
import { getRequestFromUserContext } from '../../http/user-context.js';
import { SessionFunctions } from '../session/index.js';
import type * as Types from './email-password.functions.types.js';
import { type EmailPasswordConfig, EMAIL_PASSWORD_CONFIG } from './email-password.options.js';
import { NewPasswordCheck, type PasswordOfAccount } from './new-password-check.js';
import { RESET_PASSWORD_PAGE } from './password-reset.email.js';

/** What the EmailPassword recipe can do, without a request. Override any of it by a subclass. */
@Injectable()
export class EmailPasswordFunctions {
  @Inject(Core) protected readonly core!: Core;
  @Inject(EmailPasswordCore) protected readonly emailPasswordCore!: EmailPasswordCore;
  @Inject(UsersCore) protected readonly usersCore!: UsersCore;
  @Inject(EMAIL_PASSWORD_CONFIG) protected readonly emailPasswordConfig!: EmailPasswordConfig;
  @Inject(SessionFunctions) protected readonly sessionFunctions!: SessionFunctions;
  @Inject(AttemptLimits) protected readonly attemptLimits!: AttemptLimits;
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;
  @Inject(LateEmailQueue) private readonly lateEmailQueue!: LateEmailQueue;
  @Inject(NewPasswordCheck) private readonly newPasswordCheck!: NewPasswordCheck;

  /**
   * Creates a user, by `createNewRecipeUser`. Whether email and password are good ones was asked before, by the API.
   */
  async signUp(input: Types.SignUpInput): Promise<SignUpResult> {
    return this.createNewRecipeUser(input);
  }

  /** Creates a user, for application code that signs nobody in. Sign-ups come here too. */
  async createNewRecipeUser(input: Types.SignUpInput): Promise<SignUpResult> {
    const { tenantId = PUBLIC_TENANT_ID, email, password, userContext } = input;
    const isAbandoned = () => hasHungUp(userContext);
    return this.emailPasswordCore.signUp({ tenantId, email, password, isAbandoned });
  }

  /** Checks credentials, by `verifyCredentials`. */
  async signIn(input: Types.SignInInput): Promise<SignInResult> {
    return this.verifyCredentials(input);
  }

  /**
   * Checks credentials, for application code that signs nobody in, such as before a payment. Sign-ins come here too. Takes as long,
   * and answers the same, for an unknown email as for a wrong password. It counts no attempts: call `AttemptLimits` before it.
   */
  async verifyCredentials(input: Types.SignInInput): Promise<SignInResult> {
    const { tenantId = PUBLIC_TENANT_ID, email, password, userContext } = input;
    const isAbandoned = () => hasHungUp(userContext);
    return this.emailPasswordCore.signIn({ tenantId, email, password, isAbandoned });
  }

  /** Whether the password that `signIn` verified still is the user's: to be asked once a session is stored. */
  async areCredentialsCurrent({
    recipeUserId,
    credentialsVersion,
  }: Types.AreCredentialsCurrentInput): Promise<boolean> {
    return this.emailPasswordCore.areCredentialsCurrent({ recipeUserId, credentialsVersion });
  }

  /** Finds a user by its id or by the id of one of its login methods. */
  async getUserById({ userId }: Types.GetUserByIdInput): Promise<User | undefined> {
    return this.usersCore.getUser(userId);
  }

  /** @returns the user who signs in with that email and a password; others with the same email are not meant */
  async getUserByEmail({ tenantId = PUBLIC_TENANT_ID, email }: Types.GetUserByEmailInput): Promise<User | undefined> {
    const users = await this.usersCore.listUsersByAccountInfo({ tenantId, accountInfo: { email } });
    return users.find((user) => hasLoginMethod(user, { recipeId: 'emailpassword', email, tenantId }));
  }

  /** @returns a token that works once and expires */
  async createResetPasswordToken(input: Types.CreateResetPasswordTokenInput): Promise<CreateResetPasswordTokenResult> {
    const { tenantId = PUBLIC_TENANT_ID, userId, email } = input;
    return this.emailPasswordCore.createResetPasswordToken({ tenantId, userId, email });
  }

  /**
   * A link to the page where a new password is chosen, with a token of `createResetPasswordToken`. Anybody who has it can take
   * the account over.
   */
  async createResetPasswordLink(
    input: Types.CreateResetPasswordTokenInput,
  ): Promise<Types.CreateResetPasswordLinkResult> {
    const { tenantId = PUBLIC_TENANT_ID, userContext = {} } = input;
    const result = await this.createResetPasswordToken(input);
    if (result.status !== 'OK') return result;
    const { token, expiresAtMs } = result;
    const request = getRequestFromUserContext(userContext);
    const link = RESET_PASSWORD_PAGE.link(this.authConfig.appInfo, { token, tenantId }, request, userContext);
    return { status: 'OK', link, expiresAtMs };
  }

  /**
   * Sends such a link to the user, each time it is called: for administrators and jobs. It tells whether there is such a user, as
   * the route for clients does not.
   */
  async sendResetPasswordEmail(
    input: Types.CreateResetPasswordTokenInput,
  ): Promise<Types.SendResetPasswordEmailResult> {
    const { tenantId = PUBLIC_TENANT_ID, userId, userContext = {} } = input;
    const email = normaliseEmail(input.email);
    const user = await this.getUserById({ userId, userContext });
    const method = user?.loginMethods.find((each) => each.recipeId === 'emailpassword' && each.email === email);
    if (user === undefined || method === undefined) return { status: 'UNKNOWN_USER_ID_ERROR' };
    const receiver = { id: user.id, recipeUserId: method.recipeUserId, email };
    return this.core.transaction(async () => {
      const created = await this.createResetPasswordLink({ tenantId, userId, email, userContext });
      if (created.status !== 'OK') return created;
      const { link: passwordResetLink, expiresAtMs } = created;
      await this.lateEmailQueue.send(
        'passwordReset',
        { user: receiver, passwordResetLink, tenantId, expiresAtMs },
        userContext,
      );
      return { status: 'OK' };
    });
  }

  /**
   * Spends a token of a password reset, and every other one of that login method, and leaves the password as it is: for application
   * code that sets it by `updateEmailOrPassword`. Nobody's sessions end by this.
   */
  async consumePasswordResetToken(
    input: Types.ConsumePasswordResetTokenInput,
  ): Promise<ConsumePasswordResetTokenResult> {
    const { tenantId = PUBLIC_TENANT_ID, token } = input;
    return this.emailPasswordCore.consumePasswordResetToken({ tenantId, token });
  }

  /**
   * Judges a new password by `PasswordRules`, before it is hashed.
   * @returns what is wrong, in words for the user, or undefined
   */
  async checkNewPassword(input: Types.CheckNewPasswordInput): Promise<string | undefined> {
    const { tenantId = PUBLIC_TENANT_ID, userContext = {} } = input;
    return this.newPasswordCheck.check({ ...input, tenantId, userContext });
  }

  /** Sets a new password and ends every session of the user: anyone else who was signed in is signed out. */
  async resetPasswordUsingToken(input: Types.ResetPasswordUsingTokenInput): Promise<ResetPasswordUsingTokenResult> {
    const { tenantId = PUBLIC_TENANT_ID, token, newPassword, userContext } = input;
    const isAbandoned = () => hasHungUp(userContext);
    const newOne = { password: newPassword, tenantId, userContext: userContext ?? {} };
    const historyLength = await this.newPasswordCheck.historyLength(newOne);
    const outcome = await this.core.transaction(async () => {
      const reset = { tenantId, token, newPassword, historyLength, isAbandoned };
      const result = await this.emailPasswordCore.resetPasswordUsingToken(reset);
      if (result.status === 'OK') {
        await this.sessionFunctions.revokeAllSessionsForUser({ userId: result.userId, userContext });
      }
      return result;
    });
    // What was guessed before was another password.
    if (outcome.status === 'OK') await this.forgetAttempts(outcome.userId);
    return outcome;
  }

  /**
   * Sessions go on, unless `revokeSessions` ends them. A new email is unverified, unless this user has verified it
   * before; sessions see that from their next refresh on.
   */
  async updateEmailOrPassword(
    input: Types.UpdateEmailOrPasswordInput,
  ): Promise<Types.UpdateEmailOrPasswordFunctionResult> {
    const { recipeUserId, email, password, applyPasswordPolicy = true } = input;
    const { tenantId = PUBLIC_TENANT_ID, userContext = {} } = input;
    let historyLength: number | undefined;
    if (password !== undefined) {
      const change = { password, recipeUserId, email, tenantId, userContext };
      const failureReason = applyPasswordPolicy ? await this.findPolicyViolation(change) : undefined;
      if (failureReason !== undefined) return { status: 'PASSWORD_POLICY_VIOLATED_ERROR', failureReason };
      historyLength = await this.newPasswordCheck.historyLength(change);
    }
    const outcome = await this.core.transaction(async () => {
      const result = await this.emailPasswordCore.updateEmailOrPassword({
        recipeUserId,
        email,
        password,
        historyLength,
      });
      if (result.status === 'OK') await this.revokeSessions(input);
      return result;
    });
    if (outcome.status === 'OK' && password !== undefined) await this.forgetAttempts(recipeUserId);
    return outcome;
  }

  private async forgetAttempts(userId: string): Promise<void> {
    await bestEffort('Forgetting attempts', () => this.attemptLimits.unlock({ userId }));
  }

  private async findPolicyViolation(change: PasswordOfAccount): Promise<string | undefined> {
    return (await this.newPasswordCheck.validate(change)) ?? (await this.checkNewPassword(change));
  }

  private async revokeSessions({
    recipeUserId,
    revokeSessions,
    userContext,
  }: Types.UpdateEmailOrPasswordInput): Promise<void> {
    if (revokeSessions === undefined || revokeSessions === false) return;
    const userId = (await this.usersCore.getUser(recipeUserId))?.id ?? recipeUserId;
    if (revokeSessions === true) {
      await this.sessionFunctions.revokeAllSessionsForUser({ userId, userContext });
      return;
    }
    const { except } = revokeSessions;
    const handles = await this.sessionFunctions.getAllSessionHandlesForUser({ userId, userContext });
    const sessionHandles = handles.filter((handle) => handle !== except);
    await this.sessionFunctions.revokeMultipleSessions({ sessionHandles, userContext });
  }
}
