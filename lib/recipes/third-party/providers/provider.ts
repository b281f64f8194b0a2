import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { decodeJwt } from 'jose/jwt/decode';
import type { JsonObject } from '../../../core/json.types.js';
import type { UserContext } from '../../../http/user-context.js';
import { nonceFor, verifyIdToken } from './id-token.js';
import { mapUserInfo } from './map-user-info.js';
import { ProviderConnection, setAll } from './provider-connection.js';
import type {
  AuthorisationRedirect,
  ExchangeAuthCodeInput,
  GetAuthorisationRedirectURLInput,
  GetUserInfoInput,
  OAuthTokens,
  ProviderMetadata,
  TypeProvider,
  TypeProviderGetResponse,
  UserInfo,
} from './provider.types.js';
import { requestTokens } from './token-request.js';

/** In an issuer of Entra ID for several directories: where the user's directory goes. */
const DIRECTORY = '{tenantid}';
const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Those of Entra ID, of its sovereign clouds too, and of its older endpoints. */
const DIRECTORY_ISSUER =
  /^https:\/\/(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn|sts\.(?:windows\.net|chinacloudapi\.cn))\/([^/]+)\//;

/**
 * An identity provider as one kind of client of one tenant sees it. Made again for every request, so that it may
 * keep nothing. A subclass given as `useClass` overrides any of it, and injects what it likes.
 */
@Injectable()
export class Provider extends ProviderConnection implements TypeProvider {
  /** Where the browser goes to sign in. */
  async getAuthorisationRedirectURL(input: GetAuthorisationRedirectURLInput): Promise<AuthorisationRedirect> {
    const metadata = await this.getMetadata('redirect');
    const parameters = this.redirectParameters();
    parameters.set('redirect_uri', input.redirectURIOnProviderDashboard);
    const client = await import('openid-client');
    const pkceCodeVerifier = this.requiresPKCE() || metadata.supportsPKCE ? client.randomPKCECodeVerifier() : undefined;
    if (pkceCodeVerifier !== undefined) {
      parameters.set('code_challenge', await client.calculatePKCECodeChallenge(pkceCodeVerifier));
      parameters.set('code_challenge_method', 'S256');
      if (this.sendsNonce()) parameters.set('nonce', nonceFor(pkceCodeVerifier));
    }
    setAll(parameters, this.config.authorizationEndpointQueryParams);

    const url = new URL(this.endpoint('authorizationEndpoint', metadata));
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    return { urlWithQueryParams: url.href, ...(pkceCodeVerifier === undefined ? {} : { pkceCodeVerifier }) };
  }

  /** Asks the provider for the tokens that a code stands for. */
  async exchangeAuthCodeForOAuthTokens({ redirectURIInfo }: ExchangeAuthCodeInput): Promise<OAuthTokens> {
    const { redirectURIOnProviderDashboard, redirectURIQueryParams, pkceCodeVerifier } = redirectURIInfo;
    const metadata = await this.getMetadata();
    this.checkRedirect(redirectURIQueryParams, metadata);
    const { code } = redirectURIQueryParams;
    if (code === undefined || code === '') throw this.refused('the redirect has no code');
    if (pkceCodeVerifier === undefined && this.requiresPKCE()) throw this.refused('there is no pkceCodeVerifier');

    const parameters = new URLSearchParams({ code, redirect_uri: redirectURIOnProviderDashboard });
    if (pkceCodeVerifier !== undefined) parameters.set('code_verifier', pkceCodeVerifier);
    setAll(parameters, this.config.tokenEndpointBodyParams);
    const tokens = await this.asking('the token endpoint', async () =>
      requestTokens(this.network, {
        parameters,
        config: this.config,
        tokenEndpoint: this.endpoint('tokenEndpoint', metadata),
        clientSecret: await this.getClientSecret(),
        authMethod: this.config.tokenEndpointAuthMethod ?? metadata.tokenEndpointAuthMethod,
      }),
    );
    if (pkceCodeVerifier !== undefined && this.sendsNonce()) this.checkNonce(tokens, nonceFor(pkceCodeVerifier));
    return tokens;
  }

