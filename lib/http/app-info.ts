import { isIP } from 'node:net';
import { getDomain } from 'tldts';
import { z } from 'zod';
import type { BaseRequest } from './base-request.js';
import type { UserContext } from './user-context.js';
import { ConfigurationError } from '../core/auth.error.js';
import { checkOptions } from '../core/check-options.js';
import { ForeignOriginError } from './foreign-origin.error.js';
import { isOriginPattern, originRule } from './origins.js';

/** The origin of the frontend, such as `https://example.com`, or a function that tells it for a request. */
export type WebsiteDomain =
  string | ((request: BaseRequest | undefined, userContext: UserContext | undefined) => string);

/** What the application is called and where it is reached. */
export interface AppInfo {
  /** Shown to people, in emails for instance. */
  appName: string;
  /**
   * Where this application is reached: scheme, host and port, such as `https://api.example.com`. Without a scheme it is
   * `https`, and for `localhost` and IP addresses `http`.
   */
  apiDomain: string;
  /** Where the frontend is reached, or a function that tells it for a request. */
  websiteDomain: WebsiteDomain;
  /**
   * Further origins that may post to our routes, beside the website and the API: `https://admin.example.com`,
   * `https://*.example.com` for all hosts below one, or `capacitor://localhost` for an app. Needed where `websiteDomain` is a
   * function, which may return these only.
   * @default []
   */
  allowedOrigins?: string[];
  /** @default '/auth' */
  apiBasePath?: string;
  /**
   * What a gateway or proxy takes away from the front of each path before this application sees it: `/api` where
   * clients ask for `/api/auth/signin` and the application is asked for `/auth/signin`.
   * @default ''
   */
  apiGatewayPath?: string;
  /** Where the frontend shows its auth pages, for links in emails. @default '/auth' */
  websiteBasePath?: string;
}

/** `AppInfo` with its defaults, and origins in their normal form. */
export interface NormalisedAppInfo {
  appName: string;
  apiDomain: string;
  apiBasePath: string;
  /** Without a trailing slash; '' without a gateway. */
  apiGatewayPath: string;
  websiteBasePath: string;
  /** @throws {ForeignOriginError} the application's function leads to a website that is not allowed */
  getWebsiteDomain(request?: BaseRequest, userContext?: UserContext): string;
  /** Whether an origin, as browsers send it, is the API, the website or one of `allowedOrigins`. */
  isOwnOrigin(origin: string): boolean;
}

const ORIGIN = 'an origin with scheme and host, such as https://api.example.com';
const ALLOWED_ORIGIN = 'an origin such as https://admin.example.com or https://*.example.com';
const PATH = 'a path that starts with a slash, such as /auth';

const originSchema = z.string(ORIGIN).refine((text) => originOf(text) !== undefined, ORIGIN);
export const pathSchema = z.string(PATH).regex(/^\/[\w\-./~]*$/, PATH);

export const appInfoSchema: z.ZodType<AppInfo> = z.strictObject(
  {
    appName: z.string('the name of the application as text').min(1, 'a name that is not empty'),
    apiDomain: originSchema,
    websiteDomain: z.custom<WebsiteDomain>(
      (value) => typeof value === 'function' || originSchema.safeParse(value).success,
      `${ORIGIN}, or a function that returns one`,
    ),
    allowedOrigins: z
      .array(z.string(ALLOWED_ORIGIN).refine(isOriginPattern, ALLOWED_ORIGIN), `a list, each ${ALLOWED_ORIGIN}`)
      .optional(),
    apiBasePath: pathSchema.optional(),
    apiGatewayPath: pathSchema.or(z.literal('')).optional(),
    websiteBasePath: pathSchema.optional(),
  },
  'appInfo: { appName, apiDomain, websiteDomain }',
) as z.ZodType<AppInfo>;

/** @throws {ConfigurationError} */
export function normaliseAppInfo(input: AppInfo): NormalisedAppInfo {
  const appInfo = checkOptions('AuthModule appInfo', appInfoSchema, input);
  const { websiteDomain, allowedOrigins = [] } = appInfo;
  if (typeof websiteDomain === 'function' && allowedOrigins.length === 0) {
    throw new ConfigurationError(
      'AuthModule appInfo: websiteDomain is a function of the request, which anybody can send, and links in emails lead to ' +
        "what it returns. Give the origins that it may return as allowedOrigins: ['https://www.example.com'].",
    );
  }
  const apiDomain = originOf(appInfo.apiDomain)!;
  const website = typeof websiteDomain === 'string' ? originOf(websiteDomain)! : undefined;
  const isOwnOrigin = originRule([apiDomain, ...(website === undefined ? [] : [website]), ...allowedOrigins]);
  return {
    appName: appInfo.appName,
    apiDomain,
    apiBasePath: normalisePath(appInfo.apiBasePath ?? '/auth'),
    apiGatewayPath: normalisePath(appInfo.apiGatewayPath ?? ''),
    websiteBasePath: normalisePath(appInfo.websiteBasePath ?? '/auth'),
    getWebsiteDomain(request, userContext) {
      if (typeof websiteDomain === 'string') return website!;
      const returned = websiteDomain(request, userContext);
      const origin = originOf(checkOptions('AuthModule appInfo.websiteDomain()', originSchema, returned))!;
      if (!isOwnOrigin(origin)) throw new ForeignOriginError(origin);
      return origin;
    },
    isOwnOrigin,
  };
}

/** Without a trailing slash, so that paths can be appended: `/auth`, or '' for the root. */
export function normalisePath(path: string): string {
  return path.replace(/\/+$/, '');
}

function originOf(text: string): string | undefined {
  try {
    const url = new URL(withScheme(text));
    const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
    return isBare && /^https?:$/.test(url.protocol) ? url.origin : undefined;
  } catch {
    return undefined;
  }
}

/** As the finished clients' documentation has it: `api.example.com`, `localhost:3000`. */
function withScheme(text: string): string {
  if (text.includes('//') || !URL.canParse(`https://${text}`)) return text;
  return isLocalHost(`https://${text}`) ? `http://${text}` : `https://${text}`;
}

/**
 * Whether cookies of the one travel with requests from the other: the same scheme and the same registrable domain. An IP
 * address and `localhost` are one site, as the finished clients have it: a developer's machine, or one in its network.
 */
export function isSameSite(origin: string, other: string): boolean {
  const [a, b] = [new URL(origin), new URL(other)];
  if (a.protocol !== b.protocol) return false;
  return siteOf(a.hostname) === siteOf(b.hostname) || (isLocalHost(origin) && isLocalHost(other));
}

/** A host without a registrable domain is a site of its own. */
function siteOf(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}

/** Hosts that are never reached over a network by others, where cookies need no https. */
export function isLocalHost(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
