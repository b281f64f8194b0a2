import { createRequire } from 'node:module';

type PublicSuffixes = Pick<typeof import('tldts'), 'getDomain' | 'getPublicSuffix'>;

let list: PublicSuffixes | undefined;

/**
 * The list of domains below which everybody can have a site. It is loaded when it is first used, which must be at boot since
 * that reads a file: where the API and its website have one host, nothing uses it. By `require`, since options are checked
 * before anything can wait.
 */
export function publicSuffixes(): PublicSuffixes {
  return (list ??= createRequire(import.meta.url)('tldts') as PublicSuffixes);
}
