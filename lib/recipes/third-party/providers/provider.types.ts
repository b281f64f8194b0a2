import type { ProviderClientConfig, ThirdPartyConfig } from '../../../core/third-party.core.js';
import type { JsonObject } from '../../../core/json.types.js';
import type { UserContext } from '../../../http/user-context.js';

/** What a provider's token endpoint answered, with any further members. */
export interface OAuthTokens {
  access_token?: string;
  id_token?: string;
  refresh_token?: string;
  [name: string]: unknown;
}

/** What the provider told of the user, unchanged. */
export interface RawUserInfo {
  fromIdTokenPayload?: JsonObject;
  fromUserInfoAPI?: JsonObject;
}

/** A user as a provider describes them. */
export interface UserInfo {
  /** The user's id at the provider. */
  thirdPartyUserId: string;
  /** Who vouches for that id: an account belongs to one issuer. Undefined where that cannot be said, so that nothing is compared. */
  issuer?: string;
  /** Absent where the provider gives none. */
  email?: { id: string; isVerified: boolean };
  rawUserInfoFromProvider: RawUserInfo;
}

/** How a user came back from the provider. */
export interface RedirectURIInfo {
  redirectURIOnProviderDashboard: string;
  /** The query parameters the provider has added, such as `code`. */
  redirectURIQueryParams: Record<string, string>;
  /** As `getAuthorisationRedirectURL` returned it. */
  pkceCodeVerifier?: string;
}

/** Where a browser is sent to sign in, and the PKCE verifier that the client keeps meanwhile. */
export interface AuthorisationRedirect {
  urlWithQueryParams: string;
  /** To be kept by the client and sent back with the code. */
  pkceCodeVerifier?: string;
}

interface WithTenant {
  tenantId: string;
  userContext: UserContext;
}

/** The input of `Provider.getAuthorisationRedirectURL`. */
export interface GetAuthorisationRedirectURLInput extends WithTenant {
  redirectURIOnProviderDashboard: string;
}

/** The input of `Provider.exchangeAuthCodeForOAuthTokens`. */
export interface ExchangeAuthCodeInput extends WithTenant {
  redirectURIInfo: RedirectURIInfo;
}

/** The input of `Provider.getUserInfo`. */
export interface GetUserInfoInput extends WithTenant {
  oAuthTokens: OAuthTokens;
}

/** How the client of the application is known to the token endpoint. */
export type TokenEndpointAuthMethod = 'client_secret_post' | 'client_secret_basic';

/** What can be said about a provider only in code. */
interface ProviderFunctions {
  /** Throws where an id token, though valid, is not to be accepted. */
  validateIdTokenPayload?(input: {
    idTokenPayload: JsonObject;
    clientConfig: ProviderConfigForClientType;
    userContext: UserContext;
  }): Promise<void>;
  /** Throws where an access token that a client brought is not to be accepted. */
  validateAccessToken?(input: {
    accessToken: string;
    clientConfig: ProviderConfigForClientType;
    userContext: UserContext;
  }): Promise<void>;
  /** An address for users of a provider that gives none, where `requireEmail` is false. */
  generateFakeEmail?(input: { thirdPartyUserId: string; tenantId: string; userContext: UserContext }): Promise<string>;
}

/** One of `providers` in `ThirdPartyRecipe.init`: what the core can keep for a tenant as well, and what is said in code only. */
export interface ProviderConfig extends ThirdPartyConfig, ProviderFunctions {
  /**
   * What id tokens name as their issuer, where discovery says otherwise or is not used: with Entra External ID and Azure
   * AD B2C, for instance, it is not the address of the discovery document. @default as discovery says
   */
  issuer?: string;
  /**
   * Issuers that this provider had before, as after a move to another domain: their accounts go on under the present one. List
   * only issuers that give users the same ids. `{tenantid}` stands for the user's directory. @default []
   */
  formerIssuers?: string[];
  /** Allows http where the host is not the loopback address. Tokens are then readable on the way. @default false */
  allowInsecureRequests?: boolean;
  /** @default 'client_secret_post', unless discovery says that only the other is known */
  tokenEndpointAuthMethod?: TokenEndpointAuthMethod;
}

/** Where a provider is asked: configured, else discovered. */
export interface ProviderMetadata {
  /** Undefined where neither the configuration nor discovery names one. */
  issuer?: string;
  authorizationEndpoint?: string;
  tokenEndpoint?: string;
  userInfoEndpoint?: string;
  jwksURI?: string;
  /** Whether the provider says that it knows S256. */
  supportsPKCE: boolean;
  tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  /** Whether a browser that comes back from it must bring its issuer (RFC 9207). */
  sendsIssuer: boolean;
}

/** What the redirect to a provider needs of its metadata. */
export interface BuiltInRedirect {
  authorizationEndpoint: string;
  supportsPKCE: boolean;
}

/** One provider as one kind of client sees it. */
export type ProviderConfigForClientType = Omit<ProviderConfig, 'clients'> & ProviderClientConfig;

/** What `TypeProvider.get` returns: the two requests of OAuth 2, and who the user is. */
export interface TypeProviderGetResponse {
  accessTokenAPI: { url: string; params: Record<string, string> };
  authorisationRedirect: {
    url: string;
    /** Query parameters; a function makes its value of the request. */
    params: Record<string, string | ((request: unknown) => string)>;
  };
  /** Asks the provider who the user is. */
  getProfileInfo(
    authCodeResponse: OAuthTokens,
    userContext: UserContext,
  ): Promise<{ id: string; email?: { id: string; isVerified: boolean } }>;
  /** The client id at the provider. */
  getClientId?(userContext: UserContext): string;
  /** Where it differs from what the frontend says. */
  getRedirectURI?(userContext: UserContext): string;
}

/** A provider as plain data, for applications that have written one in this form. */
export interface TypeProvider {
  id: string;
  /** Describes the provider for one sign-in. */
  get(redirectURI: string | undefined, authCodeFromRequest: string | undefined): Promise<TypeProviderGetResponse>;
}
