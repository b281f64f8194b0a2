import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailVerificationFunctions } from 'latchkey';
import { PASSWORD } from '../../support/auth-app.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import {
  INVALID_TOKEN,
  OK,
  requestToken,
  signUp,
  startEmailVerificationApp,
  verify,
} from '../../support/email-verification-app.js';
import { frameworks } from '../../support/frameworks.js';
import { requestResetToken, resetPassword } from '../../support/password-resets.js';

const SIGN_IN_FIRST = {
  status: 'GENERAL_ERROR',
  message: 'Please sign in to the account that this link belongs to, in this browser, and open the link again.',
};

describe.each(frameworks)('A link that verifies an email, in REQUIRED mode on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailVerificationApp(framework, { emailVerification: { linkNeedsSession: undefined } });
  });
  afterAll(() => app.close());

  const isVerified = (recipeUserId: string, email: string) =>
    app.app.get(EmailVerificationFunctions).isEmailVerified({ recipeUserId, email });

  it('does nothing for somebody who is not signed in, or signed in as somebody else, and goes on working', async () => {
    const [user, other] = [await signUp(app), await signUp(app)];
    const token = await requestToken(app, user);
    for (const client of [app.client(), other.client]) {
      const answer = await verify(client, token);
      expect([answer.status, await answer.json()]).toEqual([200, SIGN_IN_FIRST]);
      expect(await isVerified(user.userId, user.email)).toBe(false);
    }

    const elsewhere = app.client();
    await elsewhere.signIn(user.email, PASSWORD);
    expect(await (await verify(elsewhere, token)).json()).toEqual(OK);
    expect(await isVerified(user.userId, user.email)).toBe(true);
    // A double click.
    expect(await (await verify(elsewhere, token)).json()).toEqual(OK);
    expect(await (await verify(other.client, token)).json()).toEqual(INVALID_TOKEN);
  });

  it('does not give a stranger who signed up with the address of somebody else a verified account', async () => {
    const stranger = await signUp(app);
    const token = await requestToken(app, stranger);
    // The owner of the address follows the link, and then takes the account by a reset.
    const owner = app.client();
    await verify(owner, token);
    expect((await stranger.client.get('/me')).status).toBe(403);

    await resetPassword(owner, await requestResetToken(app, stranger.email), 'the owners own 1');
    await owner.signIn(stranger.email, 'the owners own 1');
    expect((await owner.get('/me')).status).toBe(200);
    expect((await stranger.client.refresh()).status).toBe(401);
    const again = await app.client().signIn(stranger.email, PASSWORD);
    expect(await again.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
  });
});

describe.each(frameworks)('A link that verifies an email, in OPTIONAL mode on %s', (framework) => {
  it('needs no session, unless the application asks for one', async () => {
    for (const linkNeedsSession of [undefined, true]) {
      const app = await startEmailVerificationApp(framework, {
        emailVerification: { mode: 'OPTIONAL', linkNeedsSession },
      });
      try {
        const answer = await verify(app.client(), await requestToken(app, await signUp(app)));
        expect(await answer.json()).toEqual(linkNeedsSession ? SIGN_IN_FIRST : OK);
      } finally {
        await app.close();
      }
    }
  });
});
