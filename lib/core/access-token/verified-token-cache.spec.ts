import { describe, expect, it } from '@jest/globals';
import { VerifiedTokenCache } from './verified-token-cache.js';

const tokenOf = (number: number, start = 'header.payload') => `${start}.${String(number).padStart(342, 'x')}`;

describe('VerifiedTokenCache', () => {
  it('knows what it was given', () => {
    const cache = new VerifiedTokenCache(10);
    const entry = { token: tokenOf(1) };
    expect(cache.get(entry.token)).toBeUndefined();
    cache.set(entry);
    expect(cache.get(tokenOf(1))).toBe(entry);
    cache.delete(entry.token);
    expect(cache.get(entry.token)).toBeUndefined();
  });

  it('is not deceived by a token with a remembered signature', () => {
    const cache = new VerifiedTokenCache(10);
    cache.set({ token: tokenOf(1) });
    expect(cache.get(tokenOf(1, 'header.forged'))).toBeUndefined();
    expect(cache.get(tokenOf(1).slice(-12))).toBeUndefined();
    expect(cache.get('')).toBeUndefined();
  });

  it('never holds more than it may, and keeps what is used', () => {
    const cache = new VerifiedTokenCache(100);
    cache.set({ token: tokenOf(0) });
    for (let number = 1; number <= 1000; number++) {
      cache.set({ token: tokenOf(number) });
      expect(cache.get(tokenOf(0))).toBeDefined();
    }
    const held = Array.from({ length: 1001 }, (_, number) => number).filter((number) => cache.get(tokenOf(number)));
    expect(held.length).toBeLessThanOrEqual(101);
    expect(held).toContain(1000);
    expect(held).not.toContain(500);
  });
});
