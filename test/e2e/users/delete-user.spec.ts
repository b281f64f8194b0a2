import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PasswordHasher, SessionFunctions, Users, type User } from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onFastify } from '../../support/frameworks.js';
import { INVALID_TOKEN, requestResetToken, resetPassword } from '../../support/password-resets.js';
import { SqliteFile, type Row } from '../../support/sqlite-file.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

describe.each(onFastify)('Deleting a user on %s', (framework) => {
  let folder: TemporaryFolder;
  let file: SqliteFile;
  let app: EmailPasswordApp;
  let users: Users;

  beforeAll(async () => {
    folder = await temporaryFolder();
    file = new SqliteFile(folder.path('auth.sqlite'));
    app = await startEmailPasswordApp(framework, { core: { sqlite: file.path } });
    users = app.app.get(Users);
  });
  afterAll(async () => {
    await app.close();
    await folder.remove();
  });

  async function newUser(client = app.client(), email = newEmail()): Promise<{ id: string; email: string }> {
    const { user } = (await (await client.signUp(email, PASSWORD)).json()) as { user: User };
    return { id: user.id, email };
  }

  /** But that sessions were ended, of which other processes have to hear. */
  function kept(): Record<string, Row[]> {
    return { ...file.contents(), latchkey_revocations: [] };
  }

  it('removes everything that belongs to it from every table, and nothing else', async () => {
    await newUser();
    const before = kept();
    const { id, email } = await newUser();
    await app.client().signIn(email, PASSWORD);
    await requestResetToken(app, email);
    expect(file.tablesWith(id)).toEqual([
      'latchkey_login_method_tenants',
      'latchkey_login_methods',
      'latchkey_one_time_tokens',
      'latchkey_password_credentials',
      'latchkey_sessions',
      'latchkey_user_tenants',
      'latchkey_users',
    ]);

    expect(await users.deleteUser(id)).toEqual({ status: 'OK' });
    expect(file.tablesWith(id)).toEqual([]);
    expect(file.tablesWith(email)).toEqual([]);
    expect(kept()).toEqual(before);
  });

  it('ends its sessions: refreshing and asking the storage are refused, on every device', async () => {
    const [phone, browser, bystander] = [app.client(), app.client({ transferMethod: 'cookie' }), app.client()];
    const { id, email } = await newUser(phone);
    await browser.signIn(email, PASSWORD);
    await newUser(bystander);
    await users.deleteUser(id);

    for (const client of [phone, browser]) {
      expect((await client.get('/me/checked')).status).toBe(401);
      const refreshed = await client.refresh();
      expect([refreshed.status, await refreshed.json()]).toEqual([401, { message: 'unauthorised' }]);
    }
    expect(await app.app.get(SessionFunctions).getAllSessionHandlesForUser({ userId: id })).toEqual([]);
    expect((await bystander.get('/me/checked')).status).toBe(200);
    expect((await bystander.refresh()).status).toBe(200);
  });

  it('makes its password and its open reset token worthless', async () => {
    const { id, email } = await newUser();
    const token = await requestResetToken(app, email);
    await users.deleteUser(id);
    expect(await (await app.client().signIn(email, PASSWORD)).json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(await (await resetPassword(app.client(), token, 'back again 2')).json()).toEqual(INVALID_TOKEN);
    expect(await users.getUser(id)).toBeUndefined();
  });

  it('frees the email for somebody new, whom old sessions and tokens do not reach', async () => {
    const old = app.client();
    const { id, email } = await newUser(old);
    const token = await requestResetToken(app, email);
    await users.deleteUser(id);
    const successor = await newUser(app.client(), email);
    expect(successor.id).not.toBe(id);
    expect(await (await resetPassword(app.client(), token, 'taken over 3')).json()).toEqual(INVALID_TOKEN);
    expect((await old.get('/me/checked')).status).toBe(401);
    expect(await (await app.client().signIn(email, PASSWORD)).json()).toMatchObject({ user: { id: successor.id } });
  });

  it('answers OK for a stranger and for one already deleted, and changes nothing', async () => {
    const { id } = await newUser();
    await users.deleteUser(id);
    const before = file.contents();
    for (const userId of [id, 'nobody', '', '%', "' or 1=1 --"]) {
      expect(await users.deleteUser(userId)).toEqual({ status: 'OK' });
    }
    expect(file.contents()).toEqual(before);
  });

  it('while its password is being verified lets it in no more', async () => {
    const { id, email } = await newUser();
    const hasher = app.app.get<unknown, PasswordHasher>(PasswordHasher as never);
    const verify = hasher.verify.bind(hasher);
    hasher.verify = async (password, hash) => {
      await users.deleteUser(id);
      return verify(password, hash);
    };
    try {
      const response = await app.client().signIn(email, PASSWORD);
      expect([response.status, await response.json()]).toEqual([200, { status: 'WRONG_CREDENTIALS_ERROR' }]);
    } finally {
      hasher.verify = verify;
    }
    expect(file.tablesWith(id)).toEqual([]);
  });
});
