import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, UnknownTenantError, type User } from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onFastify } from '../../support/frameworks.js';

const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };

describe.each(onFastify)('EmailPasswordFunctions in application code, on %s', (framework) => {
  let app: EmailPasswordApp;
  let functions: EmailPasswordFunctions;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
    functions = app.app.get(EmailPasswordFunctions);
  });
  afterAll(() => app.close());

  async function newUser(): Promise<{ email: string; user: User; recipeUserId: string }> {
    const email = newEmail();
    const result = await functions.signUp({ email, password: PASSWORD });
    if (result.status !== 'OK') throw new Error(result.status);
    return { email, user: result.user, recipeUserId: result.recipeUserId };
  }

  it('signUp creates a user who can sign in over HTTP', async () => {
    const { email, user, recipeUserId } = await newUser();
    expect(recipeUserId).toBe(user.id);
    const answer = await (await app.client().signIn(email, PASSWORD)).json();
    expect(answer).toEqual({ status: 'OK', user });
  });

  it('signUp takes the email in any case, and only once', async () => {
    const { email } = await newUser();
    expect(await functions.signUp({ email: ` ${email.toUpperCase()} `, password: PASSWORD })).toEqual({
      status: 'EMAIL_ALREADY_EXISTS_ERROR',
    });
  });

  it('signIn checks credentials of users who signed up over HTTP, and starts no session', async () => {
    const email = newEmail();
    const { user } = (await (await app.client().signUp(email, PASSWORD)).json()) as { user: User };
    expect(await functions.signIn({ email: email.toUpperCase(), password: PASSWORD })).toEqual({
      status: 'OK',
      user,
      recipeUserId: user.id,
      credentialsVersion: expect.any(String),
    });
    expect(await functions.signIn({ email, password: 'wrong horse 2' })).toEqual(WRONG);
    expect(await functions.signIn({ email: 'nobody@example.com', password: PASSWORD })).toEqual(WRONG);
  });

  it('getUserById and getUserByEmail find a user, or undefined', async () => {
    const { email, user } = await newUser();
    expect(await functions.getUserById({ userId: user.id })).toEqual(user);
    expect(await functions.getUserById({ userId: 'nobody' })).toBeUndefined();
    expect(await functions.getUserByEmail({ email: ` ${email.toUpperCase()}` })).toEqual(user);
    expect(await functions.getUserByEmail({ email, tenantId: 'public' })).toEqual(user);
    expect(await functions.getUserByEmail({ email: 'nobody@example.com' })).toBeUndefined();
  });

  it('createResetPasswordToken and resetPasswordUsingToken change a password', async () => {
    const { email, user } = await newUser();
    const created = await functions.createResetPasswordToken({ userId: user.id, email: email.toUpperCase() });
    if (created.status !== 'OK') throw new Error(created.status);
    const input = { token: created.token, newPassword: 'brand new pass 2' };
    expect(await functions.resetPasswordUsingToken(input)).toEqual({
      status: 'OK',
      userId: user.id,
      recipeUserId: user.id,
      email,
    });
    expect(await functions.resetPasswordUsingToken(input)).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    expect(await functions.signIn({ email, password: 'brand new pass 2' })).toMatchObject({ status: 'OK' });
    expect(await functions.signIn({ email, password: PASSWORD })).toEqual(WRONG);
  });

  it('createResetPasswordToken gives none for a stranger, nor for an email that is not the user’s', async () => {
    const { user } = await newUser();
    const unknown = { status: 'UNKNOWN_USER_ID_ERROR' };
    expect(await functions.createResetPasswordToken({ userId: 'nobody', email: 'nobody@example.com' })).toEqual(
      unknown,
    );
    expect(await functions.createResetPasswordToken({ userId: user.id, email: 'attacker@example.com' })).toEqual(
      unknown,
    );
  });

  it('createNewRecipeUser and verifyCredentials do what sign-up and sign-in do before anybody is signed in', async () => {
    const credentials = { email: newEmail(), password: PASSWORD };
    const created = await functions.createNewRecipeUser(credentials);
    expect(await functions.createNewRecipeUser(credentials)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    const verified = await functions.verifyCredentials(credentials);
    expect(verified).toMatchObject({ status: 'OK', user: Object(created).user });
    expect(await functions.verifyCredentials({ ...credentials, password: 'wrong horse 2' })).toEqual(WRONG);
  });

  it('createResetPasswordLink links to the website; consumePasswordResetToken leaves password and sessions', async () => {
    const { email, user } = await newUser();
    const client = app.client();
    await client.signIn(email, PASSWORD);
    const created = await functions.createResetPasswordLink({ userId: user.id, email });
    if (created.status !== 'OK') throw new Error(created.status);
    const link = new URL(created.link);
    expect(`${link.origin}${link.pathname}`).toBe('https://www.example.com/auth/reset-password');
    expect(link.searchParams.get('tenantId')).toBe('public');

    const token = link.searchParams.get('token')!;
    const owner = { status: 'OK', userId: user.id, recipeUserId: user.id, email };
    expect(await functions.consumePasswordResetToken({ token })).toEqual(owner);
    for (const spent of [token, 'made-up', '']) {
      const invalid = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };
      expect(await functions.consumePasswordResetToken({ token: spent })).toEqual(invalid);
    }
    expect(await functions.verifyCredentials({ email, password: PASSWORD })).toMatchObject({ status: 'OK' });
    expect((await client.get('/me/checked')).status).toBe(200);
  });

  it('sendResetPasswordEmail sends a link that works, each time', async () => {
    const { email, user } = await newUser();
    const input = { userId: user.id, email: ` ${email.toUpperCase()}` };
    for (const newPassword of ['brand new pass 2', 'brand new pass 3']) {
      expect(await functions.sendResetPasswordEmail(input)).toEqual({ status: 'OK' });
      const sent = await app.emails.receive({ to: email, kind: 'passwordReset' });
      expect(sent).toMatchObject({ user: { id: user.id, recipeUserId: user.id, email }, tenantId: 'public' });
      const token = new URL(sent.passwordResetLink).searchParams.get('token')!;
      expect(await functions.resetPasswordUsingToken({ token, newPassword })).toMatchObject({ status: 'OK' });
    }
    const { user: other, email: othersEmail } = await newUser();
    for (const [userId, address] of [
      ['nobody', email],
      [other.id, email],
      [user.id, othersEmail],
    ] as const) {
      const unknown = { status: 'UNKNOWN_USER_ID_ERROR' };
      expect(await functions.sendResetPasswordEmail({ userId, email: address })).toEqual(unknown);
      expect(await functions.createResetPasswordLink({ userId, email: address })).toEqual(unknown);
    }
  });

  it('every function that takes a tenant refuses an unknown one', async () => {
    const { email, user } = await newUser();
    const tenantId = 'nowhere';
    const refused = new UnknownTenantError(tenantId);
    await expect(functions.signUp({ tenantId, email, password: PASSWORD })).rejects.toThrow(refused);
    await expect(functions.signIn({ tenantId, email, password: PASSWORD })).rejects.toThrow(refused);
    await expect(functions.getUserByEmail({ tenantId, email })).rejects.toThrow(refused);
    await expect(functions.createResetPasswordToken({ tenantId, userId: user.id, email })).rejects.toThrow(refused);
    await expect(functions.createNewRecipeUser({ tenantId, email, password: PASSWORD })).rejects.toThrow(refused);
    await expect(functions.verifyCredentials({ tenantId, email, password: PASSWORD })).rejects.toThrow(refused);
    await expect(functions.sendResetPasswordEmail({ tenantId, userId: user.id, email })).rejects.toThrow(refused);
    await expect(functions.consumePasswordResetToken({ tenantId, token: 'x' })).rejects.toThrow(refused);
    await expect(functions.resetPasswordUsingToken({ tenantId, token: 'x', newPassword: PASSWORD })).rejects.toThrow(
      refused,
    );
  });
});
