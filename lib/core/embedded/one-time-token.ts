import { createHash, randomBytes } from 'node:crypto';

/* Tokens that are sent by email and work once. Only their hash is stored. */

export function createOneTimeToken(): string {
  return randomBytes(48).toString('base64url');
}

/** Spares the database what cannot be one. */
export function looksLikeOneTimeToken(token: unknown): token is string {
  return typeof token === 'string' && /^[\w-]{64}$/.test(token);
}

/** Of a token with that much randomness a plain hash gives nothing away. */
export function hashOneTimeToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
