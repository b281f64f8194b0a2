import { randomBytes, randomUUID, type JsonWebKey } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Provider, type Account, type ClientMetadata, type Configuration } from 'oidc-provider';
import { CookieJar } from '../../lib/testing/cookie-jar.js';
import { memoryAdapter } from '../../sample-app/identity-provider/memory-adapter.js';
import { keptRsaKeyPair } from './kept-rsa-key-pair.js';
import { idTokenForger, type IdTokenForger, type IdTokenForgery } from './id-tokens.js';
import { TamperingProxy, textOf } from './tampering-proxy.js';

/** What the provider knows of somebody; any further claim may be added. */
export interface ProviderAccount {
  sub: string;
  email?: string;
  email_verified?: boolean;
  [claim: string]: unknown;
}

export interface OidcProviderOptions {
  /** @default 'http://127.0.0.1:3000/auth/callback/local' */
  redirectURIs?: string[];
  /** Further settings of the server. */
  configuration?: Configuration;
}

export const REDIRECT_URI = 'http://127.0.0.1:3000/auth/callback/local';

/** A confidential client, which authenticates in the request's body; of one that is not, only PKCE is known. */
export const CONFIDENTIAL_CLIENT = { clientId: 'web', clientSecret: 'secret-of-the-web-client' };
/** The same by HTTP Basic. */
export const BASIC_CLIENT = { clientId: 'basic', clientSecret: 'secret-of-the-basic-client' };
export const PUBLIC_CLIENT = { clientId: 'mobile' };

/** The paths of the server, as its discovery document names them. */
export const ENDPOINTS = {
  discovery: '/.well-known/openid-configuration',
  authorization: '/auth',
  token: '/token',
  userinfo: '/me',
  jwks: '/jwks',
} as const;

const STORED = ['AccessToken', 'AuthorizationCode', 'Grant', 'IdToken', 'Interaction', 'RefreshToken', 'Session'];

/** The end of the provider's part: where it sends the browser back to. */
export interface AuthorisationResponse {
  redirectURI: string;
  /** As the frontend passes them on: `code`, `state`, `iss`, or `error`. */
  query: Record<string, string>;
}

/**
 * A certified OpenID provider on the loopback address, with accounts, clients and a login page of its own.
 * What it would never do by itself is done to its answers on their way out.
 */
export class TestOidcProvider {
  readonly accounts = new Map<string, ProviderAccount>();
  private readonly adapter = memoryAdapter();
  private rotations = 0;
  private keys: JsonWebKey[] = [newKey(0)];
  private handler: RequestListener = () => {};

  private constructor(
    readonly proxy: TamperingProxy,
    private readonly options: OidcProviderOptions,
  ) {}

  static async start(options: OidcProviderOptions = {}): Promise<TestOidcProvider> {
    const started: TestOidcProvider[] = [];
    const proxy = await TamperingProxy.start((request, response) => started[0]!.handler(request, response));
    const provider = new TestOidcProvider(proxy, options);
    started.push(provider);
    provider.configure();
    return provider;
  }

  get issuer(): string {
    return this.proxy.url;
  }

  get discoveryEndpoint(): string {
    return `${this.issuer}${ENDPOINTS.discovery}`;
  }

  /** The secret key that signs id tokens at present. */
  get signingKey(): JsonWebKey {
    return this.keys[0]!;
  }

  /** Adds somebody who can sign in. Without an email given, there is a verified one. */
  addAccount(account: Partial<ProviderAccount> = {}): ProviderAccount {
    const sub = account.sub ?? `sub-${randomUUID()}`;
    const added = { sub, email: `${sub}@provider.example`, email_verified: true, ...account };
    this.accounts.set(sub, added);
    return added;
  }

  /** Signs with a new key from now on. @param keepOld whether tokens of the old one can still be verified */
  rotateKeys({ keepOld = true } = {}): void {
    this.keys = [newKey(++this.rotations), ...(keepOld ? this.keys : [])];
    this.configure();
  }

