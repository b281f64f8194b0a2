import { describe, expect, it } from '@jest/globals';
import { BaseRequest, type FrameworkRequest } from './base-request.js';
import { clientAddress, isBehindUnknownProxy, isProxyName, networkOf, type TrustedProxies } from './client-address.js';

function requestOf(remoteAddress: string | undefined, forwardedFor?: string, ip?: string): BaseRequest {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const original = { method: 'POST', originalUrl: '/', headers, socket: { remoteAddress }, ip };
  return new BaseRequest(original as FrameworkRequest);
}

describe('clientAddress', () => {
  const forged = '6.6.6.6, 203.0.113.7, 10.0.0.2';

  it.each<[string, TrustedProxies | undefined, string]>([
    ['nobody is trusted', undefined, '10.0.0.1'],
    ['no proxy', 0, '10.0.0.1'],
    ['one proxy', 1, '10.0.0.2'],
    ['two proxies', 2, '203.0.113.7'],
    ['more proxies than there are', 9, '6.6.6.6'],
    ['the network of the proxies', ['10.0.0.0/8'], '203.0.113.7'],
    ['private networks', ['uniquelocal'], '203.0.113.7'],
    ['one address', ['10.0.0.1'], '10.0.0.2'],
    ['another network', ['192.168.0.0/16', 'loopback', '::1', 'fd00::/8'], '10.0.0.1'],
    ['no address', [], '10.0.0.1'],
  ])('where the trust is in %s', (_, proxies, address) => {
    expect(clientAddress(requestOf('::ffff:10.0.0.1', forged), proxies)).toBe(address);
  });

  it('is what the framework says by default', () => {
    expect(clientAddress(requestOf('10.0.0.1', forged, '203.0.113.7'))).toBe('203.0.113.7');
    expect(clientAddress(requestOf('10.0.0.1', forged, '203.0.113.7'), 1)).toBe('10.0.0.2');
    expect(clientAddress(requestOf('10.0.0.1', forged, 'made up'))).toBe('10.0.0.1');
  });

  it.each(['unknown', '_hidden', '', '1', '300.1.1.1', '10.0.0.9:1234', `${'9'.repeat(9999)}`])(
    'a hop that is no address ends the way: %j',
    (hop) => {
      expect(clientAddress(requestOf('127.0.0.1', `6.6.6.6, ${hop}`), 9)).toBe('127.0.0.1');
    },
  );

  it('is unknown for what has no address', () => {
    expect(clientAddress(requestOf(undefined, forged), 3)).toBeUndefined();
    expect(clientAddress(requestOf(undefined))).toBeUndefined();
  });
});

it.each<[string, BaseRequest, boolean]>([
  ['a proxy in the own network', requestOf('::ffff:10.0.0.1', '203.0.113.7'), true],
  ['a client in the own network, by a proxy that is trusted', requestOf('10.0.0.1', '10.0.0.9', '10.0.0.9'), false],
  ['somebody who makes the header up', requestOf('203.0.113.7', '10.0.0.1'), false],
  ['no proxy', requestOf('10.0.0.1'), false],
])('an unknown proxy is seen for %s: %#', (_, request, isOne) => {
  expect(isBehindUnknownProxy(request, clientAddress(request)!)).toBe(isOne);
});

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '::/64'],
])('%s is counted with %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it.each([
  ['loopback', true],
  ['uniquelocal', true],
  ['10.0.0.0/8', true],
  ['fd00::/8', true],
  ['::1', true],
  ['constructor', false],
  ['proxy.example.com', false],
  ['10.0.0.0/99', false],
  ['', false],
])('%s as the name of a proxy: %s', (name, isOne) => {
  expect(isProxyName(name)).toBe(isOne);
});
