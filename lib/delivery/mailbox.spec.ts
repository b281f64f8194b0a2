import { describe, expect, it } from '@jest/globals';
import { parseMailbox, singleLine } from './mailbox.js';

describe('The sender', () => {
  it.each([
    ['a@example.com', { address: 'a@example.com' }],
    ['Acme <a@example.com>', { name: 'Acme', address: 'a@example.com' }],
    ['"Acme, Inc." <a@example.com>', { name: 'Acme, Inc.', address: 'a@example.com' }],
    ['<a@example.com>', { address: 'a@example.com' }],
    ['<a@bücher.example>', { address: 'a@xn--bcher-kva.example' }],
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
