import type { TokenTransferMethod } from '../recipes/session/index.js';
import { CookieJar } from './cookie-jar.js';

/** The options of `AuthTestClient`. */
export interface AuthTestClientOptions {
  /** Where the application listens, such as `await app.getUrl()`. */
  url: string;
  /** How the client wants its tokens. @default 'header' */
  transferMethod?: TokenTransferMethod;
  /** As in `appInfo`. @default '/auth' */
  apiBasePath?: string;
}

/** The tokens of a session that travels in headers. */
export interface HeldTokens {
  accessToken?: string;
  refreshToken?: string;
  antiCsrf?: string;
  frontToken?: string;
}

/**
 * A client for tests that speaks to an application as a browser or a mobile app does: it keeps the session's
 * tokens and sends them along. It never refreshes by itself, so that a test sees every answer.
 */
export class AuthTestClient {
  readonly cookies = new CookieJar();
  tokens: HeldTokens = {};
  private readonly url: string;
  private readonly transferMethod: TokenTransferMethod;
  private readonly apiBasePath: string;

  constructor({ url, transferMethod = 'header', apiBasePath = '/auth' }: AuthTestClientOptions) {
    this.url = url.replace(/\/$/, '');
    this.transferMethod = transferMethod;
    this.apiBasePath = apiBasePath;
  }

  /** Signs up with an email and a password, and keeps the session. */
  signUp(email: string, password: string): Promise<Response> {
    return this.auth('signup', formFields({ email, password }));
  }

  /** Signs in with an email and a password, and keeps the session. */
  signIn(email: string, password: string): Promise<Response> {
    return this.auth('signin', formFields({ email, password }));
  }

  /** Signs out. */
  signOut(): Promise<Response> {
    return this.auth('signout', {});
  }

  /** Sends the refresh token, and nothing else. */
  refresh(): Promise<Response> {
    const headers: Record<string, string> = this.tokens.refreshToken
      ? { authorization: `Bearer ${this.tokens.refreshToken}` }
      : {};
    return this.fetch(`${this.apiBasePath}/session/refresh`, { method: 'POST', headers });
  }

  /** Posts to a route of Latchkey: `auth('signin', …)`. */
  auth(path: string, body: unknown): Promise<Response> {
    return this.post(`${this.apiBasePath}/${path}`, body);
  }

  /** Sends a GET request with the session. */
  get(path: string, init?: RequestInit): Promise<Response> {
    return this.fetch(path, init);
  }

  /** Sends a POST request with the session; `body` is sent as JSON. */
  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>) };
    return this.fetch(path, { method: 'POST', body: JSON.stringify(body), ...init, headers });
  }

  /** A request with this client's session. Headers given win over its own. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ rid: 'session', 'st-auth-mode': this.transferMethod });
    const cookie = this.cookies.headerFor(path.split('?')[0]!);
    if (cookie !== undefined) headers.set('cookie', cookie);
    // With cookies the token may be held too, for the page to read; the finished clients do not send it then.
    const { accessToken } = this.transferMethod === 'header' ? this.tokens : {};
    if (accessToken) headers.set('authorization', `Bearer ${accessToken}`);
    if (this.tokens.antiCsrf) headers.set('anti-csrf', this.tokens.antiCsrf);
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));

    const response = await fetch(`${this.url}${path}`, { redirect: 'manual', ...init, headers });
    this.cookies.store(response);
    this.keepTokens(response);
    return response;
  }

  private keepTokens({ headers }: Response): void {
    const frontToken = headers.get('front-token');
    if (frontToken === 'remove') {
      this.tokens = {};
      return;
    }
    const received: HeldTokens = {
      frontToken: frontToken ?? undefined,
      accessToken: headers.get('st-access-token') ?? undefined,
      refreshToken: headers.get('st-refresh-token') ?? undefined,
      antiCsrf: headers.get('anti-csrf') ?? undefined,
    };
    const newTokens = Object.entries(received).filter(([, token]) => token !== undefined);
    this.tokens = { ...this.tokens, ...(Object.fromEntries(newTokens) as HeldTokens) };
  }
}

/** A body as the clients send it. */
export function formFields(values: Record<string, string>): { formFields: { id: string; value: string }[] } {
  return { formFields: Object.entries(values).map(([id, value]) => ({ id, value })) };
}
