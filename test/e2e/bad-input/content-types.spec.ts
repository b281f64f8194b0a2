import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { BothFrameworks } from '../../support/both-frameworks.js';

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

  it.each([FORM, `${FORM}; charset=UTF-8`, FORM.toUpperCase(), ` ${FORM} ; x=y`])(
    'forms are refused, however their fields are named, sent as %j',
    async (type) => {
      for (const body of [form({ email: EMAIL, password: PASSWORD }), 'formFields[0][id]=email', '__proto__[x]=1']) {
        for (const path of ['/auth/signin', '/auth/signup', '/auth/user/password/reset', '/auth/signout']) {
          expect((await both.refusal(request(body, type, {}, path))).status).toBe(400);
        }
      }
    },
  );
});
