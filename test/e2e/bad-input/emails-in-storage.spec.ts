import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';

const PASSWORD = 'correct horse 1';

/** Unlike those of emails.spec.ts, these get as far as the database. */
describe('Email addresses that are looked for in the database', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
  });
  afterAll(() => both.close());

  it('with a NUL inside, does not exist, and is refused by a database that holds no such text', async () => {
    const request = { path: `/auth/signup/email/exists?email=${encodeURIComponent('ada@example.com\0')}` };
    if (globalThis.LATCHKEY_TEST_DATABASE === 'PostgreSQL') {
      await both.expectRefused(request, 400, 'A text is too long or has characters that cannot be stored');
    } else {
      await both.expectAnswered(request, { status: 'OK', exists: false });
    }
  });

  it.each(['аda@example.com', `${'a'.repeat(3000)}@example.com`, "' or 1=1 --", '\u{1f511}'])(
    'does not exist: %.30j',
    async (email) => {
      const query = encodeURIComponent(email);
      await both.expectAnswered({ path: `/auth/signup/email/exists?email=${query}` }, { status: 'OK', exists: false });
    },
  );

  it.each([
    "o'hara+inbox@example.com",
    'a.b_c-d!#$%&*/=?^`{|}~@sub.example.co',
    `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.io`,
    'ada@xn--mnchen-3ya.example',
    '_@1.example',
  ])('strange ones that are valid have accounts: %.40s', async (email) => {
    for (const { status, json } of await both.post('/auth/signup', formFields({ email, password: PASSWORD }))) {
      expect({ status, json }).toMatchObject({ status: 200, json: { status: 'OK', user: { emails: [email] } } });
    }
    for (const { json } of await both.post('/auth/signin', formFields({ email, password: PASSWORD }))) {
      expect(json).toMatchObject({ status: 'OK' });
    }
  });

  it('a Kelvin sign is the letter that it is in lower case: no second account, no second mailbox', async () => {
    await both.post('/auth/signup', formFields({ email: 'mark@example.com', password: PASSWORD }));
    const taken = 'This email already exists. Please sign in instead.';
    await both.expectAnswered(
      jsonRequest('/auth/signup', formFields({ email: 'mar\u212a@example.com', password: PASSWORD })),
      { status: 'FIELD_ERROR', formFields: [{ id: 'email', error: taken }] },
    );
    await both.post('/auth/user/password/reset/token', formFields({ email: 'mar\u212a@example.com' }));
    for (const { emails } of both.apps) {
      expect((await emails.nextPasswordReset('mark@example.com')).user.email).toBe('mark@example.com');
    }
  });
});
