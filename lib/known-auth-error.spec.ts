import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { AUTH_ERROR_CODES, BadInputError } from './core/auth.error.js';
import { isAuthError } from './known-auth-error.js';

describe('Errors', () => {
  it('are each described in the guide, by code', () => {
    const guide = readFileSync(new URL('../docs/guides/errors.md', import.meta.url), 'utf8');
    const described = [...guide.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);

    expect(described.toSorted()).toEqual([...AUTH_ERROR_CODES]);
  });

  it('are told from those of others', () => {
    expect(isAuthError(new BadInputError('no'))).toBe(true);
    expect(isAuthError(Object.assign(new Error('no'), { code: 'BAD_INPUT' }))).toBe(false);
    expect(isAuthError(undefined)).toBe(false);
  });
});
