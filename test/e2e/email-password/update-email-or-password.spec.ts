import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, SessionFunctions, Users } from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onExpress } from '../../support/frameworks.js';
import { INVALID_TOKEN, requestResetToken, resetPassword } from '../../support/password-resets.js';

const OK = { status: 'OK' };
const TAKEN = { status: 'EMAIL_ALREADY_EXISTS_ERROR' };
const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };

describe.each(onExpress)('updateEmailOrPassword on %s', (framework) => {
  let app: EmailPasswordApp;
  let functions: EmailPasswordFunctions;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
    functions = app.app.get(EmailPasswordFunctions);
  });
  afterAll(() => app.close());

  async function newUser(email = newEmail()): Promise<{ email: string; recipeUserId: string }> {
    const result = await functions.signUp({ email, password: PASSWORD });
    if (result.status !== 'OK') throw new Error(result.status);
    return { email, recipeUserId: result.recipeUserId };
  }

  const signIn = async (email: string, password = PASSWORD) => (await app.client().signIn(email, password)).json();

  it('moves the account to another email, in its one form, and frees the old one', async () => {
    const { email, recipeUserId } = await newUser();
    const moved = newEmail();
    expect(await functions.updateEmailOrPassword({ recipeUserId, email: ` ${moved.toUpperCase()} ` })).toEqual(OK);
    expect(await signIn(moved)).toMatchObject({ status: 'OK', user: { id: recipeUserId, emails: [moved] } });
    expect(await signIn(email)).toEqual(WRONG);
    expect((await newUser(email)).recipeUserId).not.toBe(recipeUserId);
  });

  it('changes the password, and both at once', async () => {
    const { email, recipeUserId } = await newUser();
    expect(await functions.updateEmailOrPassword({ recipeUserId, password: 'second pass 2' })).toEqual(OK);
    expect(await signIn(email, 'second pass 2')).toMatchObject(OK);
    expect(await signIn(email)).toEqual(WRONG);

    const moved = newEmail();
    expect(await functions.updateEmailOrPassword({ recipeUserId, email: moved, password: 'third pass 3' })).toEqual(OK);
    expect(await signIn(moved, 'third pass 3')).toMatchObject(OK);
  });

  it('refuses an email that somebody else has, and then changes nothing at all', async () => {
    const [{ email, recipeUserId }, other] = [await newUser(), await newUser()];
    const input = { recipeUserId, email: other.email.toUpperCase(), password: 'second pass 2' };
    expect(await functions.updateEmailOrPassword(input)).toEqual(TAKEN);
    expect(await signIn(email)).toMatchObject({ status: 'OK', user: { emails: [email] } });
    expect(await signIn(other.email)).toMatchObject({ status: 'OK', user: { id: other.recipeUserId } });
  });

  it('takes the email that the account has already, also in another case', async () => {
    const { email, recipeUserId } = await newUser();
    expect(await functions.updateEmailOrPassword({ recipeUserId, email: email.toUpperCase() })).toEqual(OK);
    expect(await signIn(email)).toMatchObject({ status: 'OK', user: { emails: [email] } });
  });

  it('knows no user of an unknown id', async () => {
    const unknown = { status: 'UNKNOWN_USER_ID_ERROR' };
    for (const recipeUserId of ['nobody', '', "' or 1=1 --"]) {
      expect(await functions.updateEmailOrPassword({ recipeUserId, email: newEmail() })).toEqual(unknown);
      expect(await functions.updateEmailOrPassword({ recipeUserId, password: PASSWORD })).toEqual(unknown);
    }
  });

  it('holds the password against the rules of sign-up, unless told not to', async () => {
    const { email, recipeUserId } = await newUser();
    const moved = newEmail();
    expect(await functions.updateEmailOrPassword({ recipeUserId, email: moved, password: 'short1' })).toEqual({
      status: 'PASSWORD_POLICY_VIOLATED_ERROR',
      failureReason: 'Password must contain at least 8 characters, including a number',
    });
    expect(await signIn(email)).toMatchObject(OK);
    expect(await signIn(moved)).toEqual(WRONG);

    const forced = { recipeUserId, password: 'short1', applyPasswordPolicy: false };
    expect(await functions.updateEmailOrPassword(forced)).toEqual(OK);
    expect(await signIn(email, 'short1')).toMatchObject(OK);
  });

  it('spends the reset tokens that are out when the password changes', async () => {
    const { email, recipeUserId } = await newUser();
    const token = await requestResetToken(app, email);
    await functions.updateEmailOrPassword({ recipeUserId, password: 'second pass 2' });
    expect(await (await resetPassword(app.client(), token, 'third pass 3')).json()).toEqual(INVALID_TOKEN);
  });

  it('leaves sessions alone', async () => {
    const { email, recipeUserId } = await newUser();
    const client = app.client();
    await client.signIn(email, PASSWORD);
    await functions.updateEmailOrPassword({ recipeUserId, email: newEmail(), password: 'second pass 2' });
    expect((await client.get('/me/checked')).status).toBe(200);
    expect(await app.app.get(SessionFunctions).getAllSessionHandlesForUser({ userId: recipeUserId })).toHaveLength(1);
  });

  it('ends sessions where asked to: all, or all but one', async () => {
    const { email, recipeUserId } = await newUser();
    const clients = [app.client(), app.client(), app.client()];
    for (const client of clients) await client.signIn(email, PASSWORD);
    const sessions = app.app.get(SessionFunctions);
    const [except] = await sessions.getAllSessionHandlesForUser({ userId: recipeUserId });
    const change = (revokeSessions: boolean | { except: string }) =>
      functions.updateEmailOrPassword({ recipeUserId, password: 'second pass 2', revokeSessions });

    expect(await change({ except: except! })).toEqual(OK);
    expect(await sessions.getAllSessionHandlesForUser({ userId: recipeUserId })).toEqual([except]);
    expect(await change(true)).toEqual(OK);
    expect(await sessions.getAllSessionHandlesForUser({ userId: recipeUserId })).toEqual([]);
    const refused = { recipeUserId, password: 'short', revokeSessions: true };
    await app.client().signIn(email, 'second pass 2');
    expect(await functions.updateEmailOrPassword(refused)).not.toEqual(OK);
    expect(await sessions.getAllSessionHandlesForUser({ userId: recipeUserId })).toHaveLength(1);
  });

  it('gives one of ten accounts the email that all want at once', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => newUser()));
    const newAddress = newEmail();
    const answers = await Promise.all(
      users.map(({ recipeUserId }) => functions.updateEmailOrPassword({ recipeUserId, email: newAddress })),
    );
    expect(answers.filter(({ status }) => status === 'OK')).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 'OK')).toEqual(Array.from({ length: 9 }, () => TAKEN));
    expect(await app.app.get(Users).listUsersByAccountInfo({ email: newAddress })).toHaveLength(1);
    const statuses = (await Promise.all(users.map(({ email }) => signIn(email)))) as { status: string }[];
    expect(statuses.filter(({ status }) => status === 'OK')).toHaveLength(9);
  });

  it('gives an email that a sign-up and a change want at once to one of them', async () => {
    for (let round = 0; round < 5; round++) {
      const { email, recipeUserId } = await newUser();
      const newAddress = newEmail();
      const [change, signUp] = await Promise.all([
        functions.updateEmailOrPassword({ recipeUserId, email: newAddress }),
        app.client().signUp(newAddress, PASSWORD),
      ]);
      const { status } = (await signUp.json()) as { status: string };
      expect([change.status, status].filter((each) => each === 'OK')).toHaveLength(1);
      expect(await app.app.get(Users).listUsersByAccountInfo({ email: newAddress })).toHaveLength(1);
      expect(await signIn(email)).toMatchObject({ status: change.status === 'OK' ? 'WRONG_CREDENTIALS_ERROR' : 'OK' });
    }
  });

  it('lets two accounts that want each other’s email keep their own', async () => {
    const [a, b] = [await newUser(), await newUser()];
    const answers = await Promise.all([
      functions.updateEmailOrPassword({ recipeUserId: a.recipeUserId, email: b.email }),
      functions.updateEmailOrPassword({ recipeUserId: b.recipeUserId, email: a.email }),
    ]);
    expect(answers).toEqual([TAKEN, TAKEN]);
    expect(await signIn(a.email)).toMatchObject({ user: { id: a.recipeUserId } });
    expect(await signIn(b.email)).toMatchObject({ user: { id: b.recipeUserId } });
  });
});
