import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';
import { malformedTokens, unknownMethods } from '../../support/malformed-tokens.js';
import { INVALID_TOKEN, requestResetToken } from '../../support/password-resets.js';

const PATH = '/auth/user/password/reset';
const EMAIL = 'ada@example.com';
const fields = formFields({ password: 'new password 2' });

describe('A password reset with a token', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    await both.post('/auth/signup', formFields({ email: EMAIL, password: 'correct horse 1' }));
    for (const app of both.apps) await requestResetToken(app, EMAIL);
  });
  afterAll(() => both.close());

  it('that is missing is refused', async () => {
    await both.expectRefused(jsonRequest(PATH, { method: 'token', ...fields }), 400, 'Missing input param: token');
  });

  it.each([[null], [7], [true], [{}], [['x']], [{ toString: 'x' }]])('that is %j is refused', async (token) => {
    const request = jsonRequest(PATH, { method: 'token', token, ...fields });
    await both.expectRefused(request, 400, 'The password reset token must be a string');
  });

  it.each(malformedTokens)('that is %s is an invalid one', async (_what, token) => {
    await both.expectAnswered(jsonRequest(PATH, { method: 'token', token, ...fields }), INVALID_TOKEN);
  });

  it.each(unknownMethods)('by the method %j is refused', async (method) => {
    const request = jsonRequest(PATH, { method, token: 'A'.repeat(64), ...fields });
    await both.expectRefused(request, 400, "The method of a password reset must be 'token'");
  });

  it('without a method is one by token', async () => {
    await both.expectAnswered(jsonRequest(PATH, { token: 'A'.repeat(64), ...fields }), INVALID_TOKEN);
  });

  it('is not read from the query or from a header', async () => {
    const request = jsonRequest(`${PATH}?token=${'A'.repeat(64)}`, fields, {
      authorization: `Bearer ${'A'.repeat(64)}`,
    });
    await both.expectRefused(request, 400, 'Missing input param: token');
  });

  it('with the email beside the password is refused', async () => {
    const body = { method: 'token', token: 'x', ...formFields({ email: EMAIL, password: 'new password 2' }) };
    await both.expectRefused(jsonRequest(PATH, body), 400, 'formFields has a field that is not expected: email');
  });
});
