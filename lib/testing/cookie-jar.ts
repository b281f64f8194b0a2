import { parseSetCookie } from 'cookie';

interface StoredCookie {
  name: string;
  value: string;
  path: string;
}

/** The cookies of one host, as a browser keeps them: by name and path, until they expire. */
export class CookieJar {
  private cookies: StoredCookie[] = [];

  /** Takes in what a response sets. */
  store(response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      const { name, value = '', path = '/', expires, maxAge } = parseSetCookie(header, { decode: asSent });
      this.cookies = this.cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
      // RFC 6265 §5.3: Max-Age wins over Expires.
      const expiresAtMs = maxAge === undefined ? expires?.getTime() : Date.now() + maxAge * 1000;
      const isExpired = expiresAtMs !== undefined && expiresAtMs <= Date.now();
      if (!isExpired) this.cookies.push({ name, value, path });
    }
  }

  /** The `Cookie` header for a path, or undefined where there is nothing to send. */
  headerFor(path: string): string | undefined {
    const matching = this.cookies.filter((cookie) => pathMatches(path, cookie.path));
    return matching.length === 0 ? undefined : matching.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** The value of a cookie; `undefined` where there is none. */
  get(name: string): string | undefined {
    return this.cookies.find((cookie) => cookie.name === name)?.value;
  }

  /** Sets a cookie. */
  set(name: string, value: string, path = '/'): void {
    this.cookies = this.cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    this.cookies.push({ name, value, path });
  }
}

/** A browser sends a value back as it came. */
const asSent = (value: string): string => value;

/** RFC 6265 §5.1.4 */
function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
