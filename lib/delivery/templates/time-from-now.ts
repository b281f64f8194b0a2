const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** @returns such as `in 45 minutes` or `in 1 hour` in the language; rounded down, so that nobody comes too late */
export function timeFromNow(atMs: number, nowMs: number, locale: string): string {
  // Some time has passed since the link was made: an hour is to be called an hour.
  const leftMs = Math.max(0, atMs - nowMs) + MINUTE_MS / 2;
  const format = new Intl.RelativeTimeFormat(locale);
  if (leftMs >= 2 * DAY_MS) return format.format(Math.floor(leftMs / DAY_MS), 'day');
  if (leftMs >= 2 * HOUR_MS || isWholeHour(leftMs)) return format.format(Math.floor(leftMs / HOUR_MS), 'hour');
  return format.format(Math.floor(leftMs / MINUTE_MS), 'minute');
}

function isWholeHour(leftMs: number): boolean {
  return leftMs >= HOUR_MS && leftMs % HOUR_MS < MINUTE_MS;
}
