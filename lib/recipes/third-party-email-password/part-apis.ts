import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { APIOptions } from '../../http/api-call.js';
import type { AuthRoute } from '../../http/auth-routes.js';
import { checkResult } from '../../http/result-check.js';
import {
  EmailPasswordApi,
  type EmailExistsGETInput,
  type GeneratePasswordResetTokenPOSTInput,
  type PasswordResetPOSTInput,
  type SignInPOSTInput,
  type SignInPOSTResponse,
  type SignUpPOSTInput,
  type SignUpPOSTResponse,
} from '../email-password/index.js';
import {
  ThirdPartyApi,
  type AppleRedirectHandlerPOSTInput,
  type AuthorisationUrlGETInput,
  type AuthorisationUrlGETResponse,
  type LoginMethodsGETInput,
  type ThirdPartySignInUpPOSTInput,
  type ThirdPartySignInUpPOSTResponse,
} from '../third-party/index.js';
import type { ThirdPartySignInUpInput } from './sign-in-up.types.js';
import { ThirdPartyEmailPasswordApi } from './third-party-email-password.api.js';

type Expected = Pick<AuthRoute, 'statusless' | 'okHolds'>;

/** The API of the recipe as a whole, called for a route of one of its parts. */
@Injectable()
export class WholeApi {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  /**
   * @returns what the method returns, or `undefined` where it has sent an answer of its own
   * @throws {AuthError} it returned what is no answer
   */
  async call<Name extends keyof ThirdPartyEmailPasswordApi, Input extends { options: APIOptions }>(
    name: Name,
    input: Input,
    expected: Expected = {},
  ): Promise<Awaited<ReturnType<ThirdPartyEmailPasswordApi[Name]>>> {
    // Asked for at the first call, since it is made of what calls it here.
    const api = this.moduleRef.get(ThirdPartyEmailPasswordApi, { strict: false });
    const methods = api as unknown as Record<string, (input: Input) => Promise<unknown>>;
    const result = await methods[name]!.call(api, input);
    if (input.options.res.isSent) return undefined as never;
    checkResult(result, expected, `${api.constructor.name}.${name}`);
    return result as never;
  }
}

/** The API of EmailPassword as that of the whole decides it. */
@Injectable()
export class EmailPasswordPartApi extends EmailPasswordApi {
  @Inject(WholeApi) private readonly whole!: WholeApi;

  override emailExistsGET(input: EmailExistsGETInput) {
    return this.whole.call('emailExistsGET', input, { okHolds: { exists: 'boolean' } });
  }

  override signUpPOST(input: SignUpPOSTInput): Promise<SignUpPOSTResponse> {
    return this.signInUp<SignUpPOSTResponse>({ ...input, isSignIn: false });
  }

  override signInPOST(input: SignInPOSTInput): Promise<SignInPOSTResponse> {
    return this.signInUp<SignInPOSTResponse>({ ...input, isSignIn: true });
  }

  override generatePasswordResetTokenPOST(input: GeneratePasswordResetTokenPOSTInput) {
    return this.whole.call('generatePasswordResetTokenPOST', input);
  }

  override passwordResetPOST(input: PasswordResetPOSTInput) {
    return this.whole.call('passwordResetPOST', input);
  }

  private async signInUp<Response>(input: SignUpPOSTInput & { isSignIn: boolean }): Promise<Response> {
    const okHolds = { user: 'object' } as const;
    const result = await this.whole.call('signInUpPOST', { type: 'emailpassword', ...input }, { okHolds });
    const { type: _type, createdNewUser: _createdNewUser, ...answer } = (result ?? {}) as Record<string, unknown>;
    return answer as Response;
  }
}

/** The API of ThirdParty as that of the whole decides it. */
@Injectable()
export class ThirdPartyPartApi extends ThirdPartyApi {
  @Inject(WholeApi) private readonly whole!: WholeApi;

  override async authorisationUrlGET(input: AuthorisationUrlGETInput): Promise<AuthorisationUrlGETResponse> {
    const result = await this.whole.call('authorisationUrlGET', input, { okHolds: { url: 'string' } });
    if (result?.status !== 'OK') return result;
    const { url: urlWithQueryParams, ...others } = result;
    return { ...others, urlWithQueryParams };
  }

  override async signInUpPOST(input: ThirdPartySignInUpPOSTInput): Promise<ThirdPartySignInUpPOSTResponse> {
    const okHolds = { user: 'object', createdNewUser: 'boolean' } as const;
    const result = await this.whole.call('signInUpPOST', toSignInUp(input), { okHolds });
    const { type: _type, createdNewUser, authCodeResponse, ...answer } = (result ?? {}) as Record<string, unknown>;
    if (answer.status !== 'OK') return answer as never;
    return { ...answer, createdNewRecipeUser: createdNewUser, oAuthTokens: authCodeResponse } as never;
  }

  override appleRedirectHandlerPOST(input: AppleRedirectHandlerPOSTInput) {
    return this.whole.call('appleRedirectHandlerPOST', input, { statusless: true });
  }

  override loginMethodsGET(input: LoginMethodsGETInput) {
    return this.whole.call('loginMethodsGET', input);
  }
}

function toSignInUp({ redirectURIInfo, ...input }: ThirdPartySignInUpPOSTInput): ThirdPartySignInUpInput {
  const { code = '', ...redirectURIQueryParams } = redirectURIInfo?.redirectURIQueryParams ?? {};
  return {
    type: 'thirdparty',
    ...input,
    code,
    redirectURI: redirectURIInfo?.redirectURIOnProviderDashboard ?? '',
    redirectURIQueryParams,
    pkceCodeVerifier: redirectURIInfo?.pkceCodeVerifier,
  };
}
