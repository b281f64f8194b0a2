import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../../core/json.types.js';
import type { BuiltInProvider } from './built-in-provider.js';
import { Provider } from './provider.js';
import type { GetUserInfoInput } from './provider.types.js';

/** @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging */
@Injectable()
export class FacebookProvider extends Provider {
  override async assertIssuedToUs(input: GetUserInfoInput): Promise<void> {
    const { clientId, clientSecret, validateAccessToken, userInfoEndpoint } = this.config;
    const { access_token: accessToken } = input.oAuthTokens;
    if (accessToken === undefined || validateAccessToken !== undefined) return super.assertIssuedToUs(input);
    const url = new URL('debug_token', userInfoEndpoint);
    url.searchParams.set('input_token', accessToken);
    url.searchParams.set('access_token', `${clientId}|${clientSecret ?? ''}`);
    const answer = await this.asking('debug_token', () => this.network.getJSON(url.href, {}, this.config));
    const { app_id: appId, is_valid: isValid } = ((answer as JsonObject | null)?.data ?? {}) as JsonObject;
    if (isValid !== true || appId !== clientId) throw this.refused('the access token is of another application');
  }
}

export const facebook: BuiltInProvider = {
  config: {
    name: 'Facebook',
    authorizationEndpoint: 'https://www.facebook.com/v23.0/dialog/oauth',
    tokenEndpoint: 'https://graph.facebook.com/v23.0/oauth/access_token',
    userInfoEndpoint: 'https://graph.facebook.com/v23.0/me',
    userInfoEndpointQueryParams: { fields: 'id,name,email' },
    // It says of no email that it is verified.
    userInfoMap: { fromUserInfoAPI: { userId: 'id', email: 'email' } },
  },
  scope: ['email', 'public_profile'],
  useClass: FacebookProvider,
};
