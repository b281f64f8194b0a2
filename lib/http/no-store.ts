import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** RFC 9213: what a CDN obeys instead of Cache-Control, and its older relative. */
const OTHER_CACHE_HEADERS = ['cdn-cache-control', 'surrogate-control'];

/**
 * No cache keeps this answer, whatever its handler says of caching before or after: it holds tokens.
 * Every framework ends at `writeHead` of Node's own response, so that is where the last word is.
 * @see RFC 6749 §5.1
 */
export function forbidStoring(response: ServerResponse): void {
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse;
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    if (!this.headersSent) {
      // Those given here would win over those that were set.
      const headers = args.findLast((arg) => typeof arg === 'object' && arg !== null);
      if (headers !== undefined) args[args.lastIndexOf(headers)] = withoutCaching(headers);
      for (const name of OTHER_CACHE_HEADERS) this.removeHeader(name);
      this.setHeader('Cache-Control', 'no-store');
    }
    return writeHead.apply(this, args);
  } as ServerResponse['writeHead'];
}

function withoutCaching(headers: object): OutgoingHttpHeaders | OutgoingHttpHeader[] {
  if (!Array.isArray(headers)) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !isAboutCaching(name)));
  }
  const pairs = Array.isArray(headers[0]) ? (headers as [string, OutgoingHttpHeader][]) : inPairs(headers);
  return pairs.filter(([name]) => !isAboutCaching(name)).flat() as OutgoingHttpHeader[];
}

function inPairs(flat: unknown[]): [string, OutgoingHttpHeader][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => flat.slice(2 * at, 2 * at + 2)) as [
    string,
    OutgoingHttpHeader,
  ][];
}

function isAboutCaching(name: string): boolean {
  const lowerCased = name.toLowerCase();
  return lowerCased === 'cache-control' || OTHER_CACHE_HEADERS.includes(lowerCased);
}
