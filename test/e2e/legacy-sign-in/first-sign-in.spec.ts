import { HttpException } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, EmailPasswordRecipe, LegacySignIn, SessionRecipe, Users, type Mixin } from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { UserMetadataCore } from '../../../lib/core/user-metadata.core.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { MovedUsers, OldSystem, OldSystemModule } from '../../support/old-system.js';
import { RecordedLog } from '../../support/recorded-log.js';

const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };

describe.each(frameworks)('The first sign-in of a user of an old system, on %s', (framework) => {
  let app: AuthApp;
  let old: OldSystem;
  let email: string;
  const logger = new RecordedLog();

  beforeAll(async () => {
    app = await startAuthApp(framework, {
      logger,
      auth: {
        imports: [OldSystemModule],
        recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init({ override: { functions: MovedUsers } })],
        attemptLimits: { actions: { signIn: { account: [{ attempts: 3, seconds: 3600 }] } } },
      },
    });
    old = app.app.get(OldSystem);
  });
  afterAll(() => app.app.close());
  beforeEach(() => {
    email = newEmail();
    old.questions.length = 0;
    old.failure = undefined;
  });

  const signIn = async (password = PASSWORD) => (await app.client().signIn(email, password)).json();
  const userCount = () => app.app.get(Users, { strict: false }).getUserCount();

  it('keeps everything that is known, and nobody is asked again', async () => {
    const externalUserId = `old-${email}`;
    const timeJoinedMs = Date.UTC(2019, 0, 1);
    const user = { externalUserId, emailVerified: true, userMetadata: { plan: 'gold' }, timeJoinedMs };
    const thirdParty = { thirdPartyId: 'google', thirdPartyUserId: email };
    const providerAccounts = [{ ...thirdParty, email: `google-${email}` }];
    old.users.set(email, { password: PASSWORD, user: { ...user, providerAccounts } });

    const client = app.client();
    const response = await client.signIn(` ${email.toUpperCase()}`, PASSWORD);
    expect(await response.json()).toMatchObject({
      status: 'OK',
      user: {
        id: externalUserId,
        timeJoined: timeJoinedMs,
        loginMethods: expect.arrayContaining([
          expect.objectContaining({ recipeId: 'emailpassword', email, verified: true }),
          expect.objectContaining({ recipeId: 'thirdparty', email: `google-${email}`, verified: false }),
        ]),
      },
    });
    expect(client.tokens.accessToken).toBeDefined();
    expect(old.questions).toEqual([{ email, password: PASSWORD, tenantId: 'public' }]);
    expect(await app.app.get(Core).port(UserMetadataCore).get(externalUserId)).toEqual({ plan: 'gold' });

    expect(await signIn()).toMatchObject({ status: 'OK', user: { id: externalUserId } });
    expect(await signIn('wrong-horse-1')).toEqual(WRONG);
    expect(old.questions).toHaveLength(1);
    // The other email has no password.
    const functions = app.app.get(EmailPasswordFunctions);
    expect(await functions.getUserByEmail({ email: `google-${email}` })).toBeUndefined();
  });

  it('is refused where the user has come already, and has another email here by now', async () => {
    old.users.set(email, { password: PASSWORD, user: { externalUserId: `old-${email}` } });
    expect(await signIn()).toMatchObject({ status: 'OK' });
    const moved = { recipeUserId: `old-${email}`, email: `new-${email}`, password: 'another-horse-1' };
    expect(await app.app.get(EmailPasswordFunctions).updateEmailOrPassword(moved)).toEqual({ status: 'OK' });
    const count = await userCount();
    expect(await signIn()).toEqual(WRONG);
    expect(await userCount()).toBe(count);
    expect(logger.warnings().filter((text) => text.includes(`old-${email}`))).toHaveLength(1);
  });

  it('is refused where the old system refuses it, and nothing is kept', async () => {
    old.users.set(email, { password: PASSWORD, user: {} });
    const count = await userCount();
    expect(await signIn('wrong-horse-1')).toEqual(WRONG);
    expect(old.questions).toHaveLength(1);
    expect(await userCount()).toBe(count);
  });

  it.each([
    ['fails', new Error('the old database is gone'), 500],
    ['says how to answer', new HttpException('Please try again later.', 503), 503],
  ])('is an error where the old system %s', async (_, failure, status) => {
    old.failure = failure;
    const response = await app.client().signIn(email, PASSWORD);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toMatch(/WRONG_CREDENTIALS|old database/);
  });

  it('is an error where what is known cannot be kept', async () => {
    old.users.set(email, { password: PASSWORD, user: { externalUserId: '' } });
    expect((await app.client().signIn(email, PASSWORD)).status).toBe(500);
  });

  it('counts as an attempt, so that nobody guesses at the old system', async () => {
    old.users.set(email, { password: PASSWORD, user: {} });
    for (let time = 1; time <= 3; time++) expect(await signIn('wrong-horse-1')).toEqual(WRONG);
    expect(await signIn()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(old.questions).toHaveLength(3);
  });

  it('is still possible after a stranger has tried the email: it cannot be taken, and a reset sends nothing', async () => {
    old.users.set(email, { password: PASSWORD, user: {} });
    expect(await (await app.client().signUp(email, 'another-horse-1')).json()).toMatchObject({ status: 'FIELD_ERROR' });
    const exists = await app.client().get(`/auth/emailpassword/email/exists?email=${encodeURIComponent(email)}`);
    expect(await exists.json()).toEqual({ status: 'OK', exists: false });
    const formFields = [{ id: 'email', value: email }];
    const reset = await app.client().auth('user/password/reset/token', { formFields });
    expect(await reset.json()).toEqual({ status: 'OK' });
    expect(app.emails().sent.filter((sent) => JSON.stringify(sent).includes(email))).toEqual([]);
    expect(await signIn()).toMatchObject({ status: 'OK' });
  });

  it('works in a list of mixins', async () => {
    const withOldUsers: Mixin<EmailPasswordFunctions> = (Base) => {
      class WithOldUsers extends Base {
        async findLegacyUser() {
          return { externalUserId: 'by-mixin' };
        }
      }
      return WithOldUsers;
    };
    const functions = [LegacySignIn, withOldUsers];
    const other = await startAuthApp(framework, { emailPassword: { override: { functions } } });
    try {
      const body = await (await other.client().signIn(email, PASSWORD)).json();
      expect(body).toMatchObject({ status: 'OK', user: { id: 'by-mixin' } });
    } finally {
      await other.app.close();
    }
  });
});
