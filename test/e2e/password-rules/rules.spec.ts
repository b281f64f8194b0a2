import { Inject, Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptLimits, EmailPasswordFunctions, PasswordRules, type NewPassword, type PasswordFault } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { Core } from '../../../lib/core/core.js';
import { UserIdMappingCore } from '../../../lib/core/user-id-mapping.core.js';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { startCombinedApp } from '../../support/combined-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks, onExpress, onFastify } from '../../support/frameworks.js';
import { requestResetToken, resetPassword, RESET_OK } from '../../support/password-resets.js';

const COMMON = 'This password is too common. Please choose another one';
const fieldError = (error: string) => ({ status: 'FIELD_ERROR', formFields: [{ id: 'password', error }] });

async function signUp(app: Pick<AuthApp, 'client'>, password: string, email = newEmail()): Promise<unknown> {
  return (await app.client().auth('signup', formFields({ email, password }))).json();
}

describe.each(onExpress)('The rules for passwords on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework, { auth: { passwordRules: { minLength: 15, maxLength: 64 } } });
  });
  afterAll(() => app.close());

  it('have the lengths of the options, told together with what is wrong with other fields', async () => {
    const tooShort = 'Password must contain at least 15 characters';
    expect(await signUp(app, 'correct horse', 'nobody')).toEqual({
      status: 'FIELD_ERROR',
      formFields: [
        { id: 'email', error: 'Email is invalid' },
        { id: 'password', error: tooShort },
      ],
    });
    expect(await signUp(app, 'x'.repeat(64) + '1')).toEqual(
      fieldError("Password's length must be lesser than 65 characters"),
    );
    expect(await signUp(app, PASSWORD)).toMatchObject({ status: 'OK' });
  });

  it('do not judge a sign-in', async () => {
    const email = newEmail();
    await app.app.get(EmailPasswordFunctions).signUp({ email, password: 'password' });
    expect(await (await app.client().signIn(email, 'password')).json()).toMatchObject({ status: 'OK' });
  });

  it('hold in a reset, which then has not spent its token', async () => {
    const email = 'samuel.morse@example.com';
    await signUp(app, PASSWORD, email);
    const token = await requestResetToken(app, email);
    const reset = async (password: string) => (await resetPassword(app.client(), token, password)).json();
    expect(await reset('short 1')).toEqual(fieldError('Password must contain at least 15 characters'));
    expect(await reset('123456789qwerty')).toEqual(fieldError(COMMON));
    expect(await reset('Samuel Morse code')).toEqual(fieldError('Password must not contain your email address'));
    expect(await reset('a new battery 2')).toEqual(RESET_OK);
  });

  it('hold in a change, with the email that the account has or will have, unless told not to', async () => {
    const functions = app.app.get(EmailPasswordFunctions);
    const email = 'graham.bell@example.com';
    const { recipeUserId } = (await functions.signUp({ email, password: PASSWORD })) as { recipeUserId: string };
    const refused = (failureReason: string) => ({ status: 'PASSWORD_POLICY_VIOLATED_ERROR', failureReason });
    const change = (password: string, more = {}) =>
      functions.updateEmailOrPassword({ recipeUserId, password, ...more });
    expect(await change('123456789qwerty')).toEqual(refused(COMMON));
    const holdsEmail = refused('Password must not contain your email address');
    expect(await change('GrahamBell telephone')).toEqual(holdsEmail);
    expect(await change('a watson telephone', { email: 'watson@example.com' })).toEqual(holdsEmail);
    expect(await change('GrahamBell telephone', { applyPasswordPolicy: false })).toEqual({ status: 'OK' });
    expect(await change('a watson telephone')).toEqual({ status: 'OK' });
    expect(await functions.checkNewPassword({ password: 'GrahamBell telephone', recipeUserId })).toBe(
      holdsEmail.failureReason,
    );
    expect(await functions.checkNewPassword({ password: 'GrahamBell telephone' })).toBeUndefined();
  });

  it('know the email of an account that is asked for by its former id', async () => {
    const functions = app.app.get(EmailPasswordFunctions);
    const created = await functions.signUp({ email: 'nikola.tesla@example.com', password: PASSWORD });
    const { recipeUserId } = created as { recipeUserId: string };
    const mapping = { userId: recipeUserId, externalUserId: 'tesla-of-before' };
    await app.app
      .get<Core>(Core as never)
      .port(UserIdMappingCore)
      .create(mapping);
    for (const id of [recipeUserId, 'tesla-of-before']) {
      expect(
        await functions.updateEmailOrPassword({ recipeUserId: id, password: 'Nikola Tesla current' }),
      ).toMatchObject({
        failureReason: 'Password must not contain your email address',
      });
    }
  });
});

describe.each(onExpress)('Passwords that an account had before, on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework, { auth: { passwordRules: { historyLength: 2 } } });
  });
  afterAll(() => app.close());

  it('are refused in a reset and in a change, as many as the option says', async () => {
    const email = newEmail();
    await signUp(app, 'the first one', email);
    const functions = app.app.get(EmailPasswordFunctions);
    const { recipeUserId } = (await functions.getUserByEmail({ email }))!.loginMethods[0]!;
    const used = 'You have used this password before. Please choose another one';
    const reset = async (password: string) =>
      (await resetPassword(app.client(), await requestResetToken(app, email), password)).json();
    expect(await reset('the first one')).toEqual(fieldError(used));
    expect(await reset('the second one')).toEqual(RESET_OK);
    expect(await reset('the first one')).toEqual(fieldError(used));

    const change = (password: string, more = {}) =>
      functions.updateEmailOrPassword({ recipeUserId, password, ...more });
    expect(await change('the first one')).toMatchObject({ failureReason: used });
    expect(await change('the second one', { applyPasswordPolicy: false })).toEqual({ status: 'OK' });
    expect(await change('the first one')).toEqual({ status: 'OK' });
    expect(await reset('the second one')).toEqual(fieldError(used));
    // Somebody else may have it.
    expect(await signUp(app, 'the first one')).toMatchObject({ status: 'OK' });
  });
});

