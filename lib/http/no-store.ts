import type { OutgoingHttpHeader, ServerResponse } from 'node:http';
import { beforeHead, pairsOf, type GivenHeaders } from './before-head.js';

/** RFC 9213: what a CDN obeys instead of Cache-Control, and its older relative. */
const OTHER_CACHE_HEADERS = ['cdn-cache-control', 'surrogate-control'];

/**
 * No cache keeps this answer, whatever its handler says of caching before or after: it holds tokens.
 * @see RFC 6749 §5.1
 */
export function forbidStoring(response: ServerResponse): void {
  beforeHead(response, (given) => {
    for (const name of OTHER_CACHE_HEADERS) response.removeHeader(name);
    response.setHeader('Cache-Control', 'no-store');
    return given && withoutCaching(given);
  });
}

function withoutCaching(given: GivenHeaders): GivenHeaders {
  const kept = pairsOf(given).filter(([name]) => !isAboutCaching(name));
  return Array.isArray(given) ? (kept.flat() as OutgoingHttpHeader[]) : Object.fromEntries(kept);
}

function isAboutCaching(name: string): boolean {
  const lowerCased = name.toLowerCase();
  return lowerCased === 'cache-control' || OTHER_CACHE_HEADERS.includes(lowerCased);
}
