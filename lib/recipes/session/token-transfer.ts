import { Inject, Injectable, Logger } from '@nestjs/common';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { decodeJwt } from 'jose/jwt/decode';
import { AuthDatabase } from '../../core/auth-database.js';
import type { JsonObject } from '../../core/json.types.js';
import type { Token } from '../../core/sessions.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import { type CarriedByCall, createExchange } from '../../http/detached.response.js';
import { wrapRequest } from '../../http/framework.js';
import type { UserContext } from '../../http/user-context.js';
import { assertCookieFits } from './cookie-size.js';
import { MultipleSessionCookiesError } from './session.error.js';
import { type SessionConfig, type TokenTransferMethod, SESSION_CONFIG } from './session.options.js';
import { TokenNames } from './token-names.js';

/** Sessions of very old clients had a third cookie; it is cleared where it is met. */
const LEGACY_COOKIE = 'sIdRefreshToken';
const TOKEN_TYPES = ['access', 'refresh'] as const;
/** The access cookie outlives its token, so that an expired one still says "refresh", not "sign in". */
const ACCESS_COOKIE_LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;
const EPOCH_MS = 0;
const BEARER = 'bearer ';
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
  @Inject(TokenNames) private readonly names!: TokenNames;
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
   * @throws {ConfigurationError} the access token is too large for a cookie, or the application chooses names that cannot be
   */
  assertFits(request: BaseRequest, session: AccessTokenHolder, method: TokenTransferMethod, update?: JsonObject): void {
    this.names.assertNames(request);
    if (method === 'header') return;
    const [token, payload] = [session.getAccessToken(), session.getAccessTokenPayload() as Readonly<JsonObject>];
    const name = this.names.cookie('access', request);
    assertCookieFits({ name, token, payload, domain: this.config.cookieDomain }, update);
  }

  /** @returns `ambiguous` for two access cookies of one name */
  readAccessToken(request: BaseRequest, userContext: UserContext): ReceivedToken | 'ambiguous' | undefined {
    const allowed = this.config.getTokenTransferMethod({ req: request, forCreateNewSession: false, userContext });
    const inHeader = allowed === 'cookie' ? undefined : readBearerToken(request);
    const inCookies = allowed === 'header' ? [] : request.getCookieValues(this.names.cookie('access', request));
    // A bearer token may belong to somebody else's scheme beside our cookie.
    if (inHeader !== undefined && (inCookies.length === 0 || looksLikeAccessToken(inHeader))) {
      return { token: inHeader, transferMethod: 'header' };
    }
    if (inCookies.length > 1) return 'ambiguous';
    const token = inCookies[0];
    return token === undefined || token === '' ? undefined : { token, transferMethod: 'cookie' };
  }

  /** @returns the headers of a call with this access token instead of the one that they carry */
  carryToken({ headers, url }: CarriedByCall, token: string, method: TokenTransferMethod) {
    if (method === 'header') return { ...headers, authorization: `Bearer ${token}` };
    const cookies = String(headers.cookie ?? '').split(';');
    const name = this.names.cookie('access', wrapRequest(createExchange({ headers, url }).request));
    const others = cookies.map((each) => each.trim()).filter((each) => !each.startsWith(`${name}=`));
    return { ...headers, cookie: [`${name}=${token}`, ...others].join('; ') };
  }

  /** Every access token that the request carries, whichever of them counts: a client may have them in both places. */
  accessTokensOf(request: BaseRequest): string[] {
    const inHeader = readBearerToken(request);
    const inCookies = request.getCookieValues(this.names.cookie('access', request)).slice(0, MAX_COOKIES_OF_ONE_NAME);
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
    return request.getCookieValues(this.names.cookie('access', request));
  }

  refreshCookies(request: BaseRequest): string[] {
    return request.getCookieValues(this.names.cookie('refresh', request));
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
    return this.cookies(request).some(({ name }) => request.getCookieValue(name) !== undefined);
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
    const twice = this.cookies(request).filter(({ name }) => request.getCookieValues(name).length > 1);
    if (twice.length === 0) return;
    for (const { name, path } of twice) {
      this.setCookie(request, response, name, '', EPOCH_MS, path, olderCookieDomain);
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
      const name = this.names.cookie('access', request);
      this.setCookie(request, response, name, token, expires, this.names.path('access'));
    }
    if (method === 'header' || this.config.exposeAccessTokenToFrontendInCookieBasedAuth) {
      expose(response, this.names.header('access', request), token);
    }
    response.onAccessToken(token);
  }

  writeRefreshToken(request: BaseRequest, response: BaseResponse, method: TokenTransferMethod, token: Token): void {
    if (response.isHeadSent) return;
    if (method === 'header') return expose(response, this.names.header('refresh', request), token.token);
    const name = this.names.cookie('refresh', request);
    this.setCookie(request, response, name, token.token, token.expiry, this.names.path('refresh'));
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
      for (const { name, path } of this.cookies(request)) {
        this.setCookie(request, response, name, '', EPOCH_MS, path);
      }
    }
    if (method === 'header' || this.config.exposeAccessTokenToFrontendInCookieBasedAuth) {
      expose(response, this.names.header('access', request), '');
    }
    if (method === 'header') expose(response, this.names.header('refresh', request), '');
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

  private cookies(request: BaseRequest): { name: string; path: string }[] {
    return TOKEN_TYPES.map((type) => ({ name: this.names.cookie(type, request), path: this.names.path(type) }));
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
  // RFC 9110 §11.1: the scheme is not case-sensitive. Every guarded request comes here: a regular expression would read it all.
  if (header === undefined || header.slice(0, BEARER.length).toLowerCase() !== BEARER) return undefined;
  return header.slice(BEARER.length).trim();
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