  /** Who the tokens belong to. */
  async getUserInfo({ oAuthTokens, userContext }: GetUserInfoInput): Promise<UserInfo> {
    const { access_token: accessToken, id_token: idToken } = oAuthTokens;
    const fromIdTokenPayload = idToken === undefined ? undefined : await this.acceptIdToken(idToken, userContext);
    const fromUserInfoAPI = accessToken === undefined ? undefined : await this.fetchUserInfo(accessToken);
    const rawUserInfoFromProvider = { fromIdTokenPayload, fromUserInfoAPI };
    const mapped = mapUserInfo(rawUserInfoFromProvider, this.config.userInfoMap);
    if ('problem' in mapped) throw this.refused(mapped.problem);
    return { ...mapped, issuer: await this.issuerOf(fromIdTokenPayload), rawUserInfoFromProvider };
  }

  /** Issuers whose accounts are the user's, too: see `formerIssuers` of the configuration. */
  formerIssuersOf({ rawUserInfoFromProvider }: UserInfo): string[] {
    const { tid } = rawUserInfoFromProvider.fromIdTokenPayload ?? {};
    const { formerIssuers = [] } = this.config;
    return formerIssuers
      .map((issuer) => (typeof tid === 'string' ? issuer.replace(DIRECTORY, tid) : issuer))
      .filter((issuer) => !issuer.includes(DIRECTORY));
  }

  /**
   * Tokens that a client got by itself must have been issued to this application: with an access token that another
   * application was given, anyone who runs that one would sign in as its users. An id token says whom it is for; for
   * access tokens there is `validateAccessToken`.
   * @throws {ProviderError}
   * @see RFC 9700 §4.10.2, and RFC 6749 §10.16
   */
  async assertIssuedToUs({ oAuthTokens, userContext }: GetUserInfoInput): Promise<void> {
    const { access_token: accessToken, id_token: idToken } = oAuthTokens;
    const { validateAccessToken } = this.config;
    if (accessToken !== undefined && validateAccessToken !== undefined) {
      await this.validating('the access token', () =>
        validateAccessToken({ accessToken, clientConfig: this.config, userContext }),
      );
      return;
    }
    // That it is for us is checked when it is used.
    const isVerifiable = idToken !== undefined && (await this.getMetadata()).jwksURI !== undefined;
    if (!isVerifiable) throw this.refused('an access token from a client does not say which application it is for');
  }

  /**
   * An address for a user whose provider gives none.
   * @returns undefined where an email is required
   */
  async getFakeEmail(input: {
    thirdPartyUserId: string;
    tenantId: string;
    userContext: UserContext;
  }): Promise<UserInfo['email']> {
    const { requireEmail = true, generateFakeEmail } = this.config;
    if (requireEmail) return undefined;
    const subject = createHash('sha256').update(input.thirdPartyUserId).digest('hex').slice(0, 32);
    const id = (await generateFakeEmail?.(input)) ?? `${subject}@${this.id.toLowerCase()}.invalid`;
    // As the wire's drivers have it: there is no mailbox to follow a link from.
    return { id, isVerified: true };
  }

  /** The same provider in the form of a `TypeProvider`, without PKCE. */
  async get(
    redirectURI: string | undefined,
    authCodeFromRequest: string | undefined,
  ): Promise<TypeProviderGetResponse> {
    const metadata = await this.getMetadata();
    const { clientId } = this.config;
    const redirect = this.redirectParameters();
    setAll(redirect, this.config.authorizationEndpointQueryParams);
    const exchange = new URLSearchParams({ client_id: clientId, grant_type: 'authorization_code' });
    const tokenRequest = {
      client_secret: await this.getClientSecret(),
      redirect_uri: redirectURI,
      code: authCodeFromRequest,
    };
    for (const [name, value] of Object.entries(tokenRequest)) if (value !== undefined) exchange.set(name, value);
    setAll(exchange, this.config.tokenEndpointBodyParams);
    return {
      authorisationRedirect: {
        url: this.endpoint('authorizationEndpoint', metadata),
        params: Object.fromEntries(redirect),
      },
      accessTokenAPI: { url: this.endpoint('tokenEndpoint', metadata), params: Object.fromEntries(exchange) },
      getClientId: () => clientId,
      getProfileInfo: async (oAuthTokens, userContext) => {
        const { thirdPartyUserId, email } = await this.getUserInfo({ oAuthTokens, tenantId: 'public', userContext });
        return { id: thirdPartyUserId, email };
      },
    };
  }

