import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { isCommonPassword } from './common-passwords.js';

const all = createRequire(import.meta.url)('@zxcvbn-ts/language-common/src/passwords.json') as string[];
const list = all.slice(0, 20_000);

async function filter(passwords: string[], isCommon: boolean): Promise<string[]> {
  const found = await Promise.all(passwords.map(isCommonPassword));
  return passwords.filter((_, at) => found[at] === isCommon);
}

describe('isCommonPassword', () => {
  it('knows every password of the list, so the file was made of it', async () => {
    expect(await filter(list, false)).toEqual([]);
    // ASVS 5.0 6.2.4 wants 3,000 that are long enough.
    expect(list.filter((password) => password.length >= 8).length).toBeGreaterThan(7_000);
  });

  it('takes hardly any other for one of them', async () => {
    const others = Array.from({ length: 5_000 }, () => randomBytes(9).toString('base64url'));
    expect((await filter(others, true)).length).toBeLessThan(10);
  });

  it.each([
    'password',
    'PassWord',
    'Password1',
    'P@SSW0RD',
    '１２３４５６７８',
    'aaaaaaaa',
    '        ',
    'abcABCabc',
    '🔑🔑🔑🔑🔑🔑🔑🔑',
    'ABCDEFGH',
    '87654321',
    // Where a validator of the application takes shorter ones.
    '123456',
    'qwerty',
  ])('knows %j', async (password) => expect(await isCommonPassword(password)).toBe(true));

  it.each([
    'correct horse 1',
    'password after dark',
    'passw0rd-2024',
    'ab'.repeat(9),
    'abcdefgi',
    'парольпароль1',
    'x',
    '',
  ])('does not know %j', async (password) => expect(await isCommonPassword(password)).toBe(false));
});
