import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordRecipe, EmailVerificationRecipe, SessionRecipe } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';
import { malformedTokens, unknownMethods } from '../../support/malformed-tokens.js';
import { INVALID_TOKEN, requestToken, signUp } from '../../support/email-verification-app.js';
import { requestResetToken } from '../../support/password-resets.js';

const PATH = '/auth/user/email/verify';

describe('Email verification with a token', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    const recipeList = [
      SessionRecipe.init(),
      EmailPasswordRecipe.init(),
      EmailVerificationRecipe.init({ mode: 'REQUIRED', linkNeedsSession: false }),
    ];
    both = await BothFrameworks.start({ auth: { recipeList } });
  });
  afterAll(() => both.close());

  it.each([[{}], [{ method: 'token' }], [{ token: null }], [''], ['[]'], ['null']])(
    'that is missing is refused: %j',
    async (body) => {
      const request = jsonRequest(PATH, body);
      const { status, message } = await both.refusal(request);
      expect([status, typeof message]).toEqual([400, 'string']);
    },
  );

  it('that is missing is asked for', async () => {
    await both.expectRefused(jsonRequest(PATH, {}), 400, 'Please provide the email verification token');
  });

  it.each([[7], [0], [true], [false], [{}], [[]], [['x']], [{ toString: 'x' }]])(
    'that is %j is refused',
    async (token) => {
      const request = jsonRequest(PATH, { method: 'token', token });
      await both.expectRefused(request, 400, 'The email verification token must be a string');
    },
  );

  it.each(malformedTokens)('that is %s is an invalid one', async (_what, token) => {
    await both.expectAnswered(jsonRequest(PATH, { method: 'token', token }), INVALID_TOKEN);
  });

  it.each(unknownMethods)('by the method %j is refused', async (method) => {
    const request = jsonRequest(PATH, { method, token: 'A'.repeat(64) });
    await both.expectRefused(request, 400, "The method of an email verification must be 'token'");
  });

  it('without a method is one by token', async () => {
    await both.expectAnswered(jsonRequest(PATH, { token: 'A'.repeat(64) }), INVALID_TOKEN);
  });

  it('is not read from the query or from a header', async () => {
    const request = jsonRequest(`${PATH}?token=${'A'.repeat(64)}`, {}, { 'x-token': 'A'.repeat(64) });
    await both.expectRefused(request, 400, 'Please provide the email verification token');
  });

  it('of a tenant that does not exist is told so', async () => {
    const request = jsonRequest('/auth/nowhere/user/email/verify', { token: 'A'.repeat(64) });
    await both.expectRefused(request, 400, 'Unknown tenant: nowhere');
  });

  it('is followed by nobody who is a GET', async () => {
    await both.expectRefused({ path: `${PATH}?token=${'A'.repeat(64)}` }, 401, 'unauthorised');
  });

  it('that was made for a password reset is an invalid one, and the other way round; neither is spent', async () => {
    for (const app of both.apps) {
      const user = await signUp(app);
      const [token, reset] = [await requestToken(app, user), await requestResetToken(app, user.email)];
      const client = app.client();
      const password = formFields({ password: 'new password 2' });
      expect(await (await client.auth('user/email/verify', { method: 'token', token: reset })).json()).toEqual(
        INVALID_TOKEN,
      );
      expect(await (await client.auth('user/password/reset', { method: 'token', token, ...password })).json()).toEqual({
        status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
      });
      expect(await (await client.auth('user/email/verify', { method: 'token', token })).json()).toEqual({
        status: 'OK',
      });
      expect(
        await (await client.auth('user/password/reset', { method: 'token', token: reset, ...password })).json(),
      ).toEqual({ status: 'OK' });
    }
  });
});
