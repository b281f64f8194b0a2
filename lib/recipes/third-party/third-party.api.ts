import { Inject, Injectable, Logger } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from '../../http/auth-config.js';
import { BadInputError } from '../../core/auth.error.js';
import { logLine } from '../../core/log-line.js';
import type { User } from '../../core/users.core.js';
import type { APIOptions } from '../../http/api-call.js';
import type { UserContext } from '../../http/user-context.js';
import { hasHungUp } from '../../http/hung-up.js';
import { generalError, type GeneralErrorResponse } from '../../http/general-error.js';
import { LoginMethodsFunctions, type LoginMethods } from '../login-methods/index.js';
import { unlessRefused } from '../unless-refused.js';
import { Sessions, type SessionContainer } from '../session/index.js';
import { appleRedirectTarget } from './apple-redirect.js';
import { ClientTokens } from './client-tokens.js';
import { OpenFlows } from './open-flows.js';
import { ProviderError, ProviderRefusedError } from './providers/provider.error.js';
import type { Provider } from './providers/provider.js';
import type {
  AuthorisationRedirect,
  OAuthTokens,
  RawUserInfo,
  RedirectURIInfo,
  UserInfo,
} from './providers/provider.types.js';
import { ProviderLines } from './provider-lines.js';
import { isAllowedRedirect } from './redirect-rule.js';
import { SignInFlows } from './sign-in-flows.js';
import { ThirdPartyFunctions } from './third-party.functions.js';
import type { ThirdPartyRecipeConfig } from './third-party.options.js';

/** The options that methods of `ThirdPartyApi` receive. */
export type ThirdPartyAPIOptions = APIOptions<ThirdPartyFunctions, ThirdPartyRecipeConfig>;

interface ThirdPartyApiInput {
  options: ThirdPartyAPIOptions;
  userContext: UserContext;
}

/** The input of `ThirdPartyApi.authorisationUrlGET`. */
export interface AuthorisationUrlGETInput extends ThirdPartyApiInput {
  provider: Provider;
  /** On the website or the API, or one of the recipe's `allowedRedirectURIs`. */
  redirectURIOnProviderDashboard: string;
  tenantId: string;
}

/** What the client brings from the provider: the redirect it was sent back by, or tokens it got itself. */
export type ThirdPartyProof =
  | { redirectURIInfo: RedirectURIInfo; oAuthTokens?: undefined }
  | { oAuthTokens: OAuthTokens; redirectURIInfo?: undefined };

/** The input of `ThirdPartyApi.signInUpPOST`. */
export type ThirdPartySignInUpPOSTInput = ThirdPartyApiInput & {
  provider: Provider;
  tenantId: string;
} & ThirdPartyProof;

/** The input of `ThirdPartyApi.appleRedirectHandlerPOST`. */
export interface AppleRedirectHandlerPOSTInput extends ThirdPartyApiInput {
  /** The form that Apple has the browser post, such as `{ code, state, user }`. */
  formPostInfoFromProvider: Record<string, string>;
}

/** The input of `loginMethodsGET`. */
export interface LoginMethodsGETInput extends ThirdPartyApiInput {
  tenantId: string;
  clientType?: string;
}

/** The answer of `GET /loginmethods`. */
export type LoginMethodsGETResponse = LoginMethods | GeneralErrorResponse;

/** Where the browser is sent to sign in. */
export type AuthorisationUrlGETResponse =
  { status: 'OK'; urlWithQueryParams: string; pkceCodeVerifier?: string } | GeneralErrorResponse;

/** The answer to a sign-in by a provider; with `OK` the session is on its way to the client. */
export type ThirdPartySignInUpPOSTResponse =
  | {
      status: 'OK';
      createdNewRecipeUser: boolean;
      user: User;
      session: SessionContainer;
      oAuthTokens: OAuthTokens;
      rawUserInfoFromProvider: RawUserInfo;
    }
  | { status: 'NO_EMAIL_GIVEN_BY_PROVIDER' }
  | { status: 'SIGN_IN_UP_NOT_ALLOWED'; reason: string }
  | GeneralErrorResponse;

/** What clients ask of the ThirdParty recipe. Override any of it by a subclass. */
@Injectable()
export class ThirdPartyApi {
  @Inject(ThirdPartyFunctions) protected readonly thirdPartyFunctions!: ThirdPartyFunctions;
  @Inject(ClientTokens) protected readonly clientTokens!: ClientTokens;
  @Inject(SignInFlows) protected readonly signInFlows!: SignInFlows;
  @Inject(OpenFlows) protected readonly openFlows!: OpenFlows;
  @Inject(ProviderLines) protected readonly providerLines!: ProviderLines;
  @Inject(Sessions) protected readonly sessions!: Sessions;
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;
  @Inject(LoginMethodsFunctions) protected readonly loginMethods!: LoginMethodsFunctions;

