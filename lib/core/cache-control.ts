/**
 * @returns for how many seconds an answer may be kept; undefined where the header does not say
 * @see RFC 9111 §5.2.2.1
 */
export function maxAgeSeconds(cacheControl: string | null): number | undefined {
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(cacheControl ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
