import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  AttemptLimits,
  EmailPasswordFunctions,
  getRequestFromUserContext,
  TooManyAttemptsError,
  type Attempt,
  type AttemptLimitsOption,
  type RefusedAttempt,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { AttemptsCore } from '../../../lib/core/attempts.core.js';
import { Core } from '../../../lib/core/core.js';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { HeldPasswordHasher } from '../../support/held-password-hasher.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks, onExpress, onFastify, type Framework, type StartOptions } from '../../support/frameworks.js';
import { waitUntil } from '../../support/wait-until.js';

const TWICE = [{ attempts: 2, seconds: 3600 }];
const LIMITED = { status: 'GENERAL_ERROR', message: expect.stringMatching(/^Too many attempts.*in 3\d minutes\.$/) };
const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };

let app: EmailPasswordApp;
afterEach(() => app.close());

async function start(framework: Framework, attemptLimits: AttemptLimitsOption, options?: StartOptions): Promise<void> {
  app = await startEmailPasswordApp(framework, { ...options, auth: { attemptLimits } });
}

async function signIn(email: string, password = 'a wrong password 1', path = 'signin'): Promise<unknown> {
  const fields = { email, password };
  const formFields = Object.entries(fields).map(([id, value]) => ({ id, value }));
  return (await app.client().auth(path, { formFields })).json();
}

const limits = () => app.app.get(AttemptLimits, { strict: false });

describe.each(frameworks)('Too many attempts, on %s', (framework) => {
  it('at one account are refused, whether or not it exists, and others go on', async () => {
    await start(framework, { actions: { signIn: { account: TWICE } } });
    const [known, unknown, other] = [newEmail(), newEmail(), newEmail()];
    for (const email of [known, other]) await app.client().signUp(email, PASSWORD);
    const answers: unknown[][] = [];
    for (const email of [known, unknown]) {
      const outcomes = [];
      for (let time = 0; time < 4; time++) outcomes.push(await signIn(email));
      // The right password is refused as well, and so it tells nothing.
      outcomes.push(await signIn(email, PASSWORD), await signIn(email.toUpperCase()));
      answers.push(outcomes);
    }
    const refused = Array.from({ length: 4 }, () => LIMITED);
    expect(answers).toEqual([
      [WRONG, WRONG, ...refused],
      [WRONG, WRONG, ...refused],
    ]);
    expect(await signIn(other, PASSWORD)).toMatchObject({ status: 'OK' });
  });

  it('are answered 429 with Retry-After where the application wants that', async () => {
    await start(framework, { answer: 429, actions: { signIn: { account: TWICE } } });
    const email = newEmail();
    for (let time = 0; time < 2; time++) await signIn(email);
    const response = await app.client().signIn(email, 'a wrong password 1');
    expect(response.status).toBe(429);
    expect(await response.json()).toEqual({ message: expect.stringMatching(/^Too many attempts/) });
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1790);
    expect(seconds).toBeLessThanOrEqual(1980);
  });

  it('with unknown refresh tokens are answered 429, and good ones go on', async () => {
    await start(framework, { actions: { refresh: { address: TWICE } } });
    const client = app.client();
    await client.signUp(newEmail(), PASSWORD);
    const guess = () =>
      client.fetch('/auth/session/refresh', { method: 'POST', headers: { authorization: 'Bearer x' } });
    const statuses = [];
    for (let time = 0; time < 3; time++) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 429]);
    await client.signUp(newEmail(), PASSWORD);
    expect((await client.refresh()).status).toBe(200);
  });
});

