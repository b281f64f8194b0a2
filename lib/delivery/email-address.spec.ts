import { describe, expect, it } from '@jest/globals';
import { assertEmailAddress, parseMailbox, singleLine } from './email-address.js';
import { UndeliverableEmailError } from './email-delivery.js';

const LONG_DOMAIN = Array(5).fill('d'.repeat(60)).join('.');

describe('An address that is sent to', () => {
  it.each([
    'ada@example.com',
    "o'hara+tag@sub.example.co.uk",
    'a@localhost',
    'a_b-c.d@xn--mnchen-3ya.example',
    `${'a'.repeat(64)}@example.com`,
  ])('may be %s', (address) => {
    expect(() => assertEmailAddress(address)).not.toThrow();
  });

  it.each([
    'ada@example.com\r\nBcc: eve@elsewhere.test',
    'ada@example.com\n',
    'ada@example.com\0',
    'ada@example.com, eve@elsewhere.test',
    'ada@example.com;eve@elsewhere.test',
    'ada@example.com eve@elsewhere.test',
    'Ada <ada@example.com>',
    '<ada@example.com>',
    '"ada,eve"@example.com',
    'ada(comment)@example.com',
    '@relay.test:ada@example.com',
    'group:ada@example.com;',
    'ada@@example.com',
    'ada@eve@example.com',
    'ada@[127.0.0.1]',
    'ada@example..com',
    '.ada@example.com',
    'ada.@example.com',
    'ada@-example.com',
    '\u0430da@example.com',
    'ada@münchen.example',
    'ada@\uff45xample.com',
    'ada@example\u3002com',
    '\u202eada@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${LONG_DOMAIN}`,
    'ada',
    '@example.com',
    '',
    undefined,
    ['ada@example.com', 'eve@elsewhere.test'],
    { address: 'ada@example.com' },
  ])('is not %j', (address) => {
    expect(() => assertEmailAddress(address)).toThrow(UndeliverableEmailError);
  });
});

describe('The sender', () => {
  it.each([
    ['a@example.com', { address: 'a@example.com' }],
    ['Acme <a@example.com>', { name: 'Acme', address: 'a@example.com' }],
    ['"Acme, Inc." <a@example.com>', { name: 'Acme, Inc.', address: 'a@example.com' }],
    ['<a@example.com>', { address: 'a@example.com' }],
    ['Acme\r\nBcc: x <a@example.com>', { name: 'Acme Bcc: x', address: 'a@example.com' }],
    ['Acme', undefined],
    ['Acme <a@example.com>, b@example.com', undefined],
    ['a@example.com, b@example.com', undefined],
  ])('of %j is %j', (text, expected) => {
    expect(parseMailbox(text)).toEqual(expected);
  });

  it('is a name on one line, in one direction of writing', () => {
    expect(singleLine('  Acme\r\n\tInc.\u202e gro\u2028x\0 ')).toBe('Acme Inc. gro x');
  });
});
