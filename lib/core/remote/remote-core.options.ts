import { isLoopbackHost } from '../loopback.js';
import type { RevocationFeedOptions } from '../revocation-feed.options.js';

/** A core in another process, reached by HTTP. How long tokens and sessions live is that core's to say. */
export interface RemoteCoreOptions {
  /**
   * Where the core is: `http://` or `https://`, with the path of an app where there are several
   * (`https://core.example.com/appid-shop`). Several addresses of one core are separated by `;` and are used in turn.
   * It may be what an environment variable holds: without a value the boot says so.
   */
  connectionURI: string | undefined;
  /** One of the core's keys, where it has any. */
  apiKey?: string;
  /** After how long an attempt at one address is given up, in milliseconds. @default 10000 */
  timeoutMs?: number;
  /**
   * How guards learn at once of revoked sessions, where the core is our own core service; `false` for not at all. Of its options only
   * `maxBehindSeconds`, `whenBehind` and `maxEntries` count. @default {}
   */
  revocationFeed?: Pick<RevocationFeedOptions, 'maxBehindSeconds' | 'whenBehind' | 'maxEntries'> | false;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

/** @returns the addresses, without a slash at the end */
export function hostsOf(connectionURI = ''): string[] {
  return addressesOf(connectionURI).map((address) => {
    const { origin, pathname } = new URL(address);
    return origin + pathname.replace(/\/+$/, '');
  });
}

/** @returns the origins that are asked over http and are not on this machine: what is sent there can be read on the way */
export function readableOriginsOf(connectionURI = ''): string[] {
  return addressesOf(connectionURI)
    .map((address) => new URL(address))
    .filter(({ protocol, hostname }) => protocol === 'http:' && !isLoopbackHost(hostname))
    .map(({ origin }) => origin);
}

/** @returns what is wrong with it, without showing it; undefined where nothing is */
export function connectionURIMistake(connectionURI: unknown): string | undefined {
  if (typeof connectionURI !== 'string')
    return `is ${connectionURI === null ? 'null' : `of type ${typeof connectionURI}`}`;
  const addresses = addressesOf(connectionURI);
  if (addresses.length === 0) return 'is empty';
  for (const address of addresses) {
    const problem = addressMistake(address);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function addressesOf(connectionURI: string): string[] {
  return connectionURI
    .split(';')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}

function addressMistake(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address)) return 'has an address that does not begin with http:// or https://';
  if (!URL.canParse(address)) return 'has an address that cannot be read as a URL';
  const { username, password, search, hash } = new URL(address);
  if (username !== '' || password !== '') return 'has a user or a password in it, which is what apiKey is for';
  if (search !== '' || hash !== '') return 'has an address with a query or a fragment';
  return undefined;
}
