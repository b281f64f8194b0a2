import { ConfigurationError } from '../../core/auth.error.js';
import type { JsonObject } from '../../core/json.types.js';

/** What every browser keeps: name, value and attributes together. @see RFC 6265 §6.1 */
const MAX_COOKIE_BYTES = 4096;

interface AccessCookie {
  name: string;
  token: string;
  /** What the token carries. */
  payload: Readonly<JsonObject>;
  domain: string | undefined;
}

/**
 * @param update what is about to be merged into the payload: asked before it is stored
 * @throws {ConfigurationError} browsers would drop the cookie without a word, and the user would be signed out
 */
export function assertCookieFits(cookie: AccessCookie, update: JsonObject = {}): void {
  const payload = Object.fromEntries(
    Object.entries({ ...cookie.payload, ...update }).filter(([key]) => update[key] !== null),
  ) as JsonObject;
  const growth = encodedBytes(payload) - encodedBytes(cookie.payload);
  const attributes = `; Domain=${cookie.domain ?? ''}; Path=/; Expires=${new Date(0).toUTCString()}; HttpOnly; Secure; SameSite=Strict`;
  const bytes = cookie.name.length + 1 + cookie.token.length + growth + attributes.length;
  if (bytes <= MAX_COOKIE_BYTES) return;
  throw new ConfigurationError(
    `The cookie ${cookie.name} would have ${bytes} bytes, and browsers drop cookies of more than ${MAX_COOKIE_BYTES} without a ` +
      `word. The largest claims in the access token payload are ${largestClaims(payload)}. Keep such data in the session's ` +
      'data in the database, or fetch it where it is needed.',
  );
}

function largestClaims(payload: JsonObject): string {
  const sizes = Object.entries(payload).map(([key, value]) => [key, JSON.stringify(value).length] as const);
  sizes.sort(([, a], [, b]) => b - a);
  return sizes
    .slice(0, 3)
    .map(([key, bytes]) => `${key} (${bytes} bytes)`)
    .join(', ');
}

/** Of the middle part of a JWT. */
function encodedBytes(payload: Readonly<JsonObject>): number {
  return Math.ceil((Buffer.byteLength(JSON.stringify(payload)) * 4) / 3);
}
