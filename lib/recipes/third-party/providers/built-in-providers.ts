import { apple } from './apple.js';
import { bitbucket } from './bitbucket.js';
import { additionalText, addressOf, type BuiltInProvider } from './built-in-provider.js';
import { activeDirectory } from './entra.js';
import { facebook } from './facebook.js';
import { github } from './github.js';
import { google, googleWorkspaces } from './google.js';
import type { ProviderConfigForClientType } from './provider.types.js';

/** @see https://docs.gitlab.com/integration/openid_connect_provider/ */
const gitlab: BuiltInProvider = {
  config: { name: 'GitLab', oidcDiscoveryEndpoint: 'https://gitlab.com' },
  scope: ['openid', 'email'],
  complete: (config) => discoveryAt(config, 'gitlabBaseUrl', (url) => url),
  authorizationEndpointAt(endpoint, config) {
    const isOurs = endpoint === (additionalText(config, 'gitlabBaseUrl') ?? 'https://gitlab.com');
    return isOurs ? `${endpoint}/oauth/authorize` : undefined;
  },
  supportsPKCE: true,
};

/** @see https://discord.com/developers/docs/topics/oauth2 */
const discord: BuiltInProvider = {
  config: {
    name: 'Discord',
    authorizationEndpoint: 'https://discord.com/oauth2/authorize',
    tokenEndpoint: 'https://discord.com/api/oauth2/token',
    userInfoEndpoint: 'https://discord.com/api/users/@me',
    userInfoMap: { fromUserInfoAPI: { userId: 'id', email: 'email', emailVerified: 'verified' } },
  },
  scope: ['identify', 'email'],
};

/** @see https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2 */
const linkedin: BuiltInProvider = {
  config: {
    name: 'LinkedIn',
    authorizationEndpoint: 'https://www.linkedin.com/oauth/v2/authorization',
    tokenEndpoint: 'https://www.linkedin.com/oauth/v2/accessToken',
    userInfoEndpoint: 'https://api.linkedin.com/v2/userinfo',
    // LinkedIn repeats no nonce.
    authorizationEndpointQueryParams: { nonce: null },
  },
  scope: ['openid', 'profile', 'email'],
};

/** @see https://developer.okta.com/docs/reference/api/oidc/ */
const okta: BuiltInProvider = {
  config: { name: 'Okta' },
  scope: ['openid', 'email'],
  complete: (config) => discoveryAt(config, 'oktaDomain', addressOf),
  authorizationEndpointAt(endpoint, config) {
    const domain = additionalText(config, 'oktaDomain');
    if (domain === undefined || endpoint !== addressOf(domain)) return undefined;
    // A server of one's own has a path, such as /oauth2/default; that of the organisation has none.
    return new URL(endpoint).pathname === '/' ? `${endpoint}/oauth2/v1/authorize` : `${endpoint}/v1/authorize`;
  },
  supportsPKCE: true,
  addressedBy: 'additionalConfig: { oktaDomain }',
};

/** @see https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/authorization-code */
const twitter: BuiltInProvider = {
  config: {
    name: 'X',
    authorizationEndpoint: 'https://x.com/i/oauth2/authorize',
    tokenEndpoint: 'https://api.x.com/2/oauth2/token',
    userInfoEndpoint: 'https://api.x.com/2/users/me',
    userInfoMap: { fromUserInfoAPI: { userId: 'data.id', email: 'data.confirmed_email' } },
    tokenEndpointAuthMethod: 'client_secret_basic',
    // It gives an email to few applications only.
    requireEmail: false,
  },
  scope: ['users.read', 'tweet.read'],
  complete: ({ forcePKCE = true }) => ({ forcePKCE }),
};

/** @see https://boxyhq.com/docs/jackson/sso-flow/ */
const boxySaml: BuiltInProvider = {
  config: {
    name: 'SAML',
    userInfoMap: { fromUserInfoAPI: { userId: 'id', email: 'email' } },
  },
  complete(config) {
    const boxyURL = additionalText(config, 'boxyURL');
    if (boxyURL === undefined) return {};
    return {
      authorizationEndpoint: config.authorizationEndpoint ?? `${boxyURL}/api/oauth/authorize`,
      tokenEndpoint: config.tokenEndpoint ?? `${boxyURL}/api/oauth/token`,
      userInfoEndpoint: config.userInfoEndpoint ?? `${boxyURL}/api/oauth/userinfo`,
    };
  },
  addressedBy: 'additionalConfig: { boxyURL }',
};

const BUILT_IN: Readonly<Record<string, BuiltInProvider>> = {
  'active-directory': activeDirectory,
  apple,
  bitbucket,
  'boxy-saml': boxySaml,
  discord,
  facebook,
  github,
  gitlab,
  'google-workspaces': googleWorkspaces,
  google,
  linkedin,
  okta,
  twitter,
};

/** `google-acme` and `okta2` are Google and Okta, too: an application may have several of one kind. */
export function builtInProvider(thirdPartyId: string): BuiltInProvider | undefined {
  const name = Object.keys(BUILT_IN)
    .filter((each) => thirdPartyId.startsWith(each) && !/^[a-z]/i.test(thirdPartyId.slice(each.length)))
    .sort((a, b) => b.length - a.length)[0];
  return name === undefined ? undefined : BUILT_IN[name];
}

function discoveryAt(
  config: ProviderConfigForClientType,
  name: string,
  toEndpoint: (text: string) => string,
): Partial<ProviderConfigForClientType> {
  const text = additionalText(config, name);
  return text === undefined ? {} : { oidcDiscoveryEndpoint: toEndpoint(text) };
}
