import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { keylessRefusal } from './keyless-access.js';

const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  keylessRefusal({
    headers: { host: 'localhost:3567', ...headers },
    socket: { remoteAddress },
  } as never as IncomingMessage);

describe('keylessRefusal', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('lets a program of this machine in: %s', (address) => {
    expect(from(address, { 'sec-fetch-mode': 'cors' })).toBeUndefined();
    const body = { 'content-length': '2' };
    expect(from(address, { ...body, 'content-type': 'application/json; charset=utf-8' })).toBeUndefined();
    expect(from(address, body)).toBeUndefined();
  });

  it.each<[string, string, Record<string, string>]>([
    ['another machine', '10.0.0.7', {}],
    ['another machine, by IPv6', '::ffff:10.0.0.7', {}],
    ['a proxy', '127.0.0.1', { 'x-forwarded-for': '10.0.0.7' }],
    ['a page', '127.0.0.1', { origin: 'https://evil.example' }],
    ['a navigation', '127.0.0.1', { 'sec-fetch-site': 'cross-site' }],
    ['a name that leads here', '127.0.0.1', { host: 'rebind.evil.example:3567' }],
    ['no host', '127.0.0.1', { host: '' }],
    ['a form', '127.0.0.1', { 'content-length': '2', 'content-type': 'application/x-www-form-urlencoded' }],
    ['a text', '127.0.0.1', { 'transfer-encoding': 'chunked', 'content-type': 'text/plain' }],
  ])('refuses %s', (_what, address, headers) => {
    expect(from(address, headers)).toEqual(expect.any(String));
  });
});
