import { BadInputError } from './auth.error.js';

const MAX_LENGTH = 4096;

/** Says where a page ended; opaque, so that what is in it can change. */
export function paginationTokenOf(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * @param maxLength in characters of the token
 * @throws {BadInputError} not one of our tokens
 */
export function positionOf(token: unknown, maxLength = MAX_LENGTH): string {
  assertPaginationToken(token, maxLength);
  return Buffer.from(token, 'base64url').toString();
}

/** @throws {BadInputError} not one of our tokens */
export function assertPaginationToken(token: unknown, maxLength = MAX_LENGTH): asserts token is string {
  if (typeof token !== 'string' || token.length > maxLength || !/^[\w-]+$/.test(token)) throw invalidPaginationToken();
}

export function invalidPaginationToken(): BadInputError {
  return new BadInputError('invalid pagination token');
}
