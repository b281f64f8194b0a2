import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { isCommonPassword } from './common-passwords.js';

const list = createRequire(import.meta.url)('@zxcvbn-ts/language-common/src/passwords.json') as string[];

async function filter(passwords: string[], isCommon: boolean): Promise<string[]> {
  const found = await Promise.all(passwords.map(isCommonPassword));
  return passwords.filter((_, at) => found[at] === isCommon);
}

describe('isCommonPassword', () => {
  it('knows every password of the list, so the file was made of it', async () => {
    const longEnough = list.filter((password) => password.length >= 8);
    expect(longEnough.length).toBeGreaterThan(10_000);
    expect(await filter(longEnough, false)).toEqual([]);
    const padded = list
      .filter((password) => password.length >= 5 && /[a-z]$/.test(password))
      .map((word) => `${word}123`);
    expect(await filter(padded, false)).toEqual([]);
  });

  it('takes hardly any other for one of them', async () => {
    const others = Array.from({ length: 5_000 }, () => randomBytes(9).toString('base64url'));
    expect((await filter(others, true)).length).toBeLessThan(10);
  });

  it.each([
    'password',
    'PassWord',
    'Password1',
    'password2024!',
    'sunshine2024!',
    'P@SSW0RD',
    '１２３４５６７８',
    'dragon 1!',
    'aaaaaaaa',
    '        ',
    'abcdABCDabcd',
    '🔑🔑🔑🔑🔑🔑🔑🔑',
  ])('knows %j', async (password) => expect(await isCommonPassword(password)).toBe(true));

  it.each([
    'correct horse 1',
    'password after dark',
    '2024!password',
    'password202401!',
    'abcdeabcde',
    'парольпароль1',
    'abc',
  ])('does not know %j', async (password) => expect(await isCommonPassword(password)).toBe(false));
});
