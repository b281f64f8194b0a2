import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthorisationResponse } from './oidc-provider.js';
import { TamperingProxy, textOf } from './tampering-proxy.js';

export interface OAuth2Email {
  email: string;
  primary: boolean;
  verified: boolean;
  visibility: 'public' | 'private' | null;
}

/** Somebody at a provider that knows no OpenID Connect; the id is a number, as GitHub's are. */
export interface OAuth2Account {
  id: number;
  login: string;
  name: string | null;
  /** The public one; most have none. */
  email: string | null;
  emails: OAuth2Email[];
}

export const OAUTH2_CLIENT = { clientId: 'Iv1.0123456789abcdef', clientSecret: 'secret-of-the-oauth2-client' };

/** The paths of the server, GitHub's own. */
export const OAUTH2_ENDPOINTS = {
  authorization: '/login/oauth/authorize',
  token: '/login/oauth/access_token',
  user: '/user',
  emails: '/user/emails',
} as const;

interface Grant {
  account: OAuth2Account;
  scopes: string[];
  redirectURI: string;
  codeChallenge: string | null;
}

type Answer = { status?: number; body: unknown };

/**
 * A provider of OAuth 2 alone, on the loopback address, with the shape of GitHub's: no discovery, no id token,
 * tokens as a form unless JSON is asked for, errors of the token endpoint under status 200, emails at a place of their own.
 */
export class TestOAuth2Provider {
  private readonly accounts = new Map<number, OAuth2Account>();
  private readonly codes = new Map<string, Grant>();
  private readonly tokens = new Map<string, Grant>();

  private constructor(readonly proxy: TamperingProxy) {}

  static async start(): Promise<TestOAuth2Provider> {
    const started: TestOAuth2Provider[] = [];
    const proxy = await TamperingProxy.start((request, response) => void started[0]!.handle(request, response));
    const provider = new TestOAuth2Provider(proxy);
    started.push(provider);
    return provider;
  }

  get url(): string {
    return this.proxy.url;
  }

  addAccount(account: Partial<OAuth2Account> = {}): OAuth2Account {
    const id = account.id ?? 583_231 + this.accounts.size;
    const login = `octocat-${id}`;
    const email: OAuth2Email = {
      email: `${login}@github.example`,
      primary: true,
      verified: true,
      visibility: 'private',
    };
    const added = { id, login, name: 'Mona', email: null, emails: [email], ...account };
    this.accounts.set(id, added);
    return added;
  }

  /** What its authorisation page does when somebody agrees, or, without an id, when nobody does. */
  async signIn(authorisationURL: string, id?: number): Promise<AuthorisationResponse> {
    const { origin, pathname, searchParams } = new URL(authorisationURL);
    if (origin !== this.url || pathname !== OAUTH2_ENDPOINTS.authorization) {
      throw new Error(`This is not the provider's authorisation page: ${authorisationURL}`);
    }
    const redirectURI = searchParams.get('redirect_uri') ?? '';
    const state = searchParams.get('state');
    const query: Record<string, string> =
      id === undefined ? { error: 'access_denied' } : { code: this.createCode(id, searchParams) };
    if (state !== null) query.state = state;
    return { redirectURI, query };
  }

  close(): Promise<void> {
    return this.proxy.close();
  }

  private createCode(id: number, parameters: URLSearchParams): string {
    if (parameters.get('client_id') !== OAUTH2_CLIENT.clientId) throw new Error('The client is unknown');
    const code = randomBytes(10).toString('hex');
    this.codes.set(code, {
      account: this.accounts.get(id)!,
      scopes: (parameters.get('scope') ?? '').split(/[\s,]+/),
      redirectURI: parameters.get('redirect_uri') ?? '',
      codeChallenge: parameters.get('code_challenge'),
    });
    return code;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const isToken = pathname === OAUTH2_ENDPOINTS.token && request.method === 'POST';
    const { status = 200, body } = isToken ? this.token(await textOf(request)) : this.resource(request, pathname);
    const wantsJson = !isToken || (request.headers.accept ?? '').includes('json');
    const text = wantsJson ? JSON.stringify(body) : new URLSearchParams(body as Record<string, string>).toString();
    response.writeHead(status, {
      'content-type': wantsJson
        ? 'application/json; charset=utf-8'
        : 'application/x-www-form-urlencoded; charset=utf-8',
    });
    response.end(text);
  }

  private token(body: string): Answer {
    const form = new URLSearchParams(body);
    const { clientId, clientSecret } = OAUTH2_CLIENT;
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return failed('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.');
    }
    const code = form.get('code') ?? '';
    const grant = this.codes.get(code);
    this.codes.delete(code);
    if (grant === undefined || !isVerifierOf(grant.codeChallenge, form.get('code_verifier'))) {
      return failed('bad_verification_code', 'The code passed is incorrect or expired.');
    }
    if (form.get('redirect_uri') !== grant.redirectURI) {
      return failed('redirect_uri_mismatch', 'The redirect_uri MUST match the registered callback URL.');
    }
    const access_token = `gho_${randomBytes(18).toString('hex')}`;
    this.tokens.set(access_token, grant);
    return { body: { access_token, scope: grant.scopes.join(','), token_type: 'bearer' } };
  }

  private resource({ headers }: IncomingMessage, pathname: string): Answer {
    if (!headers['user-agent']) return { status: 403, body: { message: 'Request forbidden by administrative rules.' } };
    const [, token = ''] = /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '') ?? [];
    const grant = this.tokens.get(token);
    if (grant === undefined) return { status: 401, body: { message: 'Bad credentials', status: '401' } };
    const { emails, ...user } = grant.account;
    if (pathname === OAUTH2_ENDPOINTS.user) return { body: { node_id: 'MDQ6VXNlcjU4MzIzMQ==', type: 'User', ...user } };
    const mayReadEmails = grant.scopes.includes('user') || grant.scopes.includes('user:email');
    if (pathname === OAUTH2_ENDPOINTS.emails && mayReadEmails) return { body: emails };
    return { status: 404, body: { message: 'Not Found', status: '404' } };
  }
}

function failed(error: string, error_description: string): Answer {
  return { body: { error, error_description, error_uri: 'https://docs.github.com/' } };
}

function isVerifierOf(codeChallenge: string | null, codeVerifier: string | null): boolean {
  if (codeChallenge === null) return codeVerifier === null;
  return (
    createHash('sha256')
      .update(codeVerifier ?? '')
      .digest('base64url') === codeChallenge
  );
}
