import { getDomain } from 'tldts';
import { isLoopbackHost } from '../core/loopback.js';

const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^/\s?#@]+)\/?$/i;

/** Whether an origin, as a browser sends it, is one of those configured. */
type OriginRule = (origin: string) => boolean;

/**
 * @param origins such as `https://www.example.com`, `https://*.example.com` for every host below it, or
 * `capacitor://localhost` for an app; `localhost`, `127.0.0.1` and `[::1]` are one host
 */
export function originRule(origins: readonly string[]): OriginRule {
  const exact = new Set<string>();
  const below: { before: string; after: string }[] = [];
  for (const origin of origins.map(canonicalOrigin)) {
    if (origin === undefined) continue;
    const [before, after] = origin.split('//*.');
    if (after === undefined) exact.add(origin);
    else below.push({ before: `${before}//`, after: `.${after}` });
  }
  return (text) => {
    const origin = canonicalOrigin(text);
    if (origin === undefined || origin.includes('*')) return false;
    return exact.has(origin) || below.some(({ before, after }) => origin.startsWith(before) && origin.endsWith(after));
  };
}

/** Whether the list can have it: an origin, and a wildcard only for hosts below one registrable domain. */
export function isOriginPattern(text: string): boolean {
  const origin = canonicalOrigin(text);
  if (origin === undefined) return false;
  const [, parent] = origin.split('//*.');
  if (parent === undefined) return !origin.includes('*');
  return !parent.includes('*') && getDomain(parent, { allowPrivateDomains: true }) !== null;
}

function canonicalOrigin(text: string): string | undefined {
  const [, scheme, authority] = ORIGIN.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) return undefined;
  if (!/^https?$/i.test(scheme)) return `${scheme}://${authority}`.toLowerCase();
  // The parser knows no wildcard in a host.
  const isPattern = authority.startsWith('*.');
  try {
    const { protocol, hostname, port } = new URL(`${scheme}://${isPattern ? authority.slice(2) : authority}`);
    const host = isLoopbackHost(hostname) ? 'localhost' : hostname;
    return `${protocol}//${isPattern ? '*.' : ''}${host}${port === '' ? '' : `:${port}`}`;
  } catch {
    return undefined;
  }
}
