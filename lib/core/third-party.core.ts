import type { JsonObject } from './json.types.js';
import type { User } from './users.core.js';

/** The outcome of a sign-in by an identity provider: the user, and whether it is new. */
export type ThirdPartySignInUpResult =
  | { status: 'OK'; createdNewRecipeUser: boolean; user: User; recipeUserId: string }
  | { status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR'; reason: string };

/** What the core answers: beside the outcomes above, that the account is one of another issuer. */
export type IdentitySignInUpResult = ThirdPartySignInUpResult | { status: 'OTHER_ISSUER_ERROR'; issuer: string };

export interface ThirdPartySignInUpInput {
  tenantId: string;
  /** The provider's id, such as `google`: 1 to 256 characters. */
  thirdPartyId: string;
  /** The user's id at the provider (the OpenID subject): 1 to 256 characters, compared exactly. */
  thirdPartyUserId: string;
  email: string;
  /** Whether the provider says that the email belongs to the user. */
  isVerified: boolean;
  /**
   * Who vouches for `thirdPartyUserId`, such as `iss` of an ID token: 1 to 1024 characters. It is kept with the account, and
   * another issuer is refused from then on. Without one, nothing is compared and nothing is kept.
   */
  issuer?: string;
  /** Issuers whose users are those of `issuer`: their accounts move to it. @default none */
  formerIssuers?: readonly string[];
}

/** The application as one kind of client knows the provider. */
export interface ProviderClientConfig {
  /** Tells clients of one provider apart, such as `web` and `ios`. Needed where there are several. */
  clientType?: string;
  /** As the provider issued it. */
  clientId: string;
  /** Absent for public clients, which use PKCE. Apple's is made of `additionalConfig`. */
  clientSecret?: string;
  /** What the user is asked to allow. @default what the provider needs to tell the email */
  scope?: string[];
  /** PKCE is used in any case where there is no secret, or the provider says that it knows S256. */
  forcePKCE?: boolean;
  /**
   * Whether this client may bring tokens that it got from the provider itself (`oAuthTokens`), as mobile SDKs do. Anyone who has
   * such a token can bring it. In a tenant's configuration also `additionalConfig: { acceptsOAuthTokens: true }`. @default false
   */
  acceptsOAuthTokens?: boolean;
  /** What one provider needs and others do not, such as Apple's `{ keyId, teamId, privateKey }`. */
  additionalConfig?: JsonObject;
}

/** Where a provider's answers hold what we ask for; paths into them have dots. */
export interface UserInfoFields {
  userId?: string;
  email?: string;
  emailVerified?: string;
}

/** Where an identity provider's answer holds the id and the email of a user, as dotted paths. */
export interface UserInfoMap {
  fromIdTokenPayload?: UserInfoFields;
  fromUserInfoAPI?: UserInfoFields;
}

/** A provider as the core keeps it for a tenant. A parameter or header that is null takes a default away. */
export interface ThirdPartyConfig {
  /** 1 to 256 characters, such as `google`: a built-in provider's, or one of your own. */
  thirdPartyId: string;
  /** Shown to users, as in "Continue with …". */
  name?: string;
  /** One for each kind of client that has an id of its own at the provider. */
  clients?: ProviderClientConfig[];
  /** Where browsers are sent to sign in. @default as discovery says; the same for the other endpoints and `jwksURI` */
  authorizationEndpoint?: string;
  /** Added to its query. */
  authorizationEndpointQueryParams?: Record<string, string | null>;
  /** Where a code is exchanged for tokens. */
  tokenEndpoint?: string;
  /** Added to the body of that request. */
  tokenEndpointBodyParams?: Record<string, string | null>;
  /** Where the user's id and email are read with the access token. */
  userInfoEndpoint?: string;
  /** Added to its query. */
  userInfoEndpointQueryParams?: Record<string, string | null>;
  /** Added to its headers. */
  userInfoEndpointHeaders?: Record<string, string | null>;
  /** Where the keys are that sign ID tokens. */
  jwksURI?: string;
  /** The issuer, with or without `/.well-known/openid-configuration`. */
  oidcDiscoveryEndpoint?: string;
  /** Where the provider's answers hold the id and the email. */
  userInfoMap?: UserInfoMap;
  /** Without an email there is no sign-in, unless this is false. @default true */
  requireEmail?: boolean;
}

/** How the wire begins its refusal of a configuration that cannot work; the reason follows. */
export const INVALID_THIRD_PARTY_CONFIG = 'Invalid third party config: ';

/** `reason` says what is wrong with a configuration that cannot work. */
export type CreateOrUpdateThirdPartyConfigResult =
  { status: 'OK'; createdNew: boolean } | { status: 'CONFIG_VALIDATION_ERROR'; reason: string };

/**
 * Users who sign in by an identity provider. An identity is the provider and the user's id there, as one issuer has given it,
 * never the email. Methods throw `UnknownTenantError` when there is no tenant of that id.
 */
export abstract class ThirdPartyCore {
  /**
   * Finds the user of an identity or makes one; two calls at once with one identity make one user. An email that
   * has changed at the provider changes here. Verified once, an email stays so until it changes.
   * @returns `OTHER_ISSUER_ERROR`, with the issuer of the account, where the id is the same by chance; nothing has changed
   * @throws {BadInputError} an id or an issuer that is empty or too long
   */
  abstract signInUp(input: ThirdPartySignInUpInput): Promise<IdentitySignInUpResult>;

  /**
   * Replaces what is kept under the provider's id for the tenant.
   * @param input.skipValidation keeps a configuration that cannot work
   */
  abstract createOrUpdateThirdPartyConfig(input: {
    tenantId: string;
    config: ThirdPartyConfig;
    skipValidation?: boolean;
  }): Promise<CreateOrUpdateThirdPartyConfigResult>;

  abstract deleteThirdPartyConfig(input: {
    tenantId: string;
    thirdPartyId: string;
  }): Promise<{ status: 'OK'; didConfigExist: boolean }>;

  /** @returns in the order of their ids */
  abstract listThirdPartyConfigs(tenantId: string): Promise<ThirdPartyConfig[]>;
}
