import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, SessionFunctions, Users, type SignInInput, type SignUpInput } from 'latchkey';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';

type Meanwhile = (userId: string, email: string) => Promise<unknown>;

/** Does something else after the password was verified and before the session is made. */
@Injectable()
class Interrupted extends EmailPasswordFunctions {
  meanwhile: Meanwhile | undefined;

  override async signIn(input: SignInInput) {
    const result = await super.signIn(input);
    if (result.status === 'OK') await this.meanwhile?.(result.user.id, input.email);
    return result;
  }

  override async signUp(input: SignUpInput) {
    const result = await super.signUp(input);
    if (result.status === 'OK') await this.meanwhile?.(result.user.id, input.email);
    return result;
  }
}

describe.each(onFastify)('A sign-in that something comes between, on %s', (framework) => {
  let app: AuthApp;
  let functions: Interrupted;

  beforeAll(async () => {
    app = await startAuthApp(framework, { emailPassword: { override: { functions: Interrupted } } });
    functions = app.app.get(EmailPasswordFunctions);
  });
  afterAll(() => app.app.close());

  async function resetPassword(userId: string, email: string): Promise<void> {
    const created = await functions.createResetPasswordToken({ userId, email });
    if (created.status !== 'OK') throw new Error(created.status);
    await functions.resetPasswordUsingToken({ token: created.token, newPassword: 'another-horse-2' });
  }

  async function signInWith(meanwhile: Meanwhile | undefined) {
    const email = newEmail();
    functions.meanwhile = undefined;
    const signedUp = await functions.signUp({ email, password: PASSWORD });
    if (signedUp.status !== 'OK') throw new Error(signedUp.status);
    functions.meanwhile = meanwhile;
    const client = app.client();
    const response = await client.signIn(email, PASSWORD);
    const sessions = app.app.get(SessionFunctions);
    const handles = await sessions.getAllSessionHandlesForUser({ userId: signedUp.user.id });
    return { body: await response.json(), client, handles };
  }

  it('succeeds where nothing does', async () => {
    const { body, client, handles } = await signInWith(undefined);
    expect(body).toMatchObject({ status: 'OK' });
    expect(JSON.stringify(body)).not.toContain('credentialsVersion');
    expect(client.tokens.accessToken).toBeDefined();
    expect(handles).toHaveLength(1);
  });

  it('leaves no session for the old password when a reset does', async () => {
    const { body, client, handles } = await signInWith(resetPassword);
    expect(body).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(client.tokens).toEqual({});
    expect(handles).toEqual([]);
  });

  it('leaves no session of a user who is deleted', async () => {
    const { body, client, handles } = await signInWith((userId) => app.app.get(Users).deleteUser(userId));
    expect(body).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(client.tokens).toEqual({});
    expect(handles).toEqual([]);
  });

  it('leaves no session of who has signed up when the owner of the mailbox resets the password', async () => {
    let userId = '';
    functions.meanwhile = async (id, email) => {
      userId = id;
      await resetPassword(id, email);
    };
    const client = app.client();
    const body = await (await client.signUp(newEmail(), PASSWORD)).json();
    expect(body).toMatchObject({ status: 'SIGN_UP_NOT_ALLOWED' });
    expect(client.tokens).toEqual({});
    expect(await app.app.get(SessionFunctions).getAllSessionHandlesForUser({ userId })).toEqual([]);
  });
});
