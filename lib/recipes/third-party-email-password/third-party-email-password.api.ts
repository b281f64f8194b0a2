import { Inject, Injectable } from '@nestjs/common';
import type {
  EmailExistsGETInput,
  EmailExistsGETResponse,
  EmailPasswordApi,
  GeneratePasswordResetTokenPOSTInput,
  GeneratePasswordResetTokenPOSTResponse,
  PasswordResetPOSTInput,
  PasswordResetPOSTResponse,
} from '../email-password/index.js';
import type { GeneralErrorResponse } from '../../http/general-error.js';
import type {
  AppleRedirectHandlerPOSTInput,
  AuthorisationUrlGETInput,
  LoginMethodsGETInput,
  LoginMethodsGETResponse,
  ThirdPartyApi,
  ThirdPartyProof,
} from '../third-party/index.js';
import type {
  EmailPasswordSignInUpInput,
  SignInUpAPIInput,
  SignInUpAPIOutput,
  ThirdPartySignInUpInput,
} from './sign-in-up.types.js';
import { EMAIL_PASSWORD_BASE_API, THIRD_PARTY_BASE_API } from './third-party-email-password.options.js';

/** Where the browser is sent to sign in. */
export type CombinedAuthorisationUrlGETResponse =
  { status: 'OK'; url: string; pkceCodeVerifier?: string } | GeneralErrorResponse;

/** What clients ask of EmailPassword and ThirdParty, with one method for every way in. Override any of it by a subclass. */
@Injectable()
export class ThirdPartyEmailPasswordApi {
  @Inject(EMAIL_PASSWORD_BASE_API) protected readonly emailPasswordApi!: EmailPasswordApi;
  @Inject(THIRD_PARTY_BASE_API) protected readonly thirdPartyApi!: ThirdPartyApi;

  /** `GET /authorisationurl`: where the browser goes to sign in at the provider. The client adds its `state`. */
  async authorisationUrlGET(input: AuthorisationUrlGETInput): Promise<CombinedAuthorisationUrlGETResponse> {
    const result = await this.thirdPartyApi.authorisationUrlGET(input);
    if (result.status !== 'OK') return result;
    const { urlWithQueryParams: url, ...others } = result;
    return { ...others, url };
  }

  /** `GET /emailpassword/email/exists`: whether sign-up with that email and a password would fail. */
  async emailExistsGET(input: EmailExistsGETInput): Promise<EmailExistsGETResponse> {
    return this.emailPasswordApi.emailExistsGET(input);
  }

  /** `POST /user/password/reset/token`: sends a link, and answers the same where there is no such account. */
  async generatePasswordResetTokenPOST(
    input: GeneratePasswordResetTokenPOSTInput,
  ): Promise<GeneratePasswordResetTokenPOSTResponse> {
    return this.emailPasswordApi.generatePasswordResetTokenPOST(input);
  }

  /** `POST /user/password/reset`: a new password for a token from the link. */
  async passwordResetPOST(input: PasswordResetPOSTInput): Promise<PasswordResetPOSTResponse> {
    return this.emailPasswordApi.passwordResetPOST(input);
  }

  /** `POST /signup`, `POST /signin` and `POST /signinup`: every way in. */
  async signInUpPOST(input: SignInUpAPIInput): Promise<SignInUpAPIOutput> {
    return input.type === 'emailpassword' ? this.signInUpByPassword(input) : this.signInUpByProvider(input);
  }

  /** `POST /callback/apple`: Apple posts where others redirect, so this makes a redirect to the website of it. */
  async appleRedirectHandlerPOST(input: AppleRedirectHandlerPOSTInput): Promise<void> {
    return this.thirdPartyApi.appleRedirectHandlerPOST(input);
  }

  /** `GET /loginmethods`: the ways in that the tenant offers. */
  async loginMethodsGET(input: LoginMethodsGETInput): Promise<LoginMethodsGETResponse> {
    return this.thirdPartyApi.loginMethodsGET(input);
  }

  private async signInUpByPassword(input: EmailPasswordSignInUpInput): Promise<SignInUpAPIOutput> {
    const { type, isSignIn, ...rest } = input;
    const result = isSignIn
      ? await this.emailPasswordApi.signInPOST(rest)
      : await this.emailPasswordApi.signUpPOST(rest);
    if (result.status === 'GENERAL_ERROR') return result;
    return result.status === 'OK' ? { type, createdNewUser: !isSignIn, ...result } : { type, ...result };
  }

  private async signInUpByProvider(input: ThirdPartySignInUpInput): Promise<SignInUpAPIOutput> {
    const { type, code, redirectURI, redirectURIQueryParams, pkceCodeVerifier, oAuthTokens, ...rest } = input;
    const redirectURIInfo = {
      redirectURIOnProviderDashboard: redirectURI,
      redirectURIQueryParams: { ...redirectURIQueryParams, ...(code === '' ? {} : { code }) },
      pkceCodeVerifier,
    };
    const proof: ThirdPartyProof = oAuthTokens === undefined ? { redirectURIInfo } : { oAuthTokens };
    const result = await this.thirdPartyApi.signInUpPOST({ ...rest, ...proof });
    if (result.status === 'GENERAL_ERROR') return result;
    if (result.status !== 'OK') return { type, ...result };
    const { createdNewRecipeUser: createdNewUser, oAuthTokens: authCodeResponse, ...found } = result;
    return { type, ...found, createdNewUser, authCodeResponse };
  }
}
