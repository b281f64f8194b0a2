import ipaddr from 'ipaddr.js';
import type { BaseRequest } from './base-request.js';

/**
 * Which proxies before this process may say whom they speak for: so many of them, counted from this process, or those of
 * these addresses: `10.1.2.3`, `10.0.0.0/8`, `loopback`, `linklocal` and `uniquelocal` (private networks).
 */
export type TrustedProxies = number | readonly string[];

/** The names of Express and Fastify, and what `ipaddr.js` calls them. */
const RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['loopback'],
  linklocal: ['linkLocal'],
  uniquelocal: ['private', 'uniqueLocal'],
};

interface Addressed {
  /** Of Express and Fastify, by their own settings. */
  ip?: unknown;
  socket?: { remoteAddress?: string };
  raw?: { socket?: { remoteAddress?: string } };
}

/**
 * Whom a request comes from. `X-Forwarded-For` counts as far as proxies are trusted, and by default that is what the
 * application has set in its framework: nobody.
 * @returns an address in its shortest form, IPv4 also where the socket shows it as IPv6; undefined where it is unknown
 */
export function clientAddress(request: BaseRequest, trustedProxies?: TrustedProxies): string | undefined {
  let address = socketAddress(request);
  if (trustedProxies === undefined) return normalise((request.original as Addressed).ip) ?? address;
  const forwarded = request.getHeaderValue('x-forwarded-for')?.split(',').toReversed() ?? [];
  for (const [hop, before] of forwarded.entries()) {
    if (address === undefined || !isTrusted(address, hop, trustedProxies)) break;
    const next = normalise(before.trim());
    // What is no address was not written by a proxy: the proxy that let it through is the last that we know.
    if (next === undefined) break;
    address = next;
  }
  return address;
}

/** Those who share a bucket: an address of IPv4, and of IPv6 a network of 64 bits, which everybody has for themselves. */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  const [network] = ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString().split('%');
  return `${network}/64`;
}

export function isProxyName(text: string): boolean {
  return Object.hasOwn(RANGES, text) || ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
}

function isTrusted(address: string, hop: number, proxies: TrustedProxies): boolean {
  if (typeof proxies === 'number') return hop < proxies;
  const parsed = ipaddr.process(address);
  return proxies.some((proxy) => {
    const ranges = Object.hasOwn(RANGES, proxy) ? RANGES[proxy] : undefined;
    if (ranges !== undefined) return ranges.includes(parsed.range());
    if (!proxy.includes('/')) return ipaddr.process(proxy).toString() === parsed.toString();
    const [network, bits] = ipaddr.parseCIDR(proxy);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}

function normalise(text: unknown): string | undefined {
  const [bare = ''] = typeof text === 'string' ? text.split('%') : [];
  return ipaddr.isValid(bare) && /[.:]/.test(bare) ? ipaddr.process(bare).toString() : undefined;
}

/**
 * Whether a request has come through a proxy that nobody trusts: everybody behind it then has one address. A network of its
 * own is where proxies are; elsewhere the header is made up.
 */
export function isBehindUnknownProxy(request: BaseRequest, address: string): boolean {
  if (request.getHeaderValue('x-forwarded-for') === undefined || address !== socketAddress(request)) return false;
  const range = ipaddr.process(address).range();
  return Object.values(RANGES).some((ranges) => ranges.includes(range));
}

function socketAddress({ original }: BaseRequest): string | undefined {
  const { raw, socket } = original as Addressed;
  return normalise((raw?.socket ?? socket)?.remoteAddress);
}