  /** `GET /authorisationurl`: where the browser goes to sign in at the provider. The client adds its `state`. */
  async authorisationUrlGET(input: AuthorisationUrlGETInput): Promise<AuthorisationUrlGETResponse> {
    const { provider, redirectURIOnProviderDashboard, tenantId, options, userContext } = input;
    this.checkRedirectURI(redirectURIOnProviderDashboard, options, userContext);
    try {
      const redirect = await this.providerLines.redirect(
        provider,
        () => hasHungUp(userContext),
        () => provider.getAuthorisationRedirectURL({ redirectURIOnProviderDashboard, tenantId, userContext }),
      );
      // The address, the verifier and the cookie are for this browser alone.
      options.res.forbidStoring();
      if (options.config.bindCodesToBrowser) {
        const flow = { tenantId, thirdPartyId: provider.id, redirectURIOnProviderDashboard, ...verifierOf(redirect) };
        await this.signInFlows.begin(flow, options.req, options.res, userContext);
        const isBoundByCookie = redirect.pkceCodeVerifier === undefined && this.comesBackToWebsite(input);
        if (isBoundByCookie && this.signInFlows.keepsCookie(options.req, userContext)) {
          await this.openFlows.note(provider, redirectURIOnProviderDashboard);
        }
      }
      return { status: 'OK', ...redirect };
    } catch (error) {
      return sayToUser(error);
    }
  }

  /** `POST /signinup`: a new session for what the client brings from the provider. */
  async signInUpPOST(input: ThirdPartySignInUpPOSTInput): Promise<ThirdPartySignInUpPOSTResponse> {
    const { provider, tenantId, options, userContext, redirectURIInfo } = input;
    if (redirectURIInfo !== undefined) {
      this.checkRedirectURI(redirectURIInfo.redirectURIOnProviderDashboard, options, userContext);
    }
    let found: { oAuthTokens: OAuthTokens; userInfo: UserInfo };
    try {
      if (input.oAuthTokens !== undefined) this.clientTokens.assertAccepted(provider);
      else await this.assertBegunHere(input);
      const code = redirectURIInfo?.redirectURIQueryParams.code;
      found = await this.providerLines.signIn(
        provider,
        code,
        () => hasHungUp(userContext),
        () => askProvider(input),
      );
      const idToken = found.oAuthTokens.id_token;
      if (idToken !== undefined && input.oAuthTokens !== undefined) await this.clientTokens.spend(provider, idToken);
      else if (idToken !== undefined) await this.clientTokens.spendRedeemed(provider, idToken);
    } catch (error) {
      return sayToUser(error, secretsOf(input));
    }
    const { oAuthTokens, userInfo } = found;
    const { thirdPartyUserId, issuer, rawUserInfoFromProvider } = userInfo;
    const email = userInfo.email ?? (await provider.getFakeEmail({ thirdPartyUserId, tenantId, userContext }));
    if (email === undefined) return { status: 'NO_EMAIL_GIVEN_BY_PROVIDER' };

    const result = await this.thirdPartyFunctions.signInUp({
      thirdPartyId: provider.id,
      thirdPartyUserId,
      email: email.id,
      isVerified: email.isVerified,
      issuer,
      formerIssuers: provider.formerIssuersOf(userInfo),
      oAuthTokens,
      rawUserInfoFromProvider,
      tenantId,
      userContext,
    });
    if (result.status !== 'OK') return result;
    const { user, recipeUserId, createdNewRecipeUser } = result;
    if (redirectURIInfo !== undefined) await this.signInFlows.end(options.req, options.res, userContext);
    const holder = { userId: user.id, recipeUserId, tenantId, userContext };
    const session = await unlessRefused(this.sessions.createNewSession(options.req, options.res, holder));
    if (session === undefined)
      return { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: 'The account was removed meanwhile.' };
    return { status: 'OK', createdNewRecipeUser, user, session, oAuthTokens, rawUserInfoFromProvider };
  }

  /** `POST /callback/apple`: Apple posts where others redirect, so this makes a redirect to the website of it. */
  async appleRedirectHandlerPOST(input: AppleRedirectHandlerPOSTInput): Promise<void> {
    const { formPostInfoFromProvider, options, userContext } = input;
    const website = this.authConfig.appInfo.getWebsiteDomain(options.req, userContext);
    const target = appleRedirectTarget(formPostInfoFromProvider, website, options.config.allowedRedirectURIs);
    options.res.setHeader('location', target, false);
    options.res.setStatusCode(303);
  }

