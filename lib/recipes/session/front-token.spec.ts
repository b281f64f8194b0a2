import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../core/json.types.js';
import { frontTokenOf } from './front-token.js';

function frontToken(accessTokenPayload: JsonObject): string {
  return frontTokenOf({
    handle: 'handle',
    userId: 'ada',
    recipeUserId: 'ada-by-password',
    tenantId: 'public',
    accessTokenPayload,
    accessTokenExpiry: 1_900_000_000_000,
  });
}

/** As the finished clients do it: `atob`, then the bytes as UTF-8. */
function readAsClient(token: string): unknown {
  const bytes = Uint8Array.from(atob(token), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

describe('frontTokenOf', () => {
  test('holds the user, the expiry in milliseconds and the payload, and nothing else', () => {
    const payload = { sub: 'ada', iat: 1_899_996_400, antiCsrfToken: null };
    expect(readAsClient(frontToken(payload))).toEqual({ uid: 'ada', ate: 1_900_000_000_000, up: payload });
  });

  test.each(['Zoë', '学而时习之', '🗝️', '>>>???~~~', '\u2028', '"\\', 'a'.repeat(5000)])(
    'the client reads %j as it was',
    (text) => {
      expect(readAsClient(frontToken({ text }))).toMatchObject({ up: { text } });
    },
  );

  test('is standard base64 with padding, which is what atob takes', () => {
    for (const text of ['', 'a', 'aa', 'aaa', '>>>', '???']) {
      const token = frontToken({ text });
      expect(token).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      expect(token.length % 4).toBe(0);
    }
  });
});