describe.each(frameworks)('A link that is tried with many passwords, on %s', (framework) => {
  it('compares a few with those that the account had, and then none', async () => {
    const formerPassword = { account: [{ attempts: 2, seconds: 3600 }] };
    const auth = { passwordRules: { historyLength: 2 }, attemptLimits: { actions: { formerPassword } } };
    const app = await startEmailPasswordApp(framework, { auth });
    try {
      const [email, other] = [newEmail(), newEmail()];
      for (const each of [email, other]) await signUp(app, 'the first one', each);
      const [token, tokenOfOther] = [await requestResetToken(app, email), await requestResetToken(app, other)];
      const reset = async (link: string, password: string) =>
        (await resetPassword(app.client(), link, password)).json();
      const used = fieldError('You have used this password before. Please choose another one');
      const limited = { status: 'GENERAL_ERROR', message: expect.stringMatching(/^Too many attempts/) };
      const answers = [];
      for (const password of ['the first one', 'the first one', 'the first one', 'the second one']) {
        answers.push(await reset(token, password));
      }
      expect(answers).toEqual([used, used, limited, limited]);
      expect(await reset(tokenOfOther, 'the second one')).toEqual(RESET_OK);
      await app.app
        .get(AttemptLimits, { strict: false })
        .unlock({ userId: (await app.app.get(EmailPasswordFunctions).getUserByEmail({ email }))!.id });
      expect(await reset(token, 'the second one')).toEqual(RESET_OK);
    } finally {
      await app.close();
    }
  });
});

const BANNED = 'banned words';

/** As an application would write it: a dependency, a tenant with rules of its own, other words, one rule more. */
@Injectable()
class OwnRules extends PasswordRules {
  @Inject(BANNED) private readonly banned!: string[];

  override async getRules(input: NewPassword) {
    const rules = await super.getRules(input);
    return input.tenantId === 'public' ? { ...rules, refuseCommon: false, minLength: 10 } : rules;
  }

  override async check(input: NewPassword) {
    if (this.banned.includes(input.password)) return `Not that one, ${input.email ?? input.userId}`;
    return super.check(input);
  }

  override async getMessage(fault: PasswordFault, input: NewPassword) {
    return fault === 'TOO_SHORT' ? 'Zu kurz' : super.getMessage(fault, input);
  }
}

describe.each(onFastify)('Rules of the application on %s', (framework) => {
  let app: AuthApp;

  beforeAll(async () => {
    const banned = {
      module: class Banned {},
      providers: [{ provide: BANNED, useValue: ['a banned word'] }],
      exports: [BANNED],
    };
    const passwordRules = { override: OwnRules };
    app = await startCombinedApp(framework, { auth: { imports: [banned], passwordRules } });
  });
  afterAll(() => app.app.close());

  it('are asked with ThirdPartyEmailPassword too, with all that they need to know', async () => {
    expect(await signUp(app, 'ten minus')).toEqual(fieldError('Zu kurz'));
    expect(await signUp(app, 'administrator')).toMatchObject({ status: 'OK' });
    const email = newEmail();
    expect(await signUp(app, 'a banned word', email)).toEqual(fieldError(`Not that one, ${email}`));
    const functions = app.app.get(EmailPasswordFunctions);
    const user = (await functions.signUp({ email, password: PASSWORD })) as { recipeUserId: string };
    expect(await functions.updateEmailOrPassword({ ...user, password: 'a banned word' })).toEqual({
      status: 'PASSWORD_POLICY_VIOLATED_ERROR',
      failureReason: `Not that one, ${email}`,
    });
  });
});

describe.each(onFastify)("The application's validator of the password on %s", (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    const validate = (value: string) => (value.endsWith('!') ? undefined : 'Shout');
    const signUpFeature = { formFields: [{ id: 'password', validate }] };
    app = await startEmailPasswordApp(framework, { emailPassword: { signUpFeature } });
  });
  afterAll(() => app.close());

  it('decides on the length, and the other rules hold besides', async () => {
    expect(await signUp(app, 'correct horse')).toEqual(fieldError('Shout'));
    expect(await signUp(app, 'no!')).toMatchObject({ status: 'OK' });
    expect(await signUp(app, 'iloveyou!')).toEqual(fieldError(COMMON));
    const functions = app.app.get(EmailPasswordFunctions);
    const user = (await functions.signUp({ email: newEmail(), password: PASSWORD })) as { recipeUserId: string };
    const reasonOf = async (password: string) => functions.updateEmailOrPassword({ ...user, password });
    expect(await reasonOf('correct horse')).toMatchObject({ failureReason: 'Shout' });
    expect(await reasonOf('iloveyou!')).toMatchObject({ failureReason: COMMON });
    expect(await reasonOf('no!')).toEqual({ status: 'OK' });
  });
});