  /** Whether an id token's issuer is this provider. Where the configuration names none, its keys say it. */
  protected isIssuer({ iss, tid }: JWTPayload, issuer: string | undefined): boolean {
    // All directories of Entra ID share their keys: only the directory's id tells one from another.
    const directory = DIRECTORY_ISSUER.exec(iss ?? '')?.[1];
    if (directory !== undefined && directory !== tid) return false;
    // Endpoints that are given by hand, without an issuer: the browser is sent to one directory.
    const ownDirectory = DIRECTORY_ISSUER.exec(this.config.authorizationEndpoint ?? '')?.[1]?.toLowerCase();
    const isOfOne = issuer === undefined && ownDirectory !== undefined && GUID.test(ownDirectory);
    if (isOfOne && directory !== undefined && directory !== ownDirectory) return false;
    // Its issuer for several directories has a gap where the user's directory goes.
    if (issuer?.includes(DIRECTORY) && !(typeof tid === 'string' && GUID.test(tid))) return false;
    return issuer === undefined || iss === issuer.replace(DIRECTORY, typeof tid === 'string' ? tid : '');
  }

  /**
   * Whose users the id is one of: the issuer that an id token names, else the only one that the provider has. A provider of
   * OAuth 2 has none, so there it is the server that told the id.
   * @returns undefined where there are several, and nothing tells which one it is
   */
  protected async issuerOf(idTokenPayload: JsonObject | undefined): Promise<string | undefined> {
    if (typeof idTokenPayload?.iss === 'string') return idTokenPayload.iss;
    const { issuer, jwksURI, userInfoEndpoint } = await this.getMetadata();
    if (issuer !== undefined) return issuer.includes(DIRECTORY) ? undefined : issuer;
    if (jwksURI !== undefined || userInfoEndpoint === undefined || !URL.canParse(userInfoEndpoint)) return undefined;
    return new URL(userInfoEndpoint).origin;
  }

  private redirectParameters(): URLSearchParams {
    const { clientId, scope } = this.config;
    const parameters = new URLSearchParams({ client_id: clientId, response_type: 'code' });
    if (scope !== undefined) parameters.set('scope', scope.join(' '));
    return parameters;
  }

  /** With nothing else that shows who redeems a code, a stolen one would do. */
  protected requiresPKCE(): boolean {
    return this.config.clientSecret === undefined || this.config.forcePKCE === true;
  }

  /** Only OpenID providers repeat it in an id token; and one of the application's own is not ours to check. */
  private sendsNonce(): boolean {
    const { scope, authorizationEndpointQueryParams } = this.config;
    return scope?.includes('openid') === true && authorizationEndpointQueryParams?.nonce === undefined;
  }

  /** @see RFC 9207 §2.4: a redirect from another provider is not to be answered with a request to this one */
  private checkRedirect({ iss, error, error_description: detail }: Record<string, string>, metadata: ProviderMetadata) {
    if (iss === undefined && metadata.sendsIssuer) throw this.refused('the redirect does not say who it comes from');
    if (iss !== undefined && metadata.issuer !== undefined && iss !== metadata.issuer) {
      throw this.refused(`the redirect comes from ${iss}`);
    }
    if (error !== undefined)
      throw this.refused(`the redirect says ${error}${detail === undefined ? '' : `: ${detail}`}`);
  }

  /** The signature is checked when the token is used. */
  private checkNonce({ id_token: idToken }: OAuthTokens, nonce: string): void {
    if (idToken === undefined) return;
    let payload: JWTPayload;
    try {
      payload = decodeJwt(idToken);
    } catch (error) {
      throw this.unavailable('the id token cannot be read', error);
    }
    if (payload.nonce !== nonce) throw this.refused('the id token was asked for by somebody else');
  }

  /** @returns undefined where there are no keys to verify it with: then nothing in it is believed */
  private async acceptIdToken(idToken: string, userContext: UserContext): Promise<JsonObject | undefined> {
    const { jwksURI, issuer } = await this.getMetadata();
    if (jwksURI === undefined) return undefined;
    const { config } = this;
    const payload = await this.validating('the id token', async () =>
      verifyIdToken(idToken, {
        keys: await this.network.keys(jwksURI, config),
        clientId: config.clientId,
        isIssuer: (claims) => this.isIssuer(claims, issuer),
      }),
    );
    const idTokenPayload = payload as JsonObject;
    await this.validating('the id token', async () =>
      config.validateIdTokenPayload?.({ idTokenPayload, clientConfig: config, userContext }),
    );
    return idTokenPayload;
  }
}
