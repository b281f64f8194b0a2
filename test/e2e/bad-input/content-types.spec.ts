import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { newEmail } from '../../support/auth-app.js';
import { BothFrameworks } from '../../support/both-frameworks.js';
import { requestResetToken } from '../../support/password-resets.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';
const FORM = 'application/x-www-form-urlencoded';

const json = JSON.stringify(formFields({ email: EMAIL, password: PASSWORD }));

function request(body: string, type: string | undefined, headers = {}, path = '/auth/signin') {
  return {
    method: 'POST',
    path,
    body,
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
  };
}

function form(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

function part(name: string, value: string): string {
  return `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

describe('The content type of a body', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    await both.post('/auth/signup', formFields({ email: EMAIL, password: PASSWORD }));
  });
  afterAll(() => both.close());

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset=UTF-8',
  ])('%s is JSON', async (type) => {
    for (const { status, json: answer } of await both.send(request(json, type))) {
      expect({ status, answer }).toMatchObject({ status: 200, answer: { status: 'OK' } });
    }
  });

  it.each([
    'text/plain',
    'text/html',
    'application/xml',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'application/json-patch',
    'text/json',
    undefined,
    'nonsense',
    'application/',
    '/',
    'a/b/c',
    ';',
    'application/json, text/plain',
  ])('JSON sent as %j is refused: any site could send some of these without asking', async (type) => {
    expect((await both.refusal(request(json, type))).status).toBe(415);
  });

  it('JSON sent in pieces as text is refused', async () => {
    const chunked = {
      ...request(json, 'text/plain'),
      headers: { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
    };
    expect((await both.refusal(chunked)).status).toBe(415);
  });

  it('multipart forms are refused', async () => {
    const body = `${part('email', EMAIL)}${part('password', PASSWORD)}--x--\r\n`;
    expect((await both.refusal(request(body, 'multipart/form-data; boundary=x'))).status).toBe(415);
  });

  describe(`${FORM}, where the inputs are the fields,`, () => {
    it.each([FORM, `${FORM}; charset=UTF-8`, FORM.toUpperCase()])('signs up and in, sent as %s', async (type) => {
      const body = form({ email: newEmail(), password: 'spaces & = + 1%' });
      for (const path of ['/auth/signup', '/auth/signin']) {
        for (const { status, json: answer } of await both.send(request(body, type, {}, path))) {
          expect({ status, answer }).toMatchObject({ status: 200, answer: { status: 'OK' } });
        }
      }
    });

    it.each(['same-origin', 'same-site', 'none'])('is taken from %s', async (site) => {
      const body = form({ email: EMAIL, password: PASSWORD });
      for (const { json: answer } of await both.send(request(body, FORM, { 'sec-fetch-site': site }))) {
        expect(answer).toMatchObject({ status: 'OK' });
      }
    });

    it.each(['/auth/signin', '/auth/signup', '/auth/user/password/reset/token', '/auth/user/password/reset'])(
      'is refused at %s from another site',
      async (path) => {
        const headers = { 'sec-fetch-site': 'cross-site' };
        for (const type of [FORM, FORM.toUpperCase(), `${FORM};charset=utf-8`]) {
          const wrong = request(form({ email: EMAIL, password: PASSWORD }), type, headers, path);
          await both.expectRefused(wrong, 400, 'Forms of other sites are not accepted');
        }
      },
    );

    it('has the same field errors as JSON', async () => {
      await both.expectAnswered(request('email=&password=', FORM), {
        status: 'FIELD_ERROR',
        formFields: [
          { id: 'email', error: 'Field is not optional' },
          { id: 'password', error: 'Field is not optional' },
        ],
      });
    });

    it.each([
      ['a field twice', 'email=ada@example.com&email=eve@example.com&password=x'],
      ['a field as an array', 'email[]=ada@example.com&password=x'],
      ['a field as an object', 'email[value]=ada@example.com&password=x'],
      ['a field that is not expected', 'email=ada@example.com&password=x&role=admin'],
      ['the name of a prototype', 'email=ada@example.com&password=x&constructor=1'],
      ['JSON in its place', '{"formFields":[]}'],
      ['five hundred fields', Array.from({ length: 500 }, (_, at) => `f${at}=1`).join('&')],
    ])('with %s is refused', async (_what, body) => {
      expect((await both.refusal(request(body, FORM))).status).toBe(400);
    });

    it('with ten thousand fields is refused', async () => {
      const before = await both.contents();
      const body = Array.from({ length: 10_000 }, (_, at) => `f${at}=1`).join('&');
      const [express, fastify] = await both.send(request(body, FORM));
      expect([express!.status, fastify!.status]).toEqual([413, 400]);
      expect(await both.contents()).toEqual(before);
    });

    it.each(['=1', '&&&'])('with %s, which no input is named, is read without it', async (rest) => {
      const body = `email=${EMAIL}&password=wrong+horse+2&${rest}`;
      await both.expectAnswered(request(body, FORM), { status: 'WRONG_CREDENTIALS_ERROR' });
    });

    it('with __proto__ is refused by the parser of Fastify and read without it by that of Express', async () => {
      const before = await both.contents();
      const body = `email=${EMAIL}&password=wrong+horse+2&__proto__=1&__proto__[x]=1`;
      const [express, fastify] = await both.send(request(body, FORM));
      expect([express!.status, express!.json]).toEqual([200, { status: 'WRONG_CREDENTIALS_ERROR' }]);
      expect([fastify!.status, fastify!.json]).toMatchObject([400, { message: expect.stringContaining('prototype') }]);
      expect(await both.contents()).toEqual(before);
    });

    it('cannot bring formFields past the check of other sites by another spelling of its type', async () => {
      const fields = { 'formFields[0][id]': 'email', 'formFields[0][value]': EMAIL };
      const password = { 'formFields[1][id]': 'password', 'formFields[1][value]': PASSWORD };
      for (const type of [FORM, FORM.toUpperCase(), ` ${FORM} ; x=y`]) {
        const wrong = request(form({ ...fields, ...password }), type, { 'sec-fetch-site': 'cross-site' });
        expect((await both.refusal(wrong)).status).toBe(400);
      }
    });

    it('chooses a new password, with the token as a hidden input', async () => {
      for (const app of both.apps) {
        const email = newEmail();
        await app.client().signUp(email, PASSWORD);
        const token = await requestResetToken(app, email);
        const response = await fetch(`${app.url}/auth/user/password/reset`, {
          method: 'POST',
          headers: { 'content-type': FORM },
          body: form({ method: 'token', token, password: 'new password 2' }),
        });
        expect([response.status, await response.json()]).toEqual([200, { status: 'OK' }]);
        expect(await (await app.client().signIn(email, 'new password 2')).json()).toMatchObject({ status: 'OK' });
      }
    });
  });
});
