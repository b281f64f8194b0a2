import { Injectable } from '@nestjs/common';
import type { BuiltInProvider } from './built-in-provider.js';
import { toEmail, toUserId } from './map-user-info.js';
import { Provider } from './provider.js';
import type { GetUserInfoInput, UserInfo } from './provider.types.js';

interface GitHubEmail {
  email?: unknown;
  primary?: unknown;
  verified?: unknown;
}

/** @see https://docs.github.com/en/rest/users/emails */
@Injectable()
export class GitHubProvider extends Provider {
  /** The profile holds the email the user shows to everybody: often none. The others have an endpoint of their own. */
  override async getUserInfo({ oAuthTokens }: GetUserInfoInput): Promise<UserInfo> {
    const { access_token: accessToken } = oAuthTokens;
    if (accessToken === undefined) throw this.refused('there is no access token');
    const endpoint = this.api('/user');
    const [user, emails] = await Promise.all([
      this.getObject(endpoint, accessToken),
      this.unlessRefused(() => this.getJSON(`${endpoint}/emails`, accessToken)),
    ]);
    const thirdPartyUserId = toUserId(user.id);
    if (thirdPartyUserId === undefined) throw this.unavailable('the user has no id');
    const primary = (Array.isArray(emails) ? (emails as GitHubEmail[]) : []).find((each) => each?.primary === true);
    const email = toEmail(primary?.email);
    return {
      thirdPartyUserId,
      issuer: await this.issuerOf(undefined),
      email: email === undefined ? undefined : { id: email, isVerified: primary?.verified === true },
      rawUserInfoFromProvider: { fromUserInfoAPI: { user, emails: (emails ?? []) as never } },
    };
  }

  /** @see https://docs.github.com/en/rest/apps/oauth-applications#check-a-token */
  override async assertIssuedToUs(input: GetUserInfoInput): Promise<void> {
    const { clientId, clientSecret, validateAccessToken } = this.config;
    if (validateAccessToken !== undefined) return super.assertIssuedToUs(input);
    const { access_token: accessToken } = input.oAuthTokens;
    if (accessToken === undefined) throw this.refused('there is no access token');
    const credentials = Buffer.from(`${clientId}:${clientSecret ?? ''}`).toString('base64');
    await this.asking('the check of the access token', async () => {
      const { status } = await this.network.fetch(
        this.api(`/applications/${encodeURIComponent(clientId)}/token`),
        {
          method: 'POST',
          headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
          body: JSON.stringify({ access_token: accessToken }),
        },
        this.config,
      );
      // 404: not a token, or not of this application.
      if (status !== 200) throw this.refused(`the check of the access token answered ${status}`);
    });
  }

  /** GitHub Enterprise has its API below a path. */
  private api(path: string): string {
    return `${this.config.userInfoEndpoint!.replace(/\/user\/?$/, '')}${path}`;
  }
}

export const github: BuiltInProvider = {
  config: {
    name: 'GitHub',
    authorizationEndpoint: 'https://github.com/login/oauth/authorize',
    tokenEndpoint: 'https://github.com/login/oauth/access_token',
    userInfoEndpoint: 'https://api.github.com/user',
    userInfoEndpointHeaders: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  },
  scope: ['read:user', 'user:email'],
  useClass: GitHubProvider,
};
