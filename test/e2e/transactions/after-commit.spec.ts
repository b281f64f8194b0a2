import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthDatabase, EmailPasswordFunctions, type SignUpInput } from 'latchkey';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { Journal, JournalModule } from '../../support/journal.js';
import { databases, openAppDatabase, type AppDatabase } from './app-database.js';
import { failsForSome, startSignUpApp } from './sign-up-overrides.js';

let database: AppDatabase;

/** Greets a new user by something that cannot be taken back. */
@Injectable()
class SignUpWithGreeting extends EmailPasswordFunctions {
  constructor(
    private readonly authDatabase: AuthDatabase,
    private readonly journal: Journal,
  ) {
    super();
  }

  override signUp(input: SignUpInput) {
    return this.authDatabase.transaction(async () => {
      const result = await super.signUp(input);
      if (result.status === 'OK') await this.authDatabase.afterCommit(() => this.greet(result.user.id, input.email));
      this.journal.write('asked for');
      return result;
    });
  }

  private async greet(userId: string, email: string): Promise<void> {
    const { latchkey_users: users = [] } = await database.contents();
    const isCommitted = users.some((user) => (user as { user_id: string }).user_id === userId);
    const isReadable = (await this.getUserById({ userId })) !== undefined;
    this.journal.write(`greeted, committed: ${isCommitted && isReadable}, inside: ${this.authDatabase.inTransaction}`);
    if (email.startsWith('mailbox-full')) throw new Error('the greeting bounced');
  }
}

const cases = databases.flatMap((name) => onExpress.map((framework) => [name, framework] as const));

describe.each(cases)('Work for after the commit on %s and %s', (databaseName, framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    database = await openAppDatabase(databaseName);
    const functions = { useClass: failsForSome(SignUpWithGreeting as never) };
    auth = await startSignUpApp(framework, database, {
      emailPassword: { override: { functions } },
      auth: { imports: [JournalModule] },
    });
  });
  afterAll(async () => {
    await auth?.app.close();
    await database.close();
  });

  async function signUp(email: string): Promise<{ status: number; entries: string[] }> {
    const { entries } = auth.app.get(Journal, { strict: false });
    entries.length = 0;
    const { status } = await auth.client().signUp(email, PASSWORD);
    return { status, entries: [...entries] };
  }

  it.each(['', 'nested-'])('runs after the outermost commit, and sees the rows of %j', async (prefix) => {
    expect(await signUp(prefix + newEmail())).toEqual({
      status: 200,
      entries: ['asked for', 'greeted, committed: true, inside: false'],
    });
  });

  it('does not run when the outermost transaction is rolled back', async () => {
    expect(await signUp(`fails-${newEmail()}`)).toEqual({ status: 500, entries: ['asked for'] });
  });

  it('does not run for an email that has an account', async () => {
    const email = newEmail();
    await signUp(email);
    expect(await signUp(email)).toEqual({ status: 200, entries: ['asked for'] });
  });

  it('takes nothing back when it fails', async () => {
    const email = `mailbox-full-${newEmail()}`;
    expect(await signUp(email)).toMatchObject({ status: 500, entries: ['asked for', expect.stringContaining('true')] });
    expect(await (await auth.client().signIn(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });
});
