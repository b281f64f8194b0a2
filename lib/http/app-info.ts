import { isIP } from 'node:net';
import { getDomain } from 'tldts';
import { z } from 'zod';
import type { BaseRequest } from './base-request.js';
import type { UserContext } from './user-context.js';
import { checkOptions } from '../core/check-options.js';

export type WebsiteDomain =
  string | ((request: BaseRequest | undefined, userContext: UserContext | undefined) => string);

export interface AppInfo {
  /** Shown to people, in emails for instance. */
  appName: string;
  /** Where this application is reached: scheme, host and port, such as `https://api.example.com`. */
  apiDomain: string;
  /** Where the frontend is reached, or a function that tells it for a request. */
  websiteDomain: WebsiteDomain;
  /** @default '/auth' */
  apiBasePath?: string;
  /** Where the frontend shows its auth pages, for links in emails. @default '/auth' */
  websiteBasePath?: string;
}

export interface NormalisedAppInfo {
  appName: string;
  apiDomain: string;
  apiBasePath: string;
  websiteBasePath: string;
  getWebsiteDomain(request?: BaseRequest, userContext?: UserContext): string;
}

const ORIGIN = 'an origin with scheme and host, such as https://api.example.com';
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
    apiBasePath: pathSchema.optional(),
    websiteBasePath: pathSchema.optional(),
  },
  'appInfo: { appName, apiDomain, websiteDomain }',
) as z.ZodType<AppInfo>;

/** @throws {ConfigurationError} */
export function normaliseAppInfo(input: AppInfo): NormalisedAppInfo {
  const appInfo = checkOptions('AuthModule appInfo', appInfoSchema, input);
  const { websiteDomain } = appInfo;
  return {
    appName: appInfo.appName,
    apiDomain: originOf(appInfo.apiDomain)!,
    apiBasePath: normalisePath(appInfo.apiBasePath ?? '/auth'),
    websiteBasePath: normalisePath(appInfo.websiteBasePath ?? '/auth'),
    getWebsiteDomain(request, userContext) {
      if (typeof websiteDomain === 'string') return originOf(websiteDomain)!;
      const given = websiteDomain(request, userContext);
      return originOf(checkOptions('AuthModule appInfo.websiteDomain()', originSchema, given))!;
    },
  };
}

/** Without a trailing slash, so that paths can be appended: `/auth`, or '' for the root. */
export function normalisePath(path: string): string {
  return path.replace(/\/+$/, '');
}

function originOf(text: string): string | undefined {
  try {
    const url = new URL(text);
    const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
    return isBare && /^https?:$/.test(url.protocol) ? url.origin : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a browser treats the two as one site: the same scheme and the same registrable domain. */
export function isSameSite(origin: string, other: string): boolean {
  const [a, b] = [new URL(origin), new URL(other)];
  return a.protocol === b.protocol && siteOf(a.hostname) === siteOf(b.hostname);
}

/** An IP address and a host without a registrable domain, such as `localhost`, are sites of their own. */
function siteOf(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}

/** Hosts that are never reached over a network by others, where cookies need no https. */
export function isLocalHost(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