describe.each(onExpress)('A limit, on %s', (framework) => {
  it('by account does not add up over successes, and begins again for those who are unlocked', async () => {
    await start(framework, { actions: { signIn: { account: TWICE } } });
    const email = newEmail();
    const { user } = (await (await app.client().signUp(email, PASSWORD)).json()) as { user: { id: string } };
    for (let time = 0; time < 3; time++) {
      expect(await signIn(email)).toEqual(WRONG);
      expect(await signIn(email, PASSWORD)).toMatchObject({ status: 'OK' });
    }
    for (let time = 0; time < 2; time++) await signIn(email);
    expect(await signIn(email, PASSWORD)).toEqual(LIMITED);
    expect(await limits().unlock({ userId: user.id })).toBe(true);
    expect(await signIn(email, PASSWORD)).toMatchObject({ status: 'OK' });
    expect(await limits().unlock({ userId: 'nobody' })).toBe(false);
  });

  it('ends with a new password', async () => {
    await start(framework, { actions: { signIn: { account: TWICE } } });
    const email = newEmail();
    const { user } = (await (await app.client().signUp(email, PASSWORD)).json()) as { user: { id: string } };
    for (let time = 0; time < 2; time++) await signIn(email);
    expect(await signIn(email, PASSWORD)).toEqual(LIMITED);
    const functions = app.app.get(EmailPasswordFunctions, { strict: false });
    const created = await functions.createResetPasswordToken({ userId: user.id, email });
    const formFields = [{ id: 'password', value: 'another password 2' }];
    const body = { formFields, token: (created as { token: string }).token, method: 'token' };
    expect(await (await app.client().auth('user/password/reset', body)).json()).toEqual({ status: 'OK' });
    expect(await signIn(email, 'another password 2')).toMatchObject({ status: 'OK' });
  });

  it('counts nothing that was refused since too many passwords wait to be hashed', async () => {
    const hasher = new HeldPasswordHasher();
    app = await startEmailPasswordApp(framework, {
      core: { concurrentPasswordHashes: 1, waitingPasswordHashes: 0 },
      auth: {
        passwordHasher: { useFactory: () => hasher },
        attemptLimits: {
          actions: {
            signIn: { account: TWICE, address: [{ attempts: 4, seconds: 3600 }] },
            signUp: { address: TWICE },
          },
        },
      },
    });
    const [busy, email] = [newEmail(), newEmail()];
    hasher.hold();
    const first = signIn(busy);
    await waitUntil(async () => hasher.working === 1);
    const refused = new Set<number>();
    for (let time = 0; time < 5; time++) {
      refused.add((await app.client().signIn(email, PASSWORD)).status);
      refused.add((await app.client().signUp(email, PASSWORD)).status);
    }
    hasher.release();
    expect(await first).toEqual(WRONG);
    expect([...refused]).toEqual([503]);
    expect([await signIn(email), await signIn(email), await signIn(email)]).toEqual([WRONG, WRONG, LIMITED]);
    expect(await (await app.client().signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('by address counts failures over all accounts, and uses up no account', async () => {
    await start(framework, { actions: { signIn: { account: TWICE, address: TWICE } } });
    const email = newEmail();
    await app.client().signUp(email, PASSWORD);
    for (let time = 0; time < 4; time++) expect(await signIn(email, PASSWORD)).toMatchObject({ status: 'OK' });
    for (let time = 0; time < 2; time++) expect(await signIn(newEmail())).toEqual(WRONG);
    expect(await signIn(email, PASSWORD)).toEqual(LIMITED);
    await limits().unlock({ userId: 'nobody' });
    const attempt = { action: 'signIn', tenantId: 'public', account: email };
    await expect(limits().count(attempt)).resolves.toMatchObject({ ofAccount: [{}] });
  });

  it('of one tenant leaves other tenants alone', async () => {
    await start(framework, { actions: { signIn: { account: TWICE, address: TWICE, tenant: TWICE } } });
    await app.app.get(Core, { strict: false }).port(TenantsCore).createTenant('acme');
    const email = newEmail();
    for (let time = 0; time < 2; time++) await signIn(email);
    expect(await signIn(email)).toEqual(LIMITED);
    expect(await signIn(email, PASSWORD, 'acme/signin')).toEqual(WRONG);
  });

  it('is not escaped by tenants that are made up: nothing is judged or counted there', async () => {
    await start(framework, { actions: { signUp: { address: TWICE } } });
    const attempts = app.app.get(AttemptsCore, { strict: false });
    const take = jest.spyOn(attempts, 'take');
    // Refused for itself where it is judged, as every rule is that costs something, such as a question to another server.
    const common = formFields({ email: newEmail(), password: 'password1' });
    for (const tenant of ['made-up-1', 'made-up-2']) {
      const response = await app.client().auth(`${tenant}/signup`, common);
      expect([response.status, await response.json()]).toEqual([400, { message: `Unknown tenant: ${tenant}` }]);
    }
    expect(take).not.toHaveBeenCalled();
    take.mockRestore();
  });

  it.each([
    ['sign-ups', 'signUp', 'signup'],
    ['reset emails', 'passwordResetMail', 'user/password/reset/token'],
  ])('counts %s also where they succeed', async (_, action, path) => {
    await start(framework, { actions: { [action]: { address: TWICE } } });
    const fields = (email: string) => [
      { id: 'email', value: email },
      ...(path === 'signup' ? [{ id: 'password', value: PASSWORD }] : []),
    ];
    const statuses = [];
    for (let time = 0; time < 3; time++) {
      const response = await app.client().auth(path, { formFields: fields(newEmail()) });
      statuses.push(((await response.json()) as { status: string }).status);
    }
    expect(statuses).toEqual(['OK', 'OK', 'GENERAL_ERROR']);
  });

  it('counts questions for emails, and reset emails to one address, by default', async () => {
    await start(framework, {});
    const email = newEmail();
    await app.client().signUp(email, PASSWORD);
    const sent = await Promise.all(
      Array.from({ length: 20 }, () =>
        app.client().auth('user/password/reset/token', { formFields: [{ id: 'email', value: email }] }),
      ),
    );
    const answers = await Promise.all(sent.map((response) => response.json() as Promise<{ status: string }>));
    expect(answers.filter(({ status }) => status === 'OK')).toHaveLength(5);
    // One more is allowed every eighteen seconds, which a busy machine may need.
    const stopped = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    const exists = async () => (await app.client().get(`/auth/emailpassword/email/exists?email=${email}`)).json();
    const attempts: unknown[] = [];
    for (let time = 0; time < 21; time++) attempts.push(...(await Promise.all(Array.from({ length: 10 }, exists))));
    expect(attempts.filter((answer) => (answer as { status: string }).status === 'OK').length).toBeLessThanOrEqual(201);
    stopped.mockRestore();
  });
});

@Injectable()
class OwnLimits extends AttemptLimits {
  override async getRates(attempt: Attempt) {
    const rates = await super.getRates(attempt);
    const name = getRequestFromUserContext(attempt.userContext)?.getHeaderValue('x-test');
    return name === 'strict' ? { ...rates, account: TWICE } : { ...rates, account: [] };
  }

  override async getMessage(refused: RefusedAttempt) {
    return `${refused.action} by ${refused.by}: ${(await super.getMessage(refused)).length > 0}`;
  }
}

describe.each(onFastify)('AttemptLimits, on %s', (framework) => {
  const post = async (email: string, name: string) => {
    const formFields = [
      { id: 'email', value: email },
      { id: 'password', value: PASSWORD },
    ];
    return (await app.client().post('/auth/signin', { formFields }, { headers: { 'x-test': name } })).json();
  };

  it('is overridden by a subclass, for some requests and in words of its own', async () => {
    await start(framework, { override: OwnLimits });
    const email = newEmail();
    for (let time = 0; time < 2; time++) expect(await post(email, 'strict')).toEqual(WRONG);
    expect(await post(email, 'strict')).toEqual({ status: 'GENERAL_ERROR', message: 'signIn by account: true' });
    for (let time = 0; time < 12; time++) expect(await post(email, 'lenient')).toEqual(WRONG);
  });

  it('counts what the application lets people attempt, and says so by an error', async () => {
    await start(framework, { actions: { signIn: { account: TWICE } } });
    const attempt = { action: 'signIn', tenantId: 'public', account: 'a voucher' };
    for (let time = 0; time < 2; time++) await limits().count(attempt);
    const error = await limits()
      .count(attempt)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TooManyAttemptsError);
    expect(error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', action: 'signIn' });
    await limits().succeed({ action: 'signIn', ofAccount: [], ofOthers: [] });
  });

  it('counts nothing where it is switched off', async () => {
    await start(framework, false);
    const email = newEmail();
    for (let time = 0; time < 12; time++) expect(await signIn(email)).toEqual(WRONG);
  });
});
