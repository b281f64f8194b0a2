import { z } from 'zod';
import { isLocalHost, isSameSite, normalisePath, type NormalisedAppInfo, pathSchema } from '../../http/app-info.js';
import { anythingSchema, checkOptions, functionSchema } from '../../core/check-options.js';
import { ConfigurationError } from '../../core/auth.error.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse, SameSite } from '../../http/base-response.js';
import type { RefreshTokenRotation } from '../../core/sessions.core.js';
import type { UserContext } from '../../http/user-context.js';
import { checkCookieScope, type CookiePrefix } from './cookie-scope.js';
import type { ClaimValidationError } from '../../claims/session-claim.js';

/** How tokens travel: as cookies or as headers. */
export type TokenTransferMethod = 'cookie' | 'header';
/** Which of both tokens of a session. */
export type TokenType = 'access' | 'refresh';
/** How requests of other sites are recognised where session cookies travel by themselves. */
export type AntiCsrfMode = 'NONE' | 'VIA_CUSTOM_HEADER' | 'VIA_TOKEN';

/**
 * Each answers a request in its own words, by `response.setStatusCode` and `response.sendJSONResponse`.
 * Tokens are cleared before, where they are to be.
 */
export interface SessionErrorHandlers {
  /** Answers a request without a session. */
  onUnauthorised?(message: string, request: BaseRequest, response: BaseResponse): void | Promise<void>;
  /** Answers a request whose access token has expired. */
  onTryRefreshToken?(message: string, request: BaseRequest, response: BaseResponse): void | Promise<void>;
  /** Answers a refresh with a token that was used before. */
  onTokenTheftDetected?(
    sessionHandle: string,
    userId: string,
    recipeUserId: string,
    request: BaseRequest,
    response: BaseResponse,
  ): void | Promise<void>;
  /** The browser sent session cookies of one name twice, and this answer clears those of `olderCookieDomain`. @default answers 200 */
  onClearDuplicateSessionCookies?(message: string, request: BaseRequest, response: BaseResponse): void | Promise<void>;
  /** Answers a request whose session does not meet the route's requirements. */
  onInvalidClaim?(
    validationErrors: ClaimValidationError[],
    request: BaseRequest,
    response: BaseResponse,
  ): void | Promise<void>;
}

