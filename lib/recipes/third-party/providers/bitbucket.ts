import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../../core/json.types.js';
import type { BuiltInProvider } from './built-in-provider.js';
import { Provider } from './provider.js';

/** @see https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/ */
@Injectable()
export class BitbucketProvider extends Provider {
  /** The profile has no email. */
  protected override async fetchUserInfo(accessToken: string): Promise<JsonObject> {
    const endpoint = this.config.userInfoEndpoint!;
    const [user, emails] = await Promise.all([
      this.getObject(endpoint, accessToken),
      this.unlessRefused(() => this.getObject(`${endpoint}/emails`, accessToken)),
    ]);
    const values = Array.isArray(emails?.values) ? (emails.values as (JsonObject | null)[]) : [];
    const primary = values.find((each) => each?.is_primary === true);
    return { ...user, emails: values, primary_email: primary ?? undefined };
  }
}

export const bitbucket: BuiltInProvider = {
  config: {
    name: 'Bitbucket',
    authorizationEndpoint: 'https://bitbucket.org/site/oauth2/authorize',
    tokenEndpoint: 'https://bitbucket.org/site/oauth2/access_token',
    userInfoEndpoint: 'https://api.bitbucket.org/2.0/user',
    userInfoMap: {
      fromUserInfoAPI: {
        userId: 'uuid',
        email: 'primary_email.email',
        emailVerified: 'primary_email.is_confirmed',
      },
    },
  },
  scope: ['account', 'email'],
  useClass: BitbucketProvider,
};
