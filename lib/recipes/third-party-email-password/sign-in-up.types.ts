import type { User } from '../../core/users.core.js';
import type { UserContext } from '../../http/user-context.js';
import type { GeneralErrorResponse } from '../../http/general-error.js';
import type { EmailPasswordAPIOptions, FieldErrorResponse, FormFieldValue } from '../email-password/index.js';
import type { SessionContainer } from '../session/index.js';
import type { OAuthTokens, Provider, RawUserInfo, ThirdPartyAPIOptions } from '../third-party/index.js';

interface WithTenant {
  tenantId: string;
  userContext: UserContext;
}

/** From `POST /signup` and `POST /signin`. */
export interface EmailPasswordSignInUpInput extends WithTenant {
  type: 'emailpassword';
  isSignIn: boolean;
  /** They have passed their validators; the email is trimmed and lower-cased. */
  formFields: FormFieldValue[];
  options: EmailPasswordAPIOptions;
}

/** From `POST /signinup`. */
export interface ThirdPartySignInUpInput extends WithTenant {
  type: 'thirdparty';
  provider: Provider;
  /** Empty where the client brings tokens, or the provider has refused. */
  code: string;
  /** `redirectURIOnProviderDashboard`, to which the provider has sent the code; empty where the client brings tokens. */
  redirectURI: string;
  /** What else the provider has added to that address, such as `iss` or `error`. */
  redirectURIQueryParams?: Record<string, string>;
  pkceCodeVerifier?: string;
  /** From clients that have asked the provider themselves. */
  oAuthTokens?: OAuthTokens;
  options: ThirdPartyAPIOptions;
}

/** The input of `ThirdPartyEmailPasswordApi.signInUpPOST`, one for each way to sign in. */
export type SignInUpAPIInput = EmailPasswordSignInUpInput | ThirdPartySignInUpInput;

type EmailPasswordSignInUpOutput =
  | { type: 'emailpassword'; status: 'OK'; user: User; createdNewUser: boolean; session?: SessionContainer }
  | { type: 'emailpassword'; status: 'WRONG_CREDENTIALS_ERROR' | 'EMAIL_ALREADY_EXISTS_ERROR' }
  | { type: 'emailpassword'; status: 'SIGN_IN_NOT_ALLOWED' | 'SIGN_UP_NOT_ALLOWED'; reason: string }
  | ({ type: 'emailpassword' } & FieldErrorResponse);

type ThirdPartySignInUpOutput =
  | {
      type: 'thirdparty';
      status: 'OK';
      createdNewUser: boolean;
      user: User;
      /** What the provider's token endpoint has answered. */
      authCodeResponse: OAuthTokens;
      rawUserInfoFromProvider?: RawUserInfo;
      session?: SessionContainer;
    }
  | { type: 'thirdparty'; status: 'NO_EMAIL_GIVEN_BY_PROVIDER' }
  | { type: 'thirdparty'; status: 'FIELD_ERROR'; error: string }
  | { type: 'thirdparty'; status: 'SIGN_IN_UP_NOT_ALLOWED'; reason: string };

/** The answer of `ThirdPartyEmailPasswordApi.signInUpPOST`, one for each way to sign in. */
export type SignInUpAPIOutput = EmailPasswordSignInUpOutput | ThirdPartySignInUpOutput | GeneralErrorResponse;
