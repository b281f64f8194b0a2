import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ForbiddenException } from '@nestjs/common';
import { isLoopbackHost } from '../../lib/core/loopback.js';

/** Browsers send these with every request; Node's own `fetch` sends `sec-fetch-mode` as well, so that says nothing. */
const SENT_BY_BROWSERS = ['origin', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'];
const SENT_BY_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'];

/** Answered as JSON: whom it is for is no driver, which has a key or comes from this machine. */
export class KeylessAccessException extends ForbiddenException {
  constructor(readonly reason: string) {
    super(`Without an API key the core serves only programs of its own machine: ${reason}`);
  }
}

/**
 * Without an API key a core serves programs of its own machine, and nobody else. A page in a browser on that machine is
 * somebody else: it may send what needs no preflight, and read answers by a name that leads to the loopback address.
 * @returns why a request is not served; undefined where it is
 * @see CWE-352 and CWE-350
 */
export function keylessRefusal({ headers, socket }: IncomingMessage): string | undefined {
  if (!isLoopbackAddress(socket.remoteAddress)) return 'the request comes from another machine';
  if (SENT_BY_PROXIES.some((name) => name in headers)) return 'the request comes through a proxy';
  if (SENT_BY_BROWSERS.some((name) => name in headers)) return 'the request comes from a browser';
  if (!isLoopbackHost(hostnameOf(headers.host))) return 'the Host header does not name this machine';
  if (hasBody(headers) && !isJSON(headers['content-type'])) return 'the body is not declared as application/json';
  return undefined;
}

/** IPv4 as a socket that listens for both families shows it. */
function isLoopbackAddress(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/, '');
  return plain !== undefined && isIP(plain) !== 0 && isLoopbackHost(plain);
}

function hostnameOf(host: string | undefined): string {
  return host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

function hasBody(headers: IncomingMessage['headers']): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
}

/** Undeclared is what plain HTTP clients send: a browser declares it, or names its `Origin`. */
function isJSON(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType);
}
