import { describe, expect, it } from '@jest/globals';
import { BadInputError } from './auth.error.js';
import { paginationTokenOf, positionOf } from './pagination-token.js';

describe('A pagination token', () => {
  it('gives its position back, and consists of characters that a query carries', () => {
    const token = paginationTokenOf('1700000000000.ä/?&');

    expect(positionOf(token)).toBe('1700000000000.ä/?&');
    expect(token).toMatch(/^[\w-]+$/);
  });

  it.each([undefined, 7, '', 'a b', 'a=', 'a'.repeat(4097)])('is never %p', (token) => {
    expect(() => positionOf(token)).toThrow(new BadInputError('invalid pagination token'));
  });

  it('may be longer where its maker says so', () => {
    expect(positionOf(paginationTokenOf('a'.repeat(9000)), Infinity)).toHaveLength(9000);
  });
});
