/**
 * Whether a browser or an app may be sent there: a page of one of the origins, or exactly one of the addresses that
 * the application allows, whatever query it has.
 */
export function isAllowedRedirect(
  uri: string,
  origins: readonly string[],
  allowedRedirectURIs: readonly string[],
): boolean {
  const url = parse(uri);
  if (url === undefined) return false;
  const isPage =
    /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && origins.includes(url.origin);
  return isPage || allowedRedirectURIs.includes(uri.replace(/[?#].*$/s, ''));
}

function parse(uri: string): URL | undefined {
  // The parser drops line breaks and tabs, and reads a backslash as a slash: then others read another address.
  if (/[\s\p{Cc}\\]/u.test(uri)) return undefined;
  try {
    return new URL(uri);
  } catch {
    return undefined;
  }
}
