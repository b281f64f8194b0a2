import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthDatabase, EmailPasswordFunctions, EmailVerificationFunctions, Users } from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import {
  askForLink,
  claimOf,
  INVALID_TOKEN,
  isVerified,
  OK,
  requestToken,
  signUp,
  startEmailVerificationApp,
  verify,
  type SignedUp,
} from '../../support/email-verification-app.js';
import { onExpress } from '../../support/frameworks.js';
import { requestResetToken, resetPassword } from '../../support/password-resets.js';
import { transactional } from '../../support/transactional.js';

const itInTransactions = transactional(globalThis.LATCHKEY_TEST_DATABASE !== 'Remote');

describe.each(onExpress)('A verified email and its change on %s', (framework) => {
  let app: EmailPasswordApp;
  let emailPassword: EmailPasswordFunctions;
  let verification: EmailVerificationFunctions;

  beforeAll(async () => {
    app = await startEmailVerificationApp(framework);
    emailPassword = app.app.get(EmailPasswordFunctions);
    verification = app.app.get(EmailVerificationFunctions);
  });
  afterAll(() => app.close());

  async function verified(): Promise<SignedUp> {
    const user = await signUp(app);
    expect(await (await verify(user.client, await requestToken(app, user))).json()).toEqual(OK);
    return user;
  }

  async function loginMethod(userId: string) {
    const { email, verified: isProven } = (await app.app.get(Users).getUser(userId))!.loginMethods[0]!;
    return { email, verified: isProven };
  }

  async function changeEmail({ userId }: SignedUp, email: string): Promise<void> {
    expect(await emailPassword.updateEmailOrPassword({ recipeUserId: userId, email })).toEqual(OK);
  }

  it('unverifies: the session knows from its refresh on, and the new address is sent a link', async () => {
    const user = await verified();
    const email = newEmail();
    await changeEmail(user, email);
    expect(await loginMethod(user.userId)).toEqual({ email, verified: false });

    await user.client.refresh();
    expect(claimOf(user.client)).toMatchObject({ v: false });
    expect((await user.client.get('/me')).status).toBe(403);

    const token = await requestToken(app, { ...user, email });
    expect(await (await verify(user.client, token)).json()).toEqual(OK);
    expect(await loginMethod(user.userId)).toEqual({ email, verified: true });
    expect((await user.client.get('/me')).status).toBe(200);
  });

  it('is known at once to the session that asks', async () => {
    const user = await verified();
    await changeEmail(user, newEmail());
    expect((await user.client.get('/me')).status).toBe(200);
    expect(await (await isVerified(user.client)).json()).toEqual({ status: 'OK', isVerified: false });
    expect((await user.client.get('/me')).status).toBe(403);
  });

  it('is known at once to the session that asks for a link', async () => {
    const user = await verified();
    await changeEmail(user, newEmail());
    expect(await (await askForLink(user.client)).json()).toEqual(OK);
    expect(claimOf(user.client)).toMatchObject({ v: false });
    expect((await user.client.get('/me')).status).toBe(403);
  });

  it('ends the links that were sent to the old address', async () => {
    const user = await signUp(app);
    const token = await requestToken(app, user);
    const email = newEmail();
    await changeEmail(user, email);
    expect(await (await verify(user.client, token)).json()).toEqual(INVALID_TOKEN);
    expect(await loginMethod(user.userId)).toEqual({ email, verified: false });
    expect(await verification.isEmailVerified({ recipeUserId: user.userId, email: user.email })).toBe(false);
  });

  it('to an address that this user has verified before needs no new link', async () => {
    const user = await verified();
    await changeEmail(user, newEmail());
    await changeEmail(user, user.email);
    expect(await loginMethod(user.userId)).toEqual({ email: user.email, verified: true });
    await user.client.refresh();
    expect((await user.client.get('/me')).status).toBe(200);
  });

  it('to an address that somebody else has verified proves nothing', async () => {
    const [user, other] = [await verified(), await verified()];
    await changeEmail(other, newEmail());
    await changeEmail(user, other.email);
    expect(await loginMethod(user.userId)).toEqual({ email: other.email, verified: false });
  });

  it('that is refused, or only changes the case or the password, leaves everything as it is', async () => {
    const [user, other] = [await verified(), await signUp(app)];
    const recipeUserId = user.userId;
    const taken = await emailPassword.updateEmailOrPassword({ recipeUserId, email: other.email });
    expect(taken).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    await emailPassword.updateEmailOrPassword({ recipeUserId, email: user.email.toUpperCase() });
    await emailPassword.updateEmailOrPassword({ recipeUserId, password: 'another horse 2' });
    expect(await loginMethod(user.userId)).toEqual({ email: user.email, verified: true });
    await user.client.refresh();
    expect((await user.client.get('/me')).status).toBe(200);
  });

  itInTransactions(
    'is taken back, with all that it did to sessions and links, by a transaction that fails',
    async () => {
      const [user, waiting] = [await verified(), await signUp(app)];
      const token = await requestToken(app, waiting);
      const work = app.app.get(AuthDatabase).transaction(async () => {
        await changeEmail(user, newEmail());
        await changeEmail(waiting, newEmail());
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      await user.client.refresh();
      expect(claimOf(user.client)).toMatchObject({ v: true });
      expect(await (await verify(app.client(), token)).json()).toEqual(OK);
    },
  );

  it('an unverified email closes every session of its user from the next refresh on', async () => {
    const user = await verified();
    const elsewhere = app.client();
    await elsewhere.signIn(user.email, PASSWORD);
    await verification.unverifyEmail({ recipeUserId: user.userId, email: user.email });
    for (const client of [user.client, elsewhere]) {
      await client.refresh();
      expect((await client.get('/me')).status).toBe(403);
    }
    expect(await loginMethod(user.userId)).toEqual({ email: user.email, verified: false });
  });

  it('a password reset by the emailed link verifies the email, too', async () => {
    const user = await signUp(app);
    const link = await requestToken(app, user);
    await resetPassword(app.client(), await requestResetToken(app, user.email), 'another horse 2');
    expect(await loginMethod(user.userId)).toEqual({ email: user.email, verified: true });
    const client = app.client();
    await client.signIn(user.email, 'another horse 2');
    expect((await client.get('/me')).status).toBe(200);
    expect(await (await verify(app.client(), link)).json()).toEqual(INVALID_TOKEN);
  });

  it('a password reset that is refused verifies nothing', async () => {
    const user = await signUp(app);
    const token = await requestResetToken(app, user.email);
    await resetPassword(app.client(), `${token.slice(0, -2)}__`, 'another horse 2');
    await resetPassword(app.client(), token, 'short');
    expect(await loginMethod(user.userId)).toEqual({ email: user.email, verified: false });
  });
});
