import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { AuthDatabase, EmailPasswordFunctions } from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks } from '../../support/frameworks.js';
import { requestResetToken, RESET_OK, resetPassword } from '../../support/password-resets.js';
import { RecordedLog } from '../../support/recorded-log.js';

describe.each(frameworks)('Attempts that cannot be forgotten, on %s', (framework) => {
  let app: EmailPasswordApp;
  let log: RecordedLog;
  beforeAll(async () => {
    log = new RecordedLog();
    app = await startEmailPasswordApp(framework, { logger: log, auth: { resendIntervalSeconds: 60 } });
  });
  afterAll(() => app.close());

  it('change nothing about what was done before', async () => {
    const email = newEmail();
    await app.client().signUp(email, PASSWORD);
    await app.client().signIn(email, 'a wrong password 1');
    const token = await requestResetToken(app, email);
    const database = await app.app.get(AuthDatabase, { strict: false }).current();
    await sql`create trigger no_forgetting before delete on latchkey_attempts begin select raise(abort, 'no'); end`.execute(
      database,
    );
    expect(await (await resetPassword(app.client(), token, 'another password 1')).json()).toEqual(RESET_OK);
    const client = app.client();
    const signedIn = (await (await client.signIn(email, 'another password 1')).json()) as { user: { id: string } };
    expect(signedIn).toMatchObject({ status: 'OK' });
    const change = { recipeUserId: signedIn.user.id, password: 'one more password 1' };
    const functions = app.app.get(EmailPasswordFunctions, { strict: false });
    expect(await functions.updateEmailOrPassword(change)).toMatchObject({ status: 'OK' });
    expect(log.warnings().filter((line) => line.includes('Forgetting')).length).toBeGreaterThanOrEqual(4);
  });
});
