import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saysNothingOfTokens } from '../../support/answers.js';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { openAppDatabase, type AppDatabase } from './app-database.js';
import { failsForSome, signUpOverrides, startSignUpApp } from './sign-up-overrides.js';

const cases = onExpress.flatMap((framework) =>
  signUpOverrides.map(([name, database, override]) => [name, database, framework, override] as const),
);

describe.each(cases)('Sign-up with a profile by %s, %s and %s', (_name, databaseName, framework, override) => {
  let database: AppDatabase;
  let auth: AuthApp;

  beforeAll(async () => {
    database = await openAppDatabase(databaseName);
    const functions = { useClass: failsForSome(override as never) };
    auth = await startSignUpApp(framework, database, { emailPassword: { override: { functions } } });
  });
  afterAll(async () => {
    await auth?.app.close();
    await database.close();
  });

  async function expectNothingWritten(work: () => Promise<void>): Promise<void> {
    const before = await database.contents();
    await work();
    expect(await database.contents()).toEqual(before);
  }

  it.each(['', 'nested-'])('keeps the user and the profile of %j', async (prefix) => {
    const email = prefix + newEmail();
    const response = await auth.client().signUp(email, PASSWORD);
    expect(response.status).toBe(200);
    const { status, user } = (await response.json()) as { status: string; user: { id: string } };
    expect(status).toBe('OK');
    expect(await database.profiles()).toContainEqual({ user_id: user.id, handle: email.split('@')[0] });
    expect(await (await auth.client().signIn(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('keeps neither when something fails afterwards', async () => {
    await expectNothingWritten(async () => {
      const response = await auth.client().signUp(`fails-${newEmail()}`, PASSWORD);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('secret');
      expect(saysNothingOfTokens(response)).toBe(true);
    });
  });

  it('keeps neither when the profile cannot be written, and does not say why', async () => {
    await auth.client().signUp('taken@example.com', PASSWORD);
    expect((await database.profiles()).map(({ handle }) => handle)).toContain('taken');
    await expectNothingWritten(async () => {
      const response = await auth.client().signUp('taken@example.org', PASSWORD);
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
      expect(saysNothingOfTokens(response)).toBe(true);
    });
    const again = await auth.client().signIn('taken@example.org', PASSWORD);
    expect(await again.json()).toMatchObject({ status: 'WRONG_CREDENTIALS_ERROR' });
  });

  it('writes nothing for an email that has an account', async () => {
    const email = newEmail();
    await auth.client().signUp(email, PASSWORD);
    await expectNothingWritten(async () => {
      const response = await auth.client().signUp(email, PASSWORD);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: 'FIELD_ERROR' });
    });
  });

  it('frees the email when it is rolled back', async () => {
    await auth.client().signUp('first@example.com', PASSWORD);
    await auth.client().signUp('first@example.org', PASSWORD);
    const { profiles: _profiles, ...ours } = await database.contents();
    expect(JSON.stringify(ours)).not.toContain('first@example.org');
  });

  it('serves twenty at once, each in its own transaction', async () => {
    const before = (await database.profiles()).length;
    const emails = Array.from({ length: 20 }, (_, at) => (at % 4 === 3 ? `fails-${newEmail()}` : newEmail()));
    const responses = await Promise.all(emails.map((email) => auth.client().signUp(email, PASSWORD)));
    expect(responses.map(({ status }) => status)).toEqual(emails.map((email) => (email.startsWith('f') ? 500 : 200)));

    const profiles = await database.profiles();
    expect(profiles).toHaveLength(before + 15);
    const { latchkey_users: users, latchkey_password_credentials: credentials } = await database.contents();
    expect(ids(users, 'user_id')).toEqual(ids(profiles, 'user_id'));
    expect(ids(credentials, 'recipe_user_id')).toEqual(ids(profiles, 'user_id'));
  });

  it('lets one of twenty have a handle', async () => {
    const emails = Array.from({ length: 20 }, (_, at) => `wanted@example${at}.com`);
    const responses = await Promise.all(emails.map((email) => auth.client().signUp(email, PASSWORD)));
    expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(500)]);

    const contents = await database.contents();
    expect(ids(contents.latchkey_users, 'user_id')).toEqual(ids(contents.profiles, 'user_id'));
  });
});

function ids(rows: object[] | undefined, column: string): unknown[] {
  return (rows ?? []).map((row) => (row as Record<string, unknown>)[column]).sort();
}
