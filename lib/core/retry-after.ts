/** How far clients that were refused at the same moment are spread, at least, in seconds. */
const MIN_SPREAD_SECONDS = 4;
const SPREAD = 0.1;

/**
 * The value of `Retry-After`: never sooner than `seconds`, and a random while later, so that clients who were all refused
 * at once do not all come back at once.
 * @returns whole seconds, at least 1
 * @see RFC 9110 §10.2.3
 */
export function retryAfterSeconds(seconds: number): number {
  const earliest = Math.max(1, Math.ceil(seconds));
  const spread = Math.max(MIN_SPREAD_SECONDS, Math.ceil(earliest * SPREAD));
  return earliest + Math.floor(Math.random() * (spread + 1));
}
