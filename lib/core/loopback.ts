import { isIP } from 'node:net';

/** Whether a host, an IPv6 address in brackets or not, is this machine and no other. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
