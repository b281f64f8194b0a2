import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PasswordHasher } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { newEmail } from '../../support/auth-app.js';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';
import { CountingPasswordHasher } from '../../support/counting-password-hasher.js';
import { Argon2PasswordHasher } from '../../../lib/core/embedded/argon2-password-hasher.js';

const PASSWORD = 'correct horse 1';
const EMAIL = 'ada@example.com';
const TOO_SHORT = 'Password must contain at least 8 characters, including a number';
const TOO_COMMON = 'This password is too common. Please choose another one';
const HOLDS_EMAIL = 'Password must not contain your email address';

describe('A password', () => {
  let both: BothFrameworks;
  let hashers: CountingPasswordHasher[];

  beforeAll(async () => {
    const cheap = { memoryCostKiB: 64, timeCost: 1, parallelism: 1 };
    const useFactory = () => new CountingPasswordHasher(new Argon2PasswordHasher(cheap));
    both = await BothFrameworks.start({ auth: { passwordHasher: { useFactory } } });
    hashers = both.apps.map(({ app }) => app.get<unknown, CountingPasswordHasher>(PasswordHasher as never));
    for (const email of [EMAIL, 'lovelace+known@example.com']) {
      await both.post('/auth/signup', formFields({ email, password: PASSWORD }));
    }
  });
  afterAll(() => both.close());

  const work = () => hashers.map(({ hashed, verifiedAgainst }) => [hashed, verifiedAgainst.length]);

  it.each(['/auth/signup', '/auth/signin'])('of a megabyte is refused at %s and never hashed', async (path) => {
    const before = work();
    const request = jsonRequest(path, formFields({ email: newEmail(), password: 'a1'.repeat(524_288) }));
    const contents = await both.contents();
    const [express, fastify] = await both.send(request);
    expect(express!.status).toBe(413);
    expect(fastify!.status).toBe(413);
    for (const { json } of [express!, fastify!])
      expect(json).toMatchObject({ message: expect.stringMatching(/large/i) });
    expect(work()).toEqual(before);
    expect(await both.contents()).toEqual(contents);
  });

  it.each(['/auth/signup', '/auth/signin'])('of 90 KB is refused at %s and never hashed', async (path) => {
    const before = work();
    const request = jsonRequest(path, formFields({ email: EMAIL, password: 'a1'.repeat(45_000) }));
    await both.expectRefused(request, 400, 'The value of formFields with id = password is too long');
    expect(work()).toEqual(before);
  });

  it('of 90 KB is refused in a reset and never hashed', async () => {
    const before = work();
    const body = { method: 'token', token: 'x'.repeat(64), ...formFields({ password: 'a1'.repeat(45_000) }) };
    await both.expectRefused(
      jsonRequest('/auth/user/password/reset', body),
      400,
      'The value of formFields with id = password is too long',
    );
    expect(work()).toEqual(before);
  });

  it.each([
    ['empty', '', 'Field is not optional'],
    ['of 7 characters', 'abcdef1', TOO_SHORT],
    [
      'of 7 characters that are two units each',
      '\u{1f511}\u{1f512}\u{1f469}\u{1f680}\u{1f511}\u{1f512}\u{1f469}',
      TOO_SHORT,
    ],
    ['of 7 characters with combining marks', 'e\u0301e\u0301e\u0301e\u0301 ab', TOO_SHORT],
    ['of 129 characters', `${'x'.repeat(128)}1`, "Password's length must be lesser than 129 characters"],
    ['that is common', '1234567890', TOO_COMMON],
    ['that is common, in another case', 'SunShine', TOO_COMMON],
    ['of spaces', ' '.repeat(10), TOO_COMMON],
    ['with the email', `my ${EMAIL}`, HOLDS_EMAIL],
    ['with what is before the plus sign', 'Love-Lace for ever', HOLDS_EMAIL],
    ['with the name of the application', 'the A.C.M.E. one', 'Password must not contain the name Acme'],
  ])('%s is a field error, whether or not a user has the email, and never hashed', async (_what, password, error) => {
    const before = work();
    const refused = { status: 'FIELD_ERROR', formFields: [{ id: 'password', error }] };
    for (const email of [EMAIL, 'lovelace+known@example.com', 'lovelace+unknown@example.com']) {
      if (error === HOLDS_EMAIL && (email === EMAIL) !== password.includes(EMAIL)) continue;
      await both.expectAnswered(jsonRequest('/auth/signup', formFields({ email, password })), refused);
    }
    expect(work()).toEqual(before);
  });

  it.each([
    ['emoji', '\u{1f511}\u{1f512}\u{1f469}\u200d\u{1f680} key 1'],
    ['a NUL inside', 'before1\0after'],
    ['every alphabet', 'пароль密码كلمةpw1'],
    ['quotes and backslashes', `"'\\";-- drop 1`],
    ['spaces around', '   spaced 1   '],
    ['128 characters', `${'x'.repeat(127)}1`],
    ['8 characters', 'kq wv-z1'],
    ['letters only', 'kqwvzjmrty'],
    ['digits only', '4711093582'],
    ['another alphabet only', 'парольпароль'],
    ['the short name before the at sign', 'Ada and Acm and com'],
    ['combining marks, in whichever form', 'e\u0301e\u0301e\u0301 accent 1'],
    ['line breaks', 'line\r\nbreak\n1'],
  ])('with %s works, as it is and no other', async (_what, password) => {
    const email = newEmail();
    for (const { json } of await both.post('/auth/signup', formFields({ email, password }))) {
      expect(json).toMatchObject({ status: 'OK' });
    }
    for (const { json } of await both.post('/auth/signin', formFields({ email, password }))) {
      expect(json).toMatchObject({ status: 'OK' });
    }
    const others = [password.slice(0, -1), `${password} `, password.split('\0')[0]!.concat(' ')];
    for (const other of others.filter((each) => each !== password)) {
      await both.expectAnswered(jsonRequest('/auth/signin', formFields({ email, password: other })), {
        status: 'WRONG_CREDENTIALS_ERROR',
      });
    }
  });

  it('does not work cut at 72 bytes, as bcrypt would cut it', async () => {
    const email = newEmail();
    const password = `${'x'.repeat(80)}1`;
    await both.post('/auth/signup', formFields({ email, password }));
    await both.expectAnswered(jsonRequest('/auth/signin', formFields({ email, password: password.slice(0, 72) })), {
      status: 'WRONG_CREDENTIALS_ERROR',
    });
  });

  it('that is not valid UTF-8 does no harm', async () => {
    const [head, tail] = JSON.stringify(formFields({ email: EMAIL, password: '@@' })).split('@@');
    const body = Buffer.concat([Buffer.from(head!), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from(tail!)]);
    await both.expectAnswered(jsonRequest('/auth/signin', body), { status: 'WRONG_CREDENTIALS_ERROR' });
  });
});