/** The options of `SessionRecipe.init`. */
export interface SessionOptions {
  /** Where tokens travel. @default the client decides by `st-auth-mode` */
  getTokenTransferMethod?(input: {
    req: BaseRequest;
    forCreateNewSession: boolean;
    userContext: UserContext;
  }): TokenTransferMethod | 'any';
  /** @default `NONE` where SameSite is lax or strict, `VIA_CUSTOM_HEADER` where it is none */
  antiCsrf?: AntiCsrfMode;
  /** @default the host that sets the cookie, and no other */
  cookieDomain?: string;
  /** The former `cookieDomain`, '' where there was none: its cookies are then cleared when they are met. */
  olderCookieDomain?: string;
  /**
   * Browsers take a cookie with such a name only from this host over https (`__Host-`), or at least only over https
   * (`__Secure-`), so that no sibling domain can plant one. With `__Host-` the refresh cookie, whose path is the refresh
   * route, gets `__Secure-`. Servers of your own that read the cookies must know the names.
   * @default none: the names of the wire
   */
  cookiePrefix?: CookiePrefix;
  /** Below which path browsers send the access cookie. It must hold the auth routes as well. @default '/' */
  accessTokenPath?: string;
  /**
   * What cookies are called, for applications that share a domain. `userContext` holds the request. Not with `cookiePrefix`.
   * @default `sAccessToken` and `sRefreshToken`
   */
  getCookieNameForTokenType?(req: BaseRequest, tokenType: TokenType, userContext: UserContext): string;
  /**
   * What response headers are called that carry tokens, for clients that expect other names. `userContext` holds the request.
   * @default `st-access-token` and `st-refresh-token`
   */
  getResponseHeaderNameForTokenType?(req: BaseRequest, tokenType: TokenType, userContext: UserContext): string;
  /** @default true where `apiDomain` is https */
  cookieSecure?: boolean;
  /** @default `lax` where API and website share site and scheme, else `none` */
  cookieSameSite?: SameSite;
  /** @default 401 */
  sessionExpiredStatusCode?: number;
  /** @default 403 */
  invalidClaimStatusCode?: number;
  /** Also sends the access token as a header when cookies carry it. @default false */
  exposeAccessTokenToFrontendInCookieBasedAuth?: boolean;
  /** True signs access tokens with a key that rotates, false with one that never does. @default true */
  useDynamicAccessTokenSigningKey?: boolean;
  /**
   * When a refresh token stops working: `when-child-is-used` once the client has shown one of the tokens that it got for it,
   * however late that is, so that a phone that lost the answer stays signed in; `in-refresh` with the refresh that spends
   * it. After either it still yields the same tokens for the core's `refreshGraceSeconds`. The former costs a write at the
   * first guarded request after each refresh, and needs the core in this process.
   * @default 'when-child-is-used', and 'in-refresh' with a core in another process
   */
  refreshTokenRotation?: RefreshTokenRotation;
  /**
   * Whom access tokens are for: their claim `aud`. A token for somebody else is no session here. Applications with one
   * database and different audiences are apart. @default `apiDomain`
   */
  audience?: string;
  /** Other audiences whose sessions are taken, with an issuer of ours or of `acceptedIssuers`. @default [] */
  acceptedAudiences?: string[];
  /** Other issuers whose sessions are taken, such as this application's former `{apiDomain}{apiBasePath}`. @default [] */
  acceptedIssuers?: string[];
  /**
   * Whether ids that no user has get sessions, for applications that keep their users elsewhere.
   * @default true where no recipe of `recipeList` signs users in, else false
   */
  allowUnknownUser?: boolean;
  /**
   * How often the core is asked whether the sessions of open sockets and streams still exist; they are closed when not. Whole
   * seconds from 1 to 3600. @default 30
   */
  openConnectionCheckSeconds?: number;
  /** Answers of your own, where a session is refused. */
  errorHandlers?: SessionErrorHandlers;
}

/** The options with their defaults, as `options.config` of an API method holds them. */
export interface SessionConfig {
  /** Whether the tokens of this request travel as cookies or as headers. */
  getTokenTransferMethod: NonNullable<SessionOptions['getTokenTransferMethod']>;
  /** As configured; undefined where it follows from SameSite, and is then never `VIA_TOKEN`. */
  antiCsrf: AntiCsrfMode | undefined;
  /** The protection against requests of other sites, for this request. */
  getAntiCsrfMode(request?: BaseRequest, userContext?: UserContext): AntiCsrfMode;
  /** The `SameSite` attribute of session cookies, for this request. */
  getCookieSameSite(request?: BaseRequest, userContext?: UserContext): SameSite;
  cookieDomain: string | undefined;
  olderCookieDomain: string | undefined;
  cookiePrefix: CookiePrefix | undefined;
  /** Below which path browsers send the access cookie. */
  accessTokenPath: string;
  /** As configured. */
  getCookieNameForTokenType: SessionOptions['getCookieNameForTokenType'];
  /** As configured. */
  getResponseHeaderNameForTokenType: SessionOptions['getResponseHeaderNameForTokenType'];
  cookieSecure: boolean;
  sessionExpiredStatusCode: number;
  invalidClaimStatusCode: number;
  exposeAccessTokenToFrontendInCookieBasedAuth: boolean;
  useDynamicAccessTokenSigningKey: boolean;
  /** As configured; undefined where it follows from the core. */
  refreshTokenRotation: RefreshTokenRotation | undefined;
  audience: string;
  acceptedAudiences: string[];
  acceptedIssuers: string[];
  openConnectionCheckSeconds: number;
  /** As configured; undefined where it follows from the recipes. */
  allowUnknownUser: boolean | undefined;
  errorHandlers: SessionErrorHandlers;
}

