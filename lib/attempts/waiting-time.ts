const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Making one costs more than all else that a refused attempt does. */
const ENGLISH = new Intl.RelativeTimeFormat('en');

/** @returns such as `in 3 minutes`, in the language; rounded up, so that nobody comes too early */
export function waitingTime(seconds: number, locale = 'en'): string {
  const format = locale === 'en' ? ENGLISH : new Intl.RelativeTimeFormat(locale);
  if (seconds <= 2 * HOUR_SECONDS) return format.format(Math.ceil(seconds / MINUTE_SECONDS), 'minute');
  if (seconds <= 2 * DAY_SECONDS) return format.format(Math.ceil(seconds / HOUR_SECONDS), 'hour');
  return format.format(Math.ceil(seconds / DAY_SECONDS), 'day');
}
