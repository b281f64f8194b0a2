import { describe, expect, it } from '@jest/globals';
import {
  antiCsrfTokenOf,
  firstRefreshToken,
  isGenuine,
  needsAntiCsrf,
  newRefreshSecret,
  readRefreshToken,
  successorOf,
} from './refresh-token.js';
import { equalText } from '../equal-text.js';

describe('refresh tokens', () => {
  const secret = newRefreshSecret();

  it.each(['7c9e6679-7425-40de-944b-e07fc1f90ae7', '7c9e6679-7425-40de-944b-e07fc1f90ae7_acme-1'])(
    'are read back, with handle %s',
    (handle) => {
      const text = firstRefreshToken(handle, secret);
      const token = readRefreshToken(text);
      expect(token).toMatchObject({ text, sessionHandle: handle });
      expect(isGenuine(token!, secret)).toBe(true);
      expect(isGenuine(token!, newRefreshSecret())).toBe(false);
    },
  );

  it('have one successor each, which is genuine and another one', () => {
    const parent = readRefreshToken(firstRefreshToken('handle', secret))!;
    const successor = successorOf(parent, secret);
    expect(successorOf(parent, secret)).toBe(successor);
    expect(successor).not.toBe(parent.text);
    expect(isGenuine(readRefreshToken(successor)!, secret)).toBe(true);
    expect(successorOf(parent, newRefreshSecret())).not.toBe(successor);
    expect(firstRefreshToken('handle', secret)).not.toBe(parent.text);
  });

  it('ask for an anti-CSRF token once there was one', () => {
    const read = (text: string) => readRefreshToken(text)!;
    const without = read(firstRefreshToken('handle', secret, false));
    const still = read(successorOf(without, secret, false));
    const since = read(successorOf(still, secret, true));
    const kept = read(successorOf(since, secret, false));
    expect([without, still, since, kept].map(needsAntiCsrf)).toEqual([false, false, true, true]);
    for (const token of [without, still, since, kept]) expect(isGenuine(token, secret)).toBe(true);
    // Nobody else can take the mark away, or set it.
    const unmarked = Buffer.from(without.nonce, 'base64url').toString('base64url');
    expect(isGenuine({ ...without, nonce: unmarked }, secret)).toBe(false);
  });

  it('belong to one session', () => {
    const token = readRefreshToken(firstRefreshToken('handle', secret))!;
    expect(isGenuine({ ...token, sessionHandle: 'other' }, secret)).toBe(false);
  });

  it('cannot be made out of what else is derived from the secret', () => {
    const token = firstRefreshToken('handle', secret);
    const { nonce } = readRefreshToken(token)!;
    const antiCsrf = antiCsrfTokenOf(`handle.${nonce}`, secret);
    expect(isGenuine(readRefreshToken(`handle.${nonce}.${antiCsrf}.V2`)!, secret)).toBe(false);
  });

  it.each([
    ['a', 'a', true],
    ['', '', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['\u{1f511}', '\u{1f512}', false],
  ])('compares %j with %j', (left, right, equal) => {
    expect(equalText(left, right)).toBe(equal);
  });
});
