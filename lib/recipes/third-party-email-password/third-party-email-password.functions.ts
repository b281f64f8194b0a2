import { Inject, Injectable } from '@nestjs/common';
import type {
  ConsumePasswordResetTokenResult,
  CreateResetPasswordTokenResult,
  ResetPasswordUsingTokenResult,
  SignInResult,
  SignUpResult,
} from '../../core/email-password.core.js';
import type { User } from '../../core/users.core.js';
import type {
  AreCredentialsCurrentInput,
  CheckNewPasswordInput,
  ConsumePasswordResetTokenInput,
  CreateResetPasswordLinkResult,
  CreateResetPasswordTokenInput,
  EmailPasswordFunctions,
  GetUserByEmailInput,
  GetUserByIdInput,
  ResetPasswordUsingTokenInput,
  SendResetPasswordEmailResult,
  SignInInput,
  SignUpInput,
  UpdateEmailOrPasswordFunctionResult,
  UpdateEmailOrPasswordInput,
} from '../email-password/index.js';
import type {
  GetProviderInput,
  GetUserByThirdPartyInfoInput,
  GetUsersByEmailInput,
  ListProvidersInput,
  ManuallyCreateOrUpdateUserInput,
  ManuallyCreateOrUpdateUserResult,
  Provider,
  ThirdPartyFunctions,
  ThirdPartySignInUpFunctionInput,
  ThirdPartySignInUpFunctionResult,
} from '../third-party/index.js';
import { EMAIL_PASSWORD_BASE_FUNCTIONS, THIRD_PARTY_BASE_FUNCTIONS } from './third-party-email-password.options.js';

/**
 * What EmailPassword and ThirdParty can do, under one roof. An override of it is seen through `EmailPasswordFunctions`
 * and `ThirdPartyFunctions` too: anyone who injects those reaches this.
 */
@Injectable()
export class ThirdPartyEmailPasswordFunctions {
  @Inject(EMAIL_PASSWORD_BASE_FUNCTIONS) protected readonly emailPassword!: EmailPasswordFunctions;
  @Inject(THIRD_PARTY_BASE_FUNCTIONS) protected readonly thirdParty!: ThirdPartyFunctions;

  /** As `EmailPasswordFunctions.signUp`. */
  async emailPasswordSignUp(input: SignUpInput): Promise<SignUpResult> {
    return this.emailPassword.signUp(input);
  }

  /** As `EmailPasswordFunctions.signIn`. */
  async emailPasswordSignIn(input: SignInInput): Promise<SignInResult> {
    return this.emailPassword.signIn(input);
  }

  /** As `EmailPasswordFunctions.createNewRecipeUser`: sign-ups come here too. */
  async createNewEmailPasswordRecipeUser(input: SignUpInput): Promise<SignUpResult> {
    return this.emailPassword.createNewRecipeUser(input);
  }

  /** As `EmailPasswordFunctions.verifyCredentials`: sign-ins come here too. */
  async emailPasswordVerifyCredentials(input: SignInInput): Promise<SignInResult> {
    return this.emailPassword.verifyCredentials(input);
  }

  /** As `EmailPasswordFunctions.createResetPasswordLink`. */
  async createResetPasswordLink(input: CreateResetPasswordTokenInput): Promise<CreateResetPasswordLinkResult> {
    return this.emailPassword.createResetPasswordLink(input);
  }

  /** As `EmailPasswordFunctions.sendResetPasswordEmail`. */
  async sendResetPasswordEmail(input: CreateResetPasswordTokenInput): Promise<SendResetPasswordEmailResult> {
    return this.emailPassword.sendResetPasswordEmail(input);
  }

  /** As `EmailPasswordFunctions.consumePasswordResetToken`. */
  async consumePasswordResetToken(input: ConsumePasswordResetTokenInput): Promise<ConsumePasswordResetTokenResult> {
    return this.emailPassword.consumePasswordResetToken(input);
  }

  /** Whether the password that the sign-in verified is still the user's. */
  async areCredentialsCurrent(input: AreCredentialsCurrentInput): Promise<boolean> {
    return this.emailPassword.areCredentialsCurrent(input);
  }

  /** Makes a token for a password reset. */
  async createResetPasswordToken(input: CreateResetPasswordTokenInput): Promise<CreateResetPasswordTokenResult> {
    return this.emailPassword.createResetPasswordToken(input);
  }

  /** Judges a new password, before it is hashed. */
  async checkNewPassword(input: CheckNewPasswordInput): Promise<string | undefined> {
    return this.emailPassword.checkNewPassword(input);
  }

  /** Sets a new password for whom the token was made; the token works once. */
  async resetPasswordUsingToken(input: ResetPasswordUsingTokenInput): Promise<ResetPasswordUsingTokenResult> {
    return this.emailPassword.resetPasswordUsingToken(input);
  }

  /** Changes the email, the password or both. */
  async updateEmailOrPassword(input: UpdateEmailOrPasswordInput): Promise<UpdateEmailOrPasswordFunctionResult> {
    return this.emailPassword.updateEmailOrPassword(input);
  }

  /** As `ThirdPartyFunctions.signInUp`. */
  async thirdPartySignInUp(input: ThirdPartySignInUpFunctionInput): Promise<ThirdPartySignInUpFunctionResult> {
    return this.thirdParty.signInUp(input);
  }

  /** As `ThirdPartyFunctions.manuallyCreateOrUpdateUser`. */
  async thirdPartyManuallyCreateOrUpdateUser(
    input: ManuallyCreateOrUpdateUserInput,
  ): Promise<ManuallyCreateOrUpdateUserResult> {
    return this.thirdParty.manuallyCreateOrUpdateUser(input);
  }

  /** As `ThirdPartyFunctions.getProvider`. */
  async thirdPartyGetProvider(input: GetProviderInput): Promise<Provider | undefined> {
    return this.thirdParty.getProvider(input);
  }

  /** As `ThirdPartyFunctions.listProviders`. */
  async thirdPartyListProviders(input: ListProvidersInput): Promise<Provider[]> {
    return this.thirdParty.listProviders(input);
  }

  /** Finds a user by its id or by the id of one of its login methods. */
  async getUserById(input: GetUserByIdInput): Promise<User | undefined> {
    return this.emailPassword.getUserById(input);
  }

  /** The user who signs in with that email and a password. */
  async emailPasswordGetUserByEmail(input: GetUserByEmailInput): Promise<User | undefined> {
    return this.emailPassword.getUserByEmail(input);
  }

  /** The users who sign in with that email at some provider. */
  async thirdPartyGetUsersByEmail(input: GetUsersByEmailInput): Promise<User[]> {
    return this.thirdParty.getUsersByEmail(input);
  }

  /** Everybody with that email, by whatever way they come in: they need not be one person. */
  async getUsersByEmail(input: GetUsersByEmailInput): Promise<User[]> {
    const byPassword = await this.emailPasswordGetUserByEmail(input);
    const byProvider = await this.thirdPartyGetUsersByEmail(input);
    if (byPassword === undefined) return byProvider;
    return [byPassword, ...byProvider.filter(({ id }) => id !== byPassword.id)];
  }

  /** Finds the user that has this id at a provider. */
  async getUserByThirdPartyInfo(input: GetUserByThirdPartyInfoInput): Promise<User | undefined> {
    return this.thirdParty.getUserByThirdPartyInfo(input);
  }
}
