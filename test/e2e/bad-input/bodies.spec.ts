import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';

/** All routes with a form read it by the same function: one is asked everything, the others whether they do. */
const path = '/auth/signup';
const others = ['/auth/signin', '/auth/user/password/reset/token', '/auth/user/password/reset'];
const MISSING = 'Missing input param: formFields';
const NOT_ARRAY = 'formFields must be an array';
const NO_ID_VALUE = 'All elements of formFields must contain an id and value field';

describe('Bodies that cannot be read', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    await both.post('/auth/signup', {
      formFields: [
        { id: 'email', value: 'ada@example.com' },
        { id: 'password', value: 'correct horse 1' },
      ],
    });
  });
  afterAll(() => both.close());

  describe('by POST /auth/signup', () => {
    it.each([
      ['cut short', '{"formFields":[{"id":"email","value":"a@b.c"}'],
      ['that is not JSON', 'formFields=[]'],
      ['with a trailing comma', '{"formFields":[],}'],
      ['with single quotes', "{'formFields':[]}"],
      ['of two documents', '{"formFields":[]}{}'],
      ['of a lone NUL', '\0'],
      ['with NaN', '{"formFields":NaN}'],
      ['of white space', '   '],
    ])('as JSON, %s, is refused', async (_what, body) => {
      const { status } = await both.refusal(jsonRequest(path, body));
      expect(status).toBe(400);
    });

    it.each([
      ['an empty object', '{}'],
      ['an array', '[]'],
      ['an array of fields', '[{"id":"email","value":"a@b.c"}]'],
      ['formFields in another case', '{"formfields":[]}'],
      ['formFields as a key that is inherited', '{"constructor":{"formFields":[]}}'],
    ])('that is %s lacks formFields', async (_what, body) => {
      await both.expectRefused(jsonRequest(path, body), 400, MISSING);
    });

    it.each([
      [
        '{"email":"a@b.c","password":"correct horse 1"}',
        '{ "formFields": [{ "id": "email", "value": "…" }, { "id": "password", "value": "…" }] }',
      ],
      ['{"password":["x"]}', '{ "formFields": [{ "id": "password", "value": "…" }] }'],
    ])('in the obvious shape, %s, shows the expected one', async (body, expected) => {
      await both.expectRefused(jsonRequest(path, body), 400, `${MISSING}. Send ${expected} instead`);
    });

    it.each(['null', '7', '"text"', 'true'])('that is the JSON value %s is refused', async (body) => {
      const { status } = await both.refusal(jsonRequest(path, body));
      expect(status).toBe(400);
    });

    it('that is not there lacks formFields', async () => {
      const { status } = await both.refusal({ method: 'POST', path });
      expect(status).toBe(400);
    });

    it('that is empty though it says to be JSON is refused', async () => {
      const { status } = await both.refusal(jsonRequest(path, ''));
      expect(status).toBe(400);
    });

    it.each([
      ['null', null],
      ['text', 'email'],
      ['a number', 5],
      ['true', true],
      ['an object', { email: 'a@b.c' }],
      ['an object that looks like an array', { length: 1, 0: { id: 'email', value: 'a@b.c' } }],
    ])('with formFields as %s is refused', async (_what, formFields) => {
      await both.expectRefused(jsonRequest(path, { formFields }), 400, NOT_ARRAY);
    });

    it.each([
      ['null', null],
      ['text', 'email'],
      ['a number', 1],
      ['a field in an array', [{ id: 'email', value: 'a@b.c' }]],
      ['an empty object', {}],
      ['a value without an id', { value: 'a@b.c' }],
      ['an id of null', { id: null, value: 'a@b.c' }],
      ['an id of a number', { id: 1, value: 'a@b.c' }],
      ['an id of an object', { id: { toString: 'email' }, value: 'a@b.c' }],
      ['an id of an array', { id: ['email'], value: 'a@b.c' }],
      ['an empty id', { id: '', value: 'a@b.c' }],
      ['an id of 10 KB', { id: 'e'.repeat(10_000), value: 'a@b.c' }],
    ])('with a field that is %s is refused', async (_what, field) => {
      await both.expectRefused(jsonRequest(path, { formFields: [field] }), 400, NO_ID_VALUE);
    });

    it.each([
      ['missing', undefined],
      ['null', null],
      ['a number', 12345678],
      ['true', true],
      ['an object', { value: 'a@b.c' }],
      ['an array', ['a@b.c']],
    ])('with a value that is %s is refused by the name of its field', async (_what, value) => {
      for (const id of ['email', 'password']) {
        const message = `The value of formFields with id = ${id} must be a string`;
        await both.expectRefused(jsonRequest(path, { formFields: [{ id, value }] }), 400, message);
      }
    });

    it('with a thousand fields is refused', async () => {
      const formFields = Array.from({ length: 1000 }, (_, at) => ({ id: `f${at}`, value: '' }));
      await both.expectRefused(jsonRequest(path, { formFields }), 400, 'formFields must have at most 100 fields');
    });

    it('with a field given twice is refused by its name', async () => {
      const twice = [
        { id: 'email', value: 'ada@example.com' },
        { id: 'email', value: 'eve@example.com' },
      ];
      await both.expectRefused(
        jsonRequest(path, { formFields: twice }),
        400,
        'formFields has the field email more than once',
      );
    });

    it('with __proto__ beside formFields is refused by the parser of Fastify and read without it by ours', async () => {
      const before = await both.contents();
      const body = '{"__proto__":{"formFields":[]},"formFields":[{"id":"email","value":""}]}';
      const [express, fastify] = await both.post(path, body);
      expect(express!.status).toBeLessThan(500);
      expect(express!.json).not.toMatchObject({ status: 'OK' });
      expect([fastify!.status, fastify!.json]).toMatchObject([400, { message: expect.stringMatching(/\w/) }]);
      expect(await both.contents()).toEqual(before);
    });

    it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'Email', ' email', 'email\0'])(
      'with a field %j is refused: no form has it',
      async (id) => {
        const request = jsonRequest(path, { formFields: [{ id, value: 'x' }] });
        await both.expectRefused(request, 400, `formFields has a field that is not expected: ${id}`);
      },
    );
  });

  it.each(others)('by POST %s are refused as well', async (other) => {
    expect((await both.refusal(jsonRequest(other, '{"formFields":[],}'))).status).toBe(400);
    expect((await both.refusal({ method: 'POST', path: other })).status).toBe(400);
    await both.expectRefused(jsonRequest(other, '{}'), 400, MISSING);
    await both.expectRefused(jsonRequest(other, { formFields: {} }), 400, NOT_ARRAY);
    await both.expectRefused(jsonRequest(other, { formFields: [null] }), 400, NO_ID_VALUE);
    await both.expectRefused(
      jsonRequest(other, { formFields: [{ id: 'toString', value: 'x' }] }),
      400,
      'formFields has a field that is not expected: toString',
    );
  });
});
