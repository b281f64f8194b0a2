import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';

const PASSWORD = 'correct horse 1';
const INVALID = { status: 'FIELD_ERROR', formFields: [{ id: 'email', error: 'Email is invalid' }] };

describe('What is not an email address', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    await both.post('/auth/signup', formFields({ email: 'ada@example.com', password: PASSWORD }));
  });
  afterAll(() => both.close());

  it.each([
    ['without an at sign', 'ada.example.com'],
    ['without a name', '@example.com'],
    ['without a domain', 'ada@'],
    ['without a top-level domain', 'ada@localhost'],
    ['with two at signs', 'ada@ada@example.com'],
    ['with a space inside', 'ada lovelace@example.com'],
    ['with two dots in the domain', 'ada@example..com'],
    ['with a dot behind', 'ada@example.com.'],
    ['with a hyphen first in the domain', 'ada@-example.com'],
    ['with a line feed inside', 'ada@example.com\nbcc: eve@example.com'],
    ['with CR LF inside', 'ada@example.com\r\nBcc: eve@example.com'],
    ['with a NUL inside', 'ada@example.com\0.evil.com'],
    ['with a NUL in the name', 'a\0da@example.com'],
    ['in double quotes', '"ada"@example.com'],
    ['in angle brackets', 'Ada <ada@example.com>'],
    ['of two addresses', 'ada@example.com,eve@example.com'],
    ['with markup', '<b>ada</b>@example.com'],
    ['with a comment', 'ada(comment)@example.com'],
    ['at an IP literal', 'ada@[127.0.0.1]'],
    [
      'of 300 characters',
      `${'a'.repeat(50)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.com`,
    ],
    ['with a name of 65 characters', `${'a'.repeat(65)}@example.com`],
    ['of 9000 characters', `${'a'.repeat(9000)}@example.com`],
    ['with letters that are not ASCII', 'andré@example.com'],
    ['at a domain that is not ASCII', 'ada@münchen.example'],
    ['with a Cyrillic letter that looks like ours', '\u0430da@example.com'],
    ['with a Greek letter that looks like ours', 'ad\u03b1@example.com'],
    ['with a full-width letter', '\uff41da@example.com'],
    ['with a full-width at sign', 'ada\uff20example.com'],
    ['with an invisible letter', 'ada\u200b@example.com'],
    ['written from right to left', '\u202eada@example.com'],
    ['with a dotted capital I', '\u0130da@example.com'],
    ['with half of a surrogate pair', 'ada\ud83d@example.com'],
    ['with an emoji', '\u{1f511}@example.com'],
  ])('%s, is a field error at sign-up, sign-in and reset', async (_how, email) => {
    const credentials = formFields({ email, password: PASSWORD });
    await both.expectAnswered(jsonRequest('/auth/signup', credentials), INVALID);
    await both.expectAnswered(jsonRequest('/auth/signin', credentials), INVALID);
    await both.expectAnswered(jsonRequest('/auth/user/password/reset/token', formFields({ email })), INVALID);
    expect(both.apps.map(({ emails }) => emails.passwordResets.length)).toEqual([0, 0]);
  });
});
