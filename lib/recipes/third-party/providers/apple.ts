import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../../core/json.types.js';
import { additionalText, type BuiltInProvider } from './built-in-provider.js';
import { Provider } from './provider.js';
import type { ExchangeAuthCodeInput, GetUserInfoInput, OAuthTokens, UserInfo } from './provider.types.js';

const ISSUER = 'https://appleid.apple.com';
const SECRET_PARTS = ['keyId', 'teamId', 'privateKey'] as const;
const SECRET_LIFETIME_SECONDS = 300;
const MAX_USER_LENGTH = 4096;

/** @see https://developer.apple.com/documentation/signinwithapplerestapi */
@Injectable()
export class AppleProvider extends Provider {
  /** Apple sends the user's name beside the code, with the first sign-in only. */
  override async exchangeAuthCodeForOAuthTokens(input: ExchangeAuthCodeInput): Promise<OAuthTokens> {
    const tokens = await super.exchangeAuthCodeForOAuthTokens(input);
    const user = readUser(input.redirectURIInfo.redirectURIQueryParams.user);
    return user === undefined ? tokens : { ...tokens, user };
  }

  /** The name comes through the browser: it is handed on as raw information, and nothing is decided by it. */
  override async getUserInfo(input: GetUserInfoInput): Promise<UserInfo> {
    const userInfo = await super.getUserInfo(input);
    const { user } = input.oAuthTokens;
    const raw = userInfo.rawUserInfoFromProvider;
    if (typeof user !== 'object' || user === null) return userInfo;
    const fromIdTokenPayload = { ...raw.fromIdTokenPayload, user: user as JsonObject };
    return { ...userInfo, rawUserInfoFromProvider: { ...raw, fromIdTokenPayload } };
  }

  /** Apple's secret is a token that the application signs with its key. */
  protected override async getClientSecret(): Promise<string | undefined> {
    const { clientId, clientSecret } = this.config;
    const [keyId, teamId, privateKey] = SECRET_PARTS.map((name) => additionalText(this.config, name));
    if (clientSecret !== undefined) return clientSecret;
    if (keyId === undefined || teamId === undefined || privateKey === undefined) {
      throw this.unavailable(`its client ${MISSING}`);
    }
    // Keys in environment variables have their line breaks written out.
    const { importPKCS8 } = await import('jose/key/import');
    const { SignJWT } = await import('jose/jwt/sign');
    const key = await importPKCS8(privateKey.replaceAll('\\n', '\n'), 'ES256');
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience(ISSUER)
      .setIssuedAt()
      .setExpirationTime(`${SECRET_LIFETIME_SECONDS}s`)
      .sign(key);
  }

  protected override requiresPKCE(): boolean {
    return this.config.forcePKCE === true;
  }
}

const MISSING = 'lacks a part of its secret. Give additionalConfig: { keyId, teamId, privateKey }';

export const apple: BuiltInProvider = {
  config: {
    name: 'Apple',
    oidcDiscoveryEndpoint: ISSUER,
    // With the scope email, Apple answers by nothing but a form.
    authorizationEndpointQueryParams: { response_mode: 'form_post' },
  },
  scope: ['openid', 'email'],
  authorizationEndpointAt: (endpoint) => (endpoint === ISSUER ? `${ISSUER}/auth/authorize` : undefined),
  useClass: AppleProvider,
  findMistake(client) {
    const hasSecret = client.clientSecret !== undefined || SECRET_PARTS.every((name) => additionalText(client, name));
    return hasSecret ? undefined : MISSING;
  },
};

function readUser(user: unknown): JsonObject | undefined {
  if (typeof user !== 'string' || user.length > MAX_USER_LENGTH) return undefined;
  try {
    const value: unknown = JSON.parse(user);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