  /** Spoils every id token that leaves. */
  forgeIdTokens(forge: (forger: IdTokenForger) => IdTokenForgery | Promise<IdTokenForgery>): void {
    this.proxy.tamper(ENDPOINTS.token, {
      change: async (answer) => {
        const body = JSON.parse(answer.body) as { id_token?: string };
        if (body.id_token === undefined) return answer;
        const id_token = await forge(idTokenForger(body.id_token, this.signingKey));
        return { ...answer, body: JSON.stringify({ ...body, id_token }) };
      },
    });
  }

  /**
   * Goes the way of a browser: from the authorisation URL through the login page, until the provider sends it away.
   * @param sub who signs in; without one the login is cancelled
   */
  async signIn(authorisationURL: string, sub?: string): Promise<AuthorisationResponse> {
    const cookies = new CookieJar();
    let url = authorisationURL;
    for (let hop = 0; hop < 10; hop++) {
      const { origin, pathname } = new URL(url);
      if (origin !== this.issuer) return authorisationResponse(url);
      const isLogin = pathname.startsWith('/interaction/');
      const headers: Record<string, string> = {};
      const cookie = cookies.headerFor(pathname);
      if (cookie !== undefined) headers.cookie = cookie;
      const response = await fetch(url, {
        headers,
        redirect: 'manual',
        ...(isLogin ? { method: 'POST', body: new URLSearchParams(sub === undefined ? {} : { sub }) } : {}),
      });
      cookies.store(response);
      const location = response.headers.get('location');
      if (location === null) {
        throw new Error(`The provider answered ${response.status} at ${url}: ${await response.text()}`);
      }
      url = new URL(location, url).href;
    }
    throw new Error(`The provider redirects without end: ${url}`);
  }

  close(): Promise<void> {
    return this.proxy.close();
  }

  /** The server's keys cannot be changed: a new one takes over, with what the old one has stored. */
  private configure(): void {
    const { redirectURIs = [REDIRECT_URI], configuration } = this.options;
    const provider = new Provider(this.issuer, {
      adapter: this.adapter,
      clients: clientsOf(redirectURIs),
      jwks: { keys: this.keys } as Configuration['jwks'],
      cookies: { keys: ['cookies of a test'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
      ttl: Object.fromEntries(STORED.map((model) => [model, 600])),
      features: { devInteractions: { enabled: false } },
      findAccount: (_context, sub): Account | undefined => {
        const account = this.accounts.get(sub);
        return account && { accountId: sub, claims: () => account };
      },
      issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
      // Anyone who has signed in consents.
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ accountId: oidc.session!.accountId!, clientId: oidc.client!.clientId });
        grant.addOIDCScope('openid email profile offline_access');
        await grant.save();
        return grant;
      },
      renderError(context, out) {
        context.type = 'json';
        context.body = JSON.stringify(out);
      },
      ...configuration,
    });
    const callback = provider.callback();
    this.handler = (request, response) => {
      if (request.url?.startsWith('/interaction/')) void login(provider, request, response);
      else void callback(request, response);
    };
  }
}

async function login(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sub = new URLSearchParams(await textOf(request)).get('sub');
  const result = sub === null ? { error: 'access_denied' } : { login: { accountId: sub } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function authorisationResponse(url: string): AuthorisationResponse {
  const { origin, pathname, searchParams } = new URL(url);
  return { redirectURI: `${origin}${pathname}`, query: Object.fromEntries(searchParams) };
}

function clientsOf(redirectURIs: string[]): ClientMetadata[] {
  const grants = { redirect_uris: redirectURIs, grant_types: ['authorization_code', 'refresh_token'] };
  return [
    { ...grants, ...credentials(CONFIDENTIAL_CLIENT), token_endpoint_auth_method: 'client_secret_post' },
    { ...grants, ...credentials(BASIC_CLIENT), token_endpoint_auth_method: 'client_secret_basic' },
    { ...grants, client_id: PUBLIC_CLIENT.clientId, token_endpoint_auth_method: 'none' },
  ];
}

function credentials({ clientId, clientSecret }: { clientId: string; clientSecret: string }) {
  return { client_id: clientId, client_secret: clientSecret };
}

function newKey(number: number): JsonWebKey {
  const { privateKey } = keptRsaKeyPair(`oidc-provider-${number}`);
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' };
}