const DOMAIN = 'a host name such as .example.com';
const domainSchema = z.string(DOMAIN).regex(/^\.?[\w-]+(\.[\w-]+)*$/, DOMAIN);
const STATUS = 'an HTTP status code from 400 to 599';
const statusSchema = z.int(STATUS).min(400, STATUS).max(599, STATUS);
const AUDIENCE = 'a text such as https://api.example.com';
const audienceSchema = z.string(AUDIENCE).min(1, AUDIENCE);
const ISSUER = 'the apiDomain and apiBasePath of an application, such as https://api.example.com/auth';
const issuerSchema = z.string(ISSUER).refine((text) => /^https?:/.test(text) && URL.canParse(text), ISSUER);
const CHECK_SECONDS = 'whole seconds from 1 to 3600';
const boolean = z.boolean('true or false');
const nameFunction = functionSchema<() => string>('a function that returns a name');
const handler = functionSchema<() => void>('a function').optional();

const sessionOptionsSchema = z.strictObject(
  {
    getTokenTransferMethod: functionSchema<NonNullable<SessionOptions['getTokenTransferMethod']>>(
      "a function that returns 'cookie', 'header' or 'any'",
    ).optional(),
    antiCsrf: z
      .enum(['NONE', 'VIA_CUSTOM_HEADER', 'VIA_TOKEN'], "'NONE', 'VIA_CUSTOM_HEADER' or 'VIA_TOKEN'")
      .optional(),
    cookieDomain: domainSchema.optional(),
    olderCookieDomain: z.union([z.literal(''), domainSchema], `${DOMAIN}, or '' for none`).optional(),
    cookiePrefix: z.enum(['__Host-', '__Secure-'], "'__Host-' or '__Secure-'").optional(),
    accessTokenPath: pathSchema.optional(),
    getCookieNameForTokenType: nameFunction.optional(),
    getResponseHeaderNameForTokenType: nameFunction.optional(),
    cookieSecure: boolean.optional(),
    cookieSameSite: z.enum(['strict', 'lax', 'none'], "'strict', 'lax' or 'none'").optional(),
    sessionExpiredStatusCode: statusSchema.optional(),
    invalidClaimStatusCode: statusSchema.optional(),
    exposeAccessTokenToFrontendInCookieBasedAuth: boolean.optional(),
    useDynamicAccessTokenSigningKey: boolean.optional(),
    refreshTokenRotation: z
      .enum(['in-refresh', 'when-child-is-used'], "'in-refresh' or 'when-child-is-used'")
      .optional(),
    audience: audienceSchema.optional(),
    acceptedAudiences: z.array(audienceSchema, `a list of ${AUDIENCE}`).optional(),
    acceptedIssuers: z.array(issuerSchema, `a list of ${ISSUER}`).optional(),
    allowUnknownUser: boolean.optional(),
    openConnectionCheckSeconds: z.int(CHECK_SECONDS).min(1, CHECK_SECONDS).max(3600, CHECK_SECONDS).optional(),
    errorHandlers: z
      .strictObject(
        {
          onUnauthorised: handler,
          onTryRefreshToken: handler,
          onTokenTheftDetected: handler,
          onInvalidClaim: handler,
          onClearDuplicateSessionCookies: handler,
        },
        'an object of functions: onUnauthorised, onTryRefreshToken, onTokenTheftDetected, onInvalidClaim, ' +
          'onClearDuplicateSessionCookies',
      )
      .optional(),
    override: anythingSchema().optional(),
  },
  'an object',
);

