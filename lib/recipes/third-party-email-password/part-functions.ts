import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  EmailPasswordFunctions,
  type AreCredentialsCurrentInput,
  type CheckNewPasswordInput,
  type ConsumePasswordResetTokenInput,
  type CreateResetPasswordTokenInput,
  type GetUserByEmailInput,
  type GetUserByIdInput,
  type ResetPasswordUsingTokenInput,
  type SignInInput,
  type SignUpInput,
  type UpdateEmailOrPasswordInput,
} from '../email-password/index.js';
import {
  ThirdPartyFunctions,
  type GetProviderInput,
  type GetThirdPartyUserByIdInput,
  type GetUserByThirdPartyInfoInput,
  type GetUsersByEmailInput,
  type ListProvidersInput,
  type ManuallyCreateOrUpdateUserInput,
  type ThirdPartySignInUpFunctionInput,
} from '../third-party/index.js';
import { ThirdPartyEmailPasswordFunctions } from './third-party-email-password.functions.js';

/** Asked for at the first call, since it is made of what calls it here. */
function wholeOf(moduleRef: ModuleRef): ThirdPartyEmailPasswordFunctions {
  return moduleRef.get(ThirdPartyEmailPasswordFunctions, { strict: false });
}

/** The functions of EmailPassword as those of the whole decide them. */
@Injectable()
export class EmailPasswordPartFunctions extends EmailPasswordFunctions {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  override signUp(input: SignUpInput) {
    return wholeOf(this.moduleRef).emailPasswordSignUp(input);
  }

  override signIn(input: SignInInput) {
    return wholeOf(this.moduleRef).emailPasswordSignIn(input);
  }

  override createNewRecipeUser(input: SignUpInput) {
    return wholeOf(this.moduleRef).createNewEmailPasswordRecipeUser(input);
  }

  override verifyCredentials(input: SignInInput) {
    return wholeOf(this.moduleRef).emailPasswordVerifyCredentials(input);
  }

  override createResetPasswordLink(input: CreateResetPasswordTokenInput) {
    return wholeOf(this.moduleRef).createResetPasswordLink(input);
  }

  override sendResetPasswordEmail(input: CreateResetPasswordTokenInput) {
    return wholeOf(this.moduleRef).sendResetPasswordEmail(input);
  }

  override consumePasswordResetToken(input: ConsumePasswordResetTokenInput) {
    return wholeOf(this.moduleRef).consumePasswordResetToken(input);
  }

  override areCredentialsCurrent(input: AreCredentialsCurrentInput) {
    return wholeOf(this.moduleRef).areCredentialsCurrent(input);
  }

  override getUserById(input: GetUserByIdInput) {
    return wholeOf(this.moduleRef).getUserById(input);
  }

  override getUserByEmail(input: GetUserByEmailInput) {
    return wholeOf(this.moduleRef).emailPasswordGetUserByEmail(input);
  }

  override createResetPasswordToken(input: CreateResetPasswordTokenInput) {
    return wholeOf(this.moduleRef).createResetPasswordToken(input);
  }

  override checkNewPassword(input: CheckNewPasswordInput) {
    return wholeOf(this.moduleRef).checkNewPassword(input);
  }

  override resetPasswordUsingToken(input: ResetPasswordUsingTokenInput) {
    return wholeOf(this.moduleRef).resetPasswordUsingToken(input);
  }

  override updateEmailOrPassword(input: UpdateEmailOrPasswordInput) {
    return wholeOf(this.moduleRef).updateEmailOrPassword(input);
  }
}

/** The functions of ThirdParty as those of the whole decide them. */
@Injectable()
export class ThirdPartyPartFunctions extends ThirdPartyFunctions {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  override signInUp(input: ThirdPartySignInUpFunctionInput) {
    return wholeOf(this.moduleRef).thirdPartySignInUp(input);
  }

  override manuallyCreateOrUpdateUser(input: ManuallyCreateOrUpdateUserInput) {
    return wholeOf(this.moduleRef).thirdPartyManuallyCreateOrUpdateUser(input);
  }

  override getUserById(input: GetThirdPartyUserByIdInput) {
    return wholeOf(this.moduleRef).getUserById(input);
  }

  override getUsersByEmail(input: GetUsersByEmailInput) {
    return wholeOf(this.moduleRef).thirdPartyGetUsersByEmail(input);
  }

  override getUserByThirdPartyInfo(input: GetUserByThirdPartyInfoInput) {
    return wholeOf(this.moduleRef).getUserByThirdPartyInfo(input);
  }

  override getProvider(input: GetProviderInput) {
    return wholeOf(this.moduleRef).thirdPartyGetProvider(input);
  }

  override listProviders(input: ListProvidersInput) {
    return wholeOf(this.moduleRef).thirdPartyListProviders(input);
  }
}
