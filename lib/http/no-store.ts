import type { OutgoingHttpHeader, ServerResponse } from 'node:http';
import { beforeHead, pairsOf, type HeadHeaders } from './before-head.js';

/** RFC 9213: what a CDN obeys instead of Cache-Control, and its older relative. */
const OTHER_CACHE_HEADERS = ['cdn-cache-control', 'surrogate-control'];

/**
 * No cache keeps this answer, whatever its handler says of caching before or after: it holds tokens.
 * @see RFC 6749 §5.1
 */
export function forbidStoring(response: ServerResponse): void {
  beforeHead(response, (headers) => {
    for (const name of OTHER_CACHE_HEADERS) response.removeHeader(name);
    response.setHeader('Cache-Control', 'no-store');
    return headers && withoutCaching(headers);
  });
}

function withoutCaching(headers: HeadHeaders): HeadHeaders {
  const kept = pairsOf(headers).filter(([name]) => !isAboutCaching(name));
  return Array.isArray(headers) ? (kept.flat() as OutgoingHttpHeader[]) : Object.fromEntries(kept);
}

function isAboutCaching(name: string): boolean {
  const lowerCased = name.toLowerCase();
  return lowerCased === 'cache-control' || OTHER_CACHE_HEADERS.includes(lowerCased);
}