  /** `GET /loginmethods`: the ways in that the tenant offers, for clients that draw their buttons by it. */
  async loginMethodsGET({ tenantId, clientType, userContext }: LoginMethodsGETInput): Promise<LoginMethodsGETResponse> {
    return this.loginMethods.getLoginMethods({
      tenantId,
      userContext,
      providers: async () => {
        const providers = await this.thirdPartyFunctions.listProviders({ tenantId, clientType, userContext });
        return providers.map(({ id, name }) => ({ id, name }));
      },
    });
  }

  /** @throws {ProviderRefusedError} a browser brings a code that it was not sent for */
  private async assertBegunHere(input: ThirdPartySignInUpPOSTInput): Promise<void> {
    const { provider, tenantId, options, userContext, redirectURIInfo } = input;
    if (redirectURIInfo === undefined || !options.config.bindCodesToBrowser) return;
    const { redirectURIOnProviderDashboard, pkceCodeVerifier } = redirectURIInfo;
    const mayBeOfBrowser = async () =>
      this.comesBackToWebsite({ redirectURIOnProviderDashboard, options, userContext }) &&
      (await this.openFlows.areAny(provider, redirectURIOnProviderDashboard));
    if (!this.signInFlows.isNeededBy(options.req, userContext) && !(await mayBeOfBrowser())) return;
    const flow = { tenantId, thirdPartyId: provider.id, redirectURIOnProviderDashboard, pkceCodeVerifier };
    if (await this.signInFlows.wasBegunBy(options.req, flow)) return;
    throw new ProviderRefusedError(provider, { detail: 'the browser was not sent to the provider by us' });
  }

  /** Where only browsers go: Apple's callback, and addresses of applications, may have other visitors. */
  private comesBackToWebsite(
    input: Pick<AuthorisationUrlGETInput, 'redirectURIOnProviderDashboard' | 'options' | 'userContext'>,
  ): boolean {
    const { redirectURIOnProviderDashboard: uri, options, userContext } = input;
    if (this.openFlows.isCallbackOfApi(uri)) return false;
    return isAllowedRedirect(uri, [this.authConfig.appInfo.getWebsiteDomain(options.req, userContext)], []);
  }

  /** A provider that lets more addresses through than it should must not make us send codes to one of them. */
  private checkRedirectURI(uri: string, { req, config }: ThirdPartyAPIOptions, userContext: UserContext): void {
    const { appInfo } = this.authConfig;
    const origins = [appInfo.getWebsiteDomain(req, userContext), appInfo.apiDomain];
    if (isAllowedRedirect(uri, origins, config.allowedRedirectURIs)) return;
    throw new BadInputError(
      'redirectURIOnProviderDashboard must be on the website, on the API, or one of allowedRedirectURIs',
    );
  }
}

async function askProvider(
  input: ThirdPartySignInUpPOSTInput,
): Promise<{ oAuthTokens: OAuthTokens; userInfo: UserInfo }> {
  const { provider, tenantId, userContext, redirectURIInfo } = input;
  if (redirectURIInfo === undefined)
    await provider.assertIssuedToUs({ oAuthTokens: input.oAuthTokens, tenantId, userContext });
  const oAuthTokens =
    redirectURIInfo === undefined
      ? input.oAuthTokens
      : await provider.exchangeAuthCodeForOAuthTokens({ redirectURIInfo, tenantId, userContext });
  return { oAuthTokens, userInfo: await provider.getUserInfo({ oAuthTokens, tenantId, userContext }) };
}

/** What went wrong at the provider is for the log; the user learns whether to try again. */
function sayToUser(error: unknown, secrets: (string | undefined)[] = []): GeneralErrorResponse {
  if (!(error instanceof ProviderError)) throw error;
  new Logger('Latchkey').warn(logLine(error.message, secrets));
  return generalError(error.publicMessage);
}

/** What a provider may repeat in its error. */
function secretsOf({ provider, redirectURIInfo, oAuthTokens }: ThirdPartySignInUpPOSTInput): (string | undefined)[] {
  const { code } = redirectURIInfo?.redirectURIQueryParams ?? {};
  const tokens = [oAuthTokens?.access_token, oAuthTokens?.id_token];
  return [code, redirectURIInfo?.pkceCodeVerifier, provider.config.clientSecret, ...tokens];
}

function verifierOf({ pkceCodeVerifier }: AuthorisationRedirect): { pkceCodeVerifier?: string } {
  return pkceCodeVerifier === undefined ? {} : { pkceCodeVerifier };
}
