import { Inject, Injectable, Logger } from '@nestjs/common';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { AuthDatabase } from '../../core/auth-database.js';
import type { JsonObject } from '../../core/json.types.js';
import type { Token } from '../../core/sessions.core.js';
import type { BaseRequest, FrameworkRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { UserContext } from '../../http/user-context.js';
import { assertCookieFits } from './cookie-size.js';
import { MultipleSessionCookiesError } from './session.error.js';
import { type SessionConfig, type TokenTransferMethod, SESSION_CONFIG } from './session.options.js';

const ACCESS_TOKEN = 'sAccessToken';
const REFRESH_TOKEN = 'sRefreshToken';
/** Sessions of very old clients had a third cookie; it is cleared where it is met. */
const LEGACY_COOKIE = 'sIdRefreshToken';
/** The access cookie outlives its token, so that an expired one still says "refresh", not "sign in". */
const ACCESS_COOKIE_LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;
const EPOCH_MS = 0;
/** One of each domain that a browser may keep it for; more are planted. */
const MAX_COOKIES_OF_ONE_NAME = 3;

/** A session whose access token is to be kept in a cookie. */
interface AccessTokenHolder {
  getAccessToken(): string;
  getAccessTokenPayload(): object;
}

export interface ReceivedToken {
  token: string;
  transferMethod: TokenTransferMethod;
}

/** How tokens travel between the client and us: as cookies or as headers. @see https://www.rfc-editor.org/rfc/rfc6265 */
@Injectable()
export class TokenTransfer {
  private readonly logger = new Logger('Latchkey');
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(PublicPaths) private readonly paths!: PublicPaths;
  @Inject(AuthDatabase) private readonly database!: AuthDatabase;

  /**
   * What a client is told of a session must be so. In a transaction of the application that is known at its
   * commit; after a rollback nothing is written, and the client keeps what it had.
   */
  async afterCommit(write: () => void): Promise<void> {
    await this.database.afterCommit(write);
  }

  /**
   * @param update what is about to be merged into the payload
   * @throws {ConfigurationError} the access token is too large for a cookie
   */
  assertFits(session: AccessTokenHolder, method: TokenTransferMethod, update?: JsonObject): void {
    if (method === 'header') return;
    const [token, payload] = [session.getAccessToken(), session.getAccessTokenPayload() as Readonly<JsonObject>];
    assertCookieFits({ name: this.accessCookie, token, payload, domain: this.config.cookieDomain }, update);
  }

  get accessCookie(): string {
    return `${this.config.cookiePrefix ?? ''}${ACCESS_TOKEN}`;
  }

  /** Its path is the refresh route, which `__Host-` does not allow. */
  get refreshCookie(): string {
    return `${this.config.cookiePrefix === undefined ? '' : '__Secure-'}${REFRESH_TOKEN}`;
  }

  private get cookies(): string[] {
    return [this.accessCookie, this.refreshCookie];
  }

  /** @returns `ambiguous` for two access cookies of one name */
  readAccessToken(request: BaseRequest, userContext: UserContext): ReceivedToken | 'ambiguous' | undefined {
    const allowed = this.config.getTokenTransferMethod({ req: request, forCreateNewSession: false, userContext });
    const inHeader = allowed === 'cookie' ? undefined : readBearerToken(request);
    const inCookies = allowed === 'header' ? [] : request.getCookieValues(this.accessCookie);
    // A bearer token may belong to somebody else's scheme beside our cookie.
    if (inHeader !== undefined && (inCookies.length === 0 || looksLikeAccessToken(inHeader))) {
      return { token: inHeader, transferMethod: 'header' };
    }
    if (inCookies.length > 1) return 'ambiguous';
    const token = inCookies[0];
    return token === undefined || token === '' ? undefined : { token, transferMethod: 'cookie' };
  }

  /** @returns the headers with this access token instead of the one that they carry */
  carryToken(headers: FrameworkRequest['headers'], token: string, method: TokenTransferMethod) {
    if (method === 'header') return { ...headers, authorization: `Bearer ${token}` };
    const cookies = String(headers.cookie ?? '').split(';');
    const others = cookies.map((each) => each.trim()).filter((each) => !each.startsWith(`${this.accessCookie}=`));
    return { ...headers, cookie: [`${this.accessCookie}=${token}`, ...others].join('; ') };
  }

  /** Every access token that the request carries, whichever of them counts: a client may have them in both places. */
  accessTokensOf(request: BaseRequest): string[] {
    const inHeader = readBearerToken(request);
    const inCookies = request.getCookieValues(this.accessCookie).slice(0, MAX_COOKIES_OF_ONE_NAME);
    return [...(inHeader === undefined ? [] : [inHeader]), ...inCookies].filter(looksLikeAccessToken);
  }

  readRefreshToken(request: BaseRequest, userContext: UserContext): ReceivedToken | undefined {
    const allowed = this.config.getTokenTransferMethod({ req: request, forCreateNewSession: false, userContext });
    const inHeader = allowed === 'cookie' ? undefined : readBearerToken(request);
    if (inHeader !== undefined) return { token: inHeader, transferMethod: 'header' };
    const inCookie = allowed === 'header' ? undefined : this.refreshCookies(request).find((value) => value !== '');
    return inCookie === undefined ? undefined : { token: inCookie, transferMethod: 'cookie' };
  }

  /** Every one that the browser has sent. */
  accessCookies(request: BaseRequest): string[] {
    return request.getCookieValues(this.accessCookie);
  }

  refreshCookies(request: BaseRequest): string[] {
    return request.getCookieValues(this.refreshCookie);
  }

  /** Which way a new session's tokens go: the client's wish, else headers. */
  methodForNewSession(request: BaseRequest, userContext: UserContext): TokenTransferMethod {
    const allowed = this.config.getTokenTransferMethod({ req: request, forCreateNewSession: true, userContext });
    if (allowed !== 'any') return allowed;
    return request.getHeaderValue('st-auth-mode')?.toLowerCase() === 'cookie' ? 'cookie' : 'header';
  }

  /** Whether the request carries our tokens that way. */
  carries(request: BaseRequest, method: TokenTransferMethod): boolean {
    if (method === 'header') return readBearerToken(request) !== undefined;
    return this.cookies.some((name) => request.getCookieValue(name) !== undefined);
  }

  /** With a prefix there are no sessions of such clients, and nobody may keep others out by planting one. */
  hasLegacyCookie(request: BaseRequest): boolean {
    return this.config.cookiePrefix === undefined && request.getCookieValue(LEGACY_COOKIE) !== undefined;
  }

  clearLegacyCookie(request: BaseRequest, response: BaseResponse): void {
    if (this.hasLegacyCookie(request)) this.setCookie(request, response, LEGACY_COOKIE, '', EPOCH_MS, '/');
  }

  /**
   * Two cookies of one name, left by a change of `cookieDomain`: where `olderCookieDomain` says which are older.
   * @throws {MultipleSessionCookiesError} after clearing those
   */
  clearOlderCookies(request: BaseRequest, response: BaseResponse, userContext: UserContext): void {
    const { olderCookieDomain } = this.config;
    if (olderCookieDomain === undefined) return;
    const allowed = this.config.getTokenTransferMethod({ req: request, forCreateNewSession: false, userContext });
    if (allowed === 'header') return;
    const twice = this.cookies.filter((name) => request.getCookieValues(name).length > 1);
    if (twice.length === 0) return;
    for (const name of twice) {
      this.setCookie(request, response, name, '', EPOCH_MS, this.pathOf(name), olderCookieDomain);
    }
    throw new MultipleSessionCookiesError(true);
  }

  writeAccessToken(
    request: BaseRequest,
    response: BaseResponse,
    method: TokenTransferMethod,
    token: string,
    frontToken: string,
  ): void {
    if (response.isHeadSent) {
      this.logger.warn(
        'The access token of a session changed after the head of an answer was sent: the client gets the change with its ' +
          'next refresh. Change sessions before anything is written to the response.',
      );
      return;
    }
    expose(response, 'front-token', frontToken);
    if (method === 'cookie') {
      const expires = Date.now() + ACCESS_COOKIE_LIFETIME_MS;
      this.setCookie(request, response, this.accessCookie, token, expires, '/');
    }
    if (method === 'header' || this.config.exposeAccessTokenToFrontendInCookieBasedAuth) {
      expose(response, 'st-access-token', token);
    }
  }

  writeRefreshToken(request: BaseRequest, response: BaseResponse, method: TokenTransferMethod, token: Token): void {
    if (response.isHeadSent) return;
    if (method === 'header') return expose(response, 'st-refresh-token', token.token);
    this.setCookie(request, response, this.refreshCookie, token.token, token.expiry, this.paths.refreshPath);
  }

  writeAntiCsrfToken(response: BaseResponse, token: string): void {
    if (response.isHeadSent) return;
    expose(response, 'anti-csrf', token);
  }

  /** Tells the client to forget its session. Tokens that this response already sets are taken back. */
  clear(request: BaseRequest, response: BaseResponse, method: TokenTransferMethod): void {
    if (response.isHeadSent) {
      this.logger.warn(
        'A session ended after the head of an answer was sent: the client keeps its tokens, which are good for nothing, until ' +
          'its next request. End sessions before anything is written to the response.',
      );
      return;
    }
    if (method === 'cookie') {
      for (const name of this.cookies) {
        this.setCookie(request, response, name, '', EPOCH_MS, this.pathOf(name));
      }
    }
    if (method === 'header' || this.config.exposeAccessTokenToFrontendInCookieBasedAuth) {
      expose(response, 'st-access-token', '');
    }
    if (method === 'header') expose(response, 'st-refresh-token', '');
    response.removeHeader('anti-csrf');
    expose(response, 'front-token', 'remove');
  }

  clearAll(request: BaseRequest, response: BaseResponse): void {
    this.clear(request, response, 'cookie');
    this.clear(request, response, 'header');
  }

  /**
   * For a refusal that judged no token: cookies that did not come are not cleared. Another site can have a browser post
   * here without its cookies, and what the answer clears would be gone.
   */
  clearCarried(request: BaseRequest, response: BaseResponse): void {
    if (this.carries(request, 'cookie') || this.hasLegacyCookie(request)) this.clear(request, response, 'cookie');
    this.clear(request, response, 'header');
  }

  private pathOf(cookie: string): string {
    return cookie === this.refreshCookie ? this.paths.refreshPath : '/';
  }

  /** @param domain '' for the host alone */
  private setCookie(
    request: BaseRequest,
    response: BaseResponse,
    name: string,
    value: string,
    expires: number,
    path: string,
    domain = this.config.cookieDomain ?? '',
  ): void {
    const sameSite = this.config.getCookieSameSite(request);
    response.forbidStoring();
    response.setCookie(name, value, domain || undefined, this.config.cookieSecure, true, expires, path, sameSite);
  }
}

function readBearerToken(request: BaseRequest): string | undefined {
  const header = request.getHeaderValue('authorization');
  // RFC 9110 §11.1: the scheme is not case-sensitive.
  const [, token] = /^bearer +(.*)$/i.exec(header ?? '') ?? [];
  return token?.trim();
}

/** Whether it is such a text as our access tokens are; nobody has verified it. */
export function looksLikeAccessToken(token: string): boolean {
  try {
    const { typ, kid } = decodeProtectedHeader(token);
    return typ === 'JWT' && kid !== undefined && typeof decodeJwt(token).sessionHandle === 'string';
  } catch {
    return false;
  }
}

/** Browsers hide response headers of another origin from scripts unless they are named. */
function expose(response: BaseResponse, header: string, value: string): void {
  response.forbidStoring();
  response.setHeader(header, value, false);
  response.setHeader('Access-Control-Expose-Headers', header, true);
}
