import { isIP } from 'node:net';
import { getPublicSuffix } from 'tldts';
import { ConfigurationError } from '../../core/auth.error.js';

/** Prefixes by which browsers hold cookies to one host (`__Host-`) or to https. @see RFC 6265bis §4.1.3 */
export type CookiePrefix = '__Host-' | '__Secure-';

interface CookieScope {
  cookieDomain?: string;
  cookiePrefix?: CookiePrefix;
  cookieSecure: boolean;
  accessTokenPath?: string;
  getCookieNameForTokenType?: unknown;
}

/**
 * Browsers drop a cookie outside of these rules without a word: every sign-in would seem to work and no session would
 * exist.
 * @throws {ConfigurationError}
 * @see RFC 6265 §5.3, RFC 6265bis §4.1.3
 */
export function checkCookieScope(scope: CookieScope, apiDomain: string): void {
  const { cookieDomain, cookiePrefix, cookieSecure, accessTokenPath = '/' } = scope;
  if (cookieDomain !== undefined) checkDomain(cookieDomain.toLowerCase(), new URL(apiDomain).hostname);
  if (cookiePrefix === undefined) return;
  if (scope.getCookieNameForTokenType !== undefined) {
    throw new ConfigurationError(
      `SessionRecipe.init: options cookiePrefix and getCookieNameForTokenType both say what cookies are called. Remove ` +
        `cookiePrefix, and return names that begin with '${cookiePrefix}'.`,
    );
  }
  if (cookiePrefix === '__Host-' && accessTokenPath !== '/') {
    throw new ConfigurationError(
      `SessionRecipe.init: option cookiePrefix is '__Host-', which browsers accept only with the path /, but accessTokenPath is ` +
        `"${accessTokenPath}". Remove accessTokenPath, or give cookiePrefix: '__Secure-'.`,
    );
  }
  if (!cookieSecure) {
    throw new ConfigurationError(
      `SessionRecipe.init: option cookiePrefix is '${cookiePrefix}', which browsers accept only on Secure cookies. Serve the ` +
        'API over https, or remove cookiePrefix.',
    );
  }
  if (cookiePrefix === '__Host-' && cookieDomain !== undefined) {
    throw new ConfigurationError(
      `SessionRecipe.init: option cookiePrefix is '__Host-', which is for this host alone, but cookieDomain is ` +
        `"${cookieDomain}". Remove cookieDomain, or give cookiePrefix: '__Secure-'.`,
    );
  }
}

function checkDomain(cookieDomain: string, host: string): void {
  const domain = cookieDomain.replace(/^\./, '');
  if (domain === host) return;
  const isParent = isIP(host) === 0 && host.endsWith(`.${domain}`);
  if (isParent && getPublicSuffix(domain, { allowPrivateDomains: true }) !== domain) return;
  const why = isParent
    ? 'a domain below which everybody can have a site, so browsers drop its cookies'
    : `neither the host of apiDomain, ${host}, nor a parent of it, so browsers drop its cookies`;
  throw new ConfigurationError(
    `SessionRecipe.init: option cookieDomain is "${cookieDomain}", ${why}. Give a parent of ${host} that is yours, or ` +
      'remove it: the cookies then belong to that host.',
  );
}
