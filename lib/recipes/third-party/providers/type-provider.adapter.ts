import { Injectable } from '@nestjs/common';
import { getRequestFromUserContext } from '../../../http/user-context.js';
import { toEmail, toUserId } from './map-user-info.js';
import { Provider } from './provider.js';
import type {
  AuthorisationRedirect,
  ExchangeAuthCodeInput,
  GetAuthorisationRedirectURLInput,
  GetUserInfoInput,
  OAuthTokens,
  TypeProvider,
  TypeProviderGetResponse,
  UserInfo,
} from './provider.types.js';

/** A provider that the application has given as a `TypeProvider`. */
@Injectable()
export class TypeProviderAdapter extends Provider {
  /** Set before anything is called. */
  source!: TypeProvider;

  override get(redirectURI?: string, authCodeFromRequest?: string): Promise<TypeProviderGetResponse> {
    return this.source.get(redirectURI, authCodeFromRequest);
  }

  override async getAuthorisationRedirectURL(input: GetAuthorisationRedirectURLInput): Promise<AuthorisationRedirect> {
    const { redirectURIOnProviderDashboard, userContext } = input;
    const { authorisationRedirect, getRedirectURI } = await this.get();
    const url = new URL(authorisationRedirect.url);
    for (const [name, value] of Object.entries(authorisationRedirect.params)) {
      const request = getRequestFromUserContext(userContext)?.original;
      url.searchParams.set(name, typeof value === 'function' ? value(request) : value);
    }
    if (!url.searchParams.has('redirect_uri')) {
      url.searchParams.set('redirect_uri', getRedirectURI?.(userContext) ?? redirectURIOnProviderDashboard);
    }
    return { urlWithQueryParams: url.href };
  }

  override async exchangeAuthCodeForOAuthTokens(input: ExchangeAuthCodeInput): Promise<OAuthTokens> {
    const { redirectURIOnProviderDashboard, redirectURIQueryParams } = input.redirectURIInfo;
    const { code, error } = redirectURIQueryParams;
    if (code === undefined) throw this.refused(error === undefined ? 'the redirect has no code' : `it says ${error}`);
    const { accessTokenAPI } = await this.get(redirectURIOnProviderDashboard, code);
    const form = new URLSearchParams(accessTokenAPI.params);
    const answer = await this.asking('accessTokenAPI', () =>
      this.network.postForm(accessTokenAPI.url, form, this.config),
    );
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
      throw this.unavailable('accessTokenAPI answered something other than an object');
    }
    // An error instead of tokens, as GitHub sends it with a status of 200.
    if ('error' in answer) throw this.refused(`accessTokenAPI: ${String(answer.error)}`);
    return answer as OAuthTokens;
  }

  override async getUserInfo({ oAuthTokens, userContext }: GetUserInfoInput): Promise<UserInfo> {
    const { getProfileInfo } = await this.get();
    const profile = await this.asking('getProfileInfo', () => getProfileInfo(oAuthTokens, userContext));
    const thirdPartyUserId = toUserId(profile?.id);
    if (thirdPartyUserId === undefined) throw this.unavailable('getProfileInfo returned no id');
    const id = toEmail(profile.email?.id);
    const email = id === undefined ? undefined : { id, isVerified: profile.email?.isVerified === true };
    return { thirdPartyUserId, email, rawUserInfoFromProvider: {} };
  }

  override async assertIssuedToUs(): Promise<void> {
    throw this.refused('it takes no tokens from clients');
  }
}
