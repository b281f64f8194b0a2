import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { EmailPasswordFunctions, EmailQueue, EmailVerificationFunctions } from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { clockAhead } from '../../support/clock-ahead.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import {
  ALREADY_VERIFIED,
  askForLink,
  OK,
  signUp,
  startEmailVerificationApp,
  verify,
  type EmailVerificationAppOptions,
} from '../../support/email-verification-app.js';
import { askForReset, resetPassword, tokenOf } from '../../support/password-resets.js';
import { lentSchema } from '../../support/kept-schemas.js';
import { stableHeaders } from '../../support/stable-headers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

@Injectable()
class FailingOnce extends EmailPasswordFunctions {
  private hasFailed = false;

  override async createResetPasswordToken(input: never) {
    const result = await super.createResetPasswordToken(input);
    if (this.hasFailed) return result;
    this.hasFailed = true;
    throw new Error('for the test');
  }
}

describe.each(['SQLite', 'PostgreSQL'])('Asking for a link again, on %s', (name) => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const close of closing.splice(0).toReversed()) await close();
  });

  /** @returns so many applications over one database, with the interval that is there by default */
  async function start(options: EmailVerificationAppOptions = {}, replicas = 1): Promise<EmailPasswordApp[]> {
    const core = name === 'SQLite' ? await sqlite() : postgres();
    const apps: EmailPasswordApp[] = [];
    for (let number = 0; number < replicas; number++) {
      const auth = { resendIntervalSeconds: undefined, ...options.auth };
      const app = await startEmailVerificationApp('Fastify', { ...options, core, auth });
      closing.push(() => app.close());
      apps.push(app);
    }
    return apps;
  }

  async function sqlite() {
    const folder = await temporaryFolder();
    closing.push(() => folder.remove());
    return { sqlite: folder.path('auth.sqlite') };
  }

  function postgres() {
    const { schema, pools, giveBack } = lentSchema();
    closing.push(giveBack);
    return { postgres: pools[0], schema };
  }

  const sentBy = async (apps: EmailPasswordApp[]) => {
    for (const { app } of apps) await app.get(EmailQueue).idle();
    return apps.flatMap(({ emails }) => emails.sent);
  };
  const answers = (asking: Promise<Response>[]) =>
    Promise.all(asking.map(async (response) => JSON.stringify(await (await response).json())));

  it('sends one link of each kind, however many ask for it at once at several replicas', async () => {
    const apps = await start({ auth: { attemptLimits: false } }, 2);
    const user = await signUp(apps[0]!);
    const urls = apps.map(({ url }) => url);
    const resets = Array.from({ length: 10 }, (_, at) => askForReset(apps[at % 2]!.client(), user.email));
    expect(new Set(await answers(resets))).toEqual(new Set(['{"status":"OK"}']));
    const links = Array.from({ length: 10 }, (_, at) =>
      fetch(`${urls[at % 2]}/auth/user/email/verify/token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${user.client.tokens.accessToken}`, 'content-type': 'application/json' },
        body: '{}',
      }),
    );
    expect(new Set(await answers(links))).toEqual(new Set(['{"status":"OK"}']));
    expect((await sentBy(apps)).map(({ kind }) => kind).toSorted()).toEqual(['emailVerification', 'passwordReset']);
  });

  it('is answered alike whether or not there is an account, and whether or not a link was sent', async () => {
    const [app] = (await start()) as [EmailPasswordApp];
    const { email } = await signUp(app);
    const seen: unknown[] = [];
    for (const address of [email, email, 'nobody@example.com', 'nobody@example.com']) {
      const response = await askForReset(app.client(), address);
      seen.push([response.status, stableHeaders(response), await response.text()]);
    }
    expect(seen).toEqual(Array.from({ length: 4 }, () => seen[0]));
    expect(await sentBy([app])).toHaveLength(1);
  });

  it('sends another after a minute, or once the link was used', async () => {
    const setClockForward = clockAhead();
    const [app] = (await start()) as [EmailPasswordApp];
    const user = await signUp(app);
    const ask = async () => {
      expect(await (await askForReset(app.client(), user.email)).json()).toEqual(OK);
      expect(await (await askForLink(user.client)).json()).toEqual(OK);
      return (await sentBy([app])).length;
    };
    expect([await ask(), await ask()]).toEqual([2, 2]);
    setClockForward(60_000);
    expect([await ask(), await ask()]).toEqual([4, 4]);

    const { passwordResetLink } = app.emails.passwordResets.at(-1)!;
    expect(await (await resetPassword(app.client(), tokenOf(passwordResetLink), `${PASSWORD}2`)).json()).toEqual(OK);
    await user.client.signIn(user.email, `${PASSWORD}2`);
    // The reset has proved the address.
    expect(await (await askForLink(user.client)).json()).toEqual(ALREADY_VERIFIED);
    await app.app.get(EmailVerificationFunctions).unverifyEmail({ recipeUserId: user.userId });
    expect(await (await askForReset(app.client(), user.email)).json()).toEqual(OK);
    expect(await sentBy([app])).toHaveLength(5);
  });

  it('verifies by the only link, and sends one to another address at once', async () => {
    const [app] = (await start()) as [EmailPasswordApp];
    const user = await signUp(app);
    await askForLink(user.client);
    await askForLink(user.client);
    const functions = app.app.get(EmailPasswordFunctions);
    const email = newEmail();
    await functions.updateEmailOrPassword({ recipeUserId: user.userId, email });
    expect(await (await askForLink(user.client)).json()).toEqual(OK);
    expect((await sentBy([app])).map((each) => each.user.email)).toEqual([user.email, email]);

    const { emailVerifyLink } = app.emails.emailVerifications[1]!;
    expect(await (await verify(app.client(), tokenOf(emailVerifyLink))).json()).toEqual(OK);
    await app.app.get(EmailVerificationFunctions).unverifyEmail({ recipeUserId: user.userId });
    await askForLink(user.client);
    expect(await sentBy([app])).toHaveLength(3);
  });

  it('sends a link where the first request has failed', async () => {
    const [app] = (await start({ emailPassword: { override: { functions: FailingOnce } } })) as [EmailPasswordApp];
    const { email } = await signUp(app);
    expect((await askForReset(app.client(), email)).status).toBe(500);
    expect(await (await askForReset(app.client(), email)).json()).toEqual(OK);
    expect(await sentBy([app])).toHaveLength(1);
  });
});