/** @throws {ConfigurationError} */
export function normaliseSessionOptions(input: SessionOptions, appInfo: NormalisedAppInfo): SessionConfig {
  const options = checkOptions('SessionRecipe.init', sessionOptionsSchema, input) as SessionOptions;
  const sessionExpiredStatusCode = options.sessionExpiredStatusCode ?? 401;
  const invalidClaimStatusCode = options.invalidClaimStatusCode ?? 403;
  if (sessionExpiredStatusCode === invalidClaimStatusCode) {
    throw new ConfigurationError(
      `SessionRecipe.init: sessionExpiredStatusCode and invalidClaimStatusCode are both ${invalidClaimStatusCode}, ` +
        'but clients tell the two cases apart by them. Give two different codes.',
    );
  }
  const cookieSecure = options.cookieSecure ?? appInfo.apiDomain.startsWith('https:');
  if (options.cookieSameSite === 'none' && !cookieSecure && !isLocalHost(appInfo.apiDomain)) {
    const cause = options.cookieSecure === false ? 'cookieSecure is false' : `apiDomain is ${appInfo.apiDomain}`;
    throw new ConfigurationError(
      `SessionRecipe.init: option cookieSameSite is 'none', but ${cause}, and browsers drop such cookies unless they are ` +
        'Secure. Serve the API over https, and do not set cookieSecure to false.',
    );
  }
  checkCookieScope({ ...options, cookieSecure }, appInfo.apiDomain);
  const getCookieSameSite: SessionConfig['getCookieSameSite'] = (request, userContext) =>
    options.cookieSameSite ??
    (isSameSite(appInfo.apiDomain, appInfo.getWebsiteDomain(request, userContext)) ? 'lax' : 'none');

  return {
    getTokenTransferMethod: options.getTokenTransferMethod ?? (() => 'any'),
    antiCsrf: options.antiCsrf,
    getAntiCsrfMode: (request, userContext) =>
      options.antiCsrf ?? (getCookieSameSite(request, userContext) === 'none' ? 'VIA_CUSTOM_HEADER' : 'NONE'),
    getCookieSameSite,
    cookieDomain: options.cookieDomain?.toLowerCase(),
    olderCookieDomain: options.olderCookieDomain?.toLowerCase(),
    cookiePrefix: options.cookiePrefix,
    accessTokenPath: normalisePath(options.accessTokenPath ?? '/') || '/',
    getCookieNameForTokenType: options.getCookieNameForTokenType,
    getResponseHeaderNameForTokenType: options.getResponseHeaderNameForTokenType,
    cookieSecure,
    sessionExpiredStatusCode,
    invalidClaimStatusCode,
    exposeAccessTokenToFrontendInCookieBasedAuth: options.exposeAccessTokenToFrontendInCookieBasedAuth ?? false,
    useDynamicAccessTokenSigningKey: options.useDynamicAccessTokenSigningKey ?? true,
    refreshTokenRotation: options.refreshTokenRotation,
    audience: options.audience ?? appInfo.apiDomain,
    acceptedAudiences: options.acceptedAudiences ?? [],
    acceptedIssuers: (options.acceptedIssuers ?? []).map((issuer) => issuer.replace(/\/+$/, '')),
    allowUnknownUser: options.allowUnknownUser,
    openConnectionCheckSeconds: options.openConnectionCheckSeconds ?? 30,
    errorHandlers: options.errorHandlers ?? {},
  };
}

/**
 * Browsers drop a cookie with `SameSite=None` that is not `Secure`: every sign-in would seem to work and
 * no session would exist. Only on a developer's own machine is it let through.
 * @throws {ConfigurationError}
 */
export function checkCookiesReachBrowser(
  config: SessionConfig,
  appInfo: NormalisedAppInfo,
  request?: BaseRequest,
): void {
  if (config.cookieSecure || config.getCookieSameSite(request) !== 'none') return;
  const websiteDomain = appInfo.getWebsiteDomain(request);
  if (isLocalHost(appInfo.apiDomain) && isLocalHost(websiteDomain)) return;
  throw new ConfigurationError(
    `SessionRecipe.init: apiDomain ${appInfo.apiDomain} and websiteDomain ${websiteDomain} are different sites, so ` +
      'cookies need SameSite=None, which browsers accept only with Secure. Serve the API over https, and do not set ' +
      'cookieSecure to false.',
  );
}

/** The token of the normalised options, `SessionConfig`. */
export const SESSION_CONFIG = Symbol('latchkey.session.config');
