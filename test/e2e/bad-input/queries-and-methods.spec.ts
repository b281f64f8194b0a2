import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';
const NO_EMAIL = 'Please provide the email as a GET param';

describe('Strange queries and methods', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    await both.post('/auth/signup', formFields({ email: EMAIL, password: PASSWORD }));
  });
  afterAll(() => both.close());

  it.each(['/auth/emailpassword/email/exists', '/auth/signup/email/exists'])(
    'a query of %s without one email is refused',
    async (path) => {
      for (const query of [
        '',
        '?',
        '?email[]=ada@example.com',
        '?email[0]=ada@example.com',
        '?email[$ne]=x',
        '?email=ada@example.com&email=eve@example.com',
        '?EMAIL=ada@example.com',
        '?__proto__[email]=ada@example.com',
        '?constructor=ada@example.com',
        `?${'a=1&'.repeat(500)}`,
      ]) {
        await both.expectRefused({ path: `${path}${query}` }, 400, NO_EMAIL);
      }
    },
  );

  it.each([
    ['not decodable', '?email=%zz'],
    ['a bad UTF-8 sequence', '?email=%ff%fe'],
    ['half of a query', '?email=ada@example.com%0d%0aset-cookie:%20a=b'],
    ['8000 characters long', `?email=${'a'.repeat(8000)}`],
    ['empty', '?email='],
    ['without a value', '?email'],
  ])('an email in a query that is %s does not exist', async (_what, query) => {
    await both.expectAnswered({ path: `/auth/emailpassword/email/exists${query}` }, { status: 'OK', exists: false });
  });

  it('a plus in a query is a space, as browsers send it', async () => {
    await both.post('/auth/signup', formFields({ email: 'a+b@example.com', password: PASSWORD }));
    const path = '/auth/emailpassword/email/exists?email=';
    await both.expectAnswered({ path: `${path}a%2Bb@example.com` }, { status: 'OK', exists: true });
    await both.expectAnswered({ path: `${path}a+b@example.com` }, { status: 'OK', exists: false });
  });

  it.each([
    ['GET', '/auth/signup'],
    ['PUT', '/auth/signup'],
    ['PATCH', '/auth/signin'],
    ['DELETE', '/auth/signin'],
    ['GET', '/auth/user/password/reset/token'],
    ['GET', '/auth/user/password/reset?token=x'],
    ['POST', '/auth/emailpassword/email/exists'],
    ['DELETE', '/auth/signup/email/exists'],
    ['POST', '/auth/'],
    ['POST', '/auth/signup/email'],
    ['POST', '/auth/user/password'],
    ['POST', '/auth//signup'],
    ['POST', '//auth/signup'],
    ['POST', '/signup'],
  ])('%s %s finds no route', async (method, path) => {
    const body = JSON.stringify(formFields({ email: 'eve@example.com', password: PASSWORD }));
    const request = method === 'GET' ? { method, path } : { ...jsonRequest(path, body), method };
    const { status } = await both.refusal(request);
    expect(status).toBe(404);
  });

  it('a query beside a body changes nothing', async () => {
    const body = formFields({ email: EMAIL, password: 'wrong horse 2' });
    await both.expectAnswered(
      jsonRequest(`/auth/signin?email=eve@example.com&password=${encodeURIComponent(PASSWORD)}&__proto__=x`, body),
      {
        status: 'WRONG_CREDENTIALS_ERROR',
      },
    );
  });

  it('a body beside an email in a GET is not read', async () => {
    const request = { ...jsonRequest('/auth/emailpassword/email/exists', { email: EMAIL }), method: 'GET' };
    await both.expectRefused(request, 400, NO_EMAIL);
  });

  it.each(['x', '9.9', '1.0,0.1', '3.0'.repeat(500), '3.0,', '\u00e9', '__proto__'])(
    'an fdi-version of %.20j does not matter to a refusal',
    async (version) => {
      const request = jsonRequest('/auth/signin', formFields({ email: EMAIL, password: 'wrong horse 2' }));
      request.headers = { ...request.headers, 'fdi-version': version, rid: version };
      await both.expectAnswered(request, { status: 'WRONG_CREDENTIALS_ERROR' });
    },
  );
});
