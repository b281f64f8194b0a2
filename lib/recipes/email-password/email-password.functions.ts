import { Inject, Injectable } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import { Core, PUBLIC_TENANT_ID } from '../../core/core.js';
import {
  EmailPasswordCore,
  type CreateResetPasswordTokenResult,
  type ResetPasswordUsingTokenResult,
  type SignInResult,
  type SignUpResult,
} from '../../core/email-password.core.js';
import { hasLoginMethod, UsersCore, type User } from '../../core/users.core.js';
import { bestEffort } from '../../http/best-effort.js';
import { hasHungUp } from '../../http/hung-up.js';
import { SessionFunctions } from '../session/index.js';
import type * as Types from './email-password.functions.types.js';
import { type EmailPasswordConfig, EMAIL_PASSWORD_CONFIG } from './email-password.options.js';
import { NewPasswordCheck, type PasswordOfAccount } from './new-password-check.js';

/** What the EmailPassword recipe can do, without a request. Override any of it by a subclass. */
@Injectable()
export class EmailPasswordFunctions {
  @Inject(Core) protected readonly core!: Core;
  @Inject(EmailPasswordCore) protected readonly emailPasswordCore!: EmailPasswordCore;
  @Inject(UsersCore) protected readonly usersCore!: UsersCore;
  @Inject(EMAIL_PASSWORD_CONFIG) protected readonly emailPasswordConfig!: EmailPasswordConfig;
  @Inject(SessionFunctions) protected readonly sessionFunctions!: SessionFunctions;
  @Inject(AttemptLimits) protected readonly attemptLimits!: AttemptLimits;
  @Inject(NewPasswordCheck) private readonly newPasswordCheck!: NewPasswordCheck;

  /** Creates a user. Whether email and password are good ones was asked before, by the API. */
  async signUp({
    tenantId = PUBLIC_TENANT_ID,
    email,
    password,
    userContext,
  }: Types.SignUpInput): Promise<SignUpResult> {
    const isAbandoned = () => hasHungUp(userContext);
    return this.emailPasswordCore.signUp({ tenantId, email, password, isAbandoned });
  }

  /** Checks credentials. Takes as long, and answers the same, for an unknown email as for a wrong password. */
  async signIn({
    tenantId = PUBLIC_TENANT_ID,
    email,
    password,
    userContext,
  }: Types.SignInInput): Promise<SignInResult> {
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
