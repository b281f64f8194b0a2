import { describe, expect, it } from '@jest/globals';
import { parseEmailAddress } from './email-address.js';

const LONG_DOMAIN = Array(5).fill('d'.repeat(60)).join('.');

describe('An address that is sent to', () => {
  it.each([
    'ada@example.com',
    "o'hara+tag@sub.example.co.uk",
    'a@localhost',
    'a_b-c.d@xn--mnchen-3ya.example',
    'x@1.2',
    `${'a'.repeat(64)}@example.com`,
  ])('may be %s, and stays as it is', (address) => {
    expect(parseEmailAddress(address)).toMatchObject({ address, needsSmtpUtf8: false });
  });

  it.each([
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@straße.example', 'ann@xn--strae-oqa.example'],
    ['ann@пример.рф', 'ann@xn--e1afmkfd.xn--p1ai'],
    ['Ann@BÜCHER.example', 'Ann@xn--bcher-kva.example'],
  ])('of an internationalised domain is sent in ASCII: %s', (text, address) => {
    expect(parseEmailAddress(text)).toMatchObject({ address, needsSmtpUtf8: false });
  });

  it('says that letters before the at sign need a server that takes them', () => {
    const { address, needsSmtpUtf8 } = parseEmailAddress('jörg@bücher.example')!;
    expect({ address, needsSmtpUtf8 }).toEqual({ address: 'jörg@xn--bcher-kva.example', needsSmtpUtf8: true });
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
    'a..b@example.com',
    '.ada@example.com',
    'ada.@example.com',
    'ada@-example.com',
    'ada@ex%61mple.com',
    'ada@xn--a\u00fc.example',
    '\uff41da@example.com',
    'jo\u0308rg@example.com',
    'ada@bu\u0308cher.example',
    'ada@\uff45xample.com',
    'ada@example\u3002com',
    'ada\u200b@example.com',
    '\u202eada@example.com',
    'ada\ud83d@example.com',
    `${'a'.repeat(65)}@example.com`,
    `${'ö'.repeat(33)}@example.com`,
    `a@${LONG_DOMAIN}`,
    'ada',
    '@example.com',
    '',
    undefined,
    ['ada@example.com', 'eve@elsewhere.test'],
    { address: 'ada@example.com' },
  ])('is not %j', (address) => {
    expect(parseEmailAddress(address)).toBeUndefined();
  });
});
