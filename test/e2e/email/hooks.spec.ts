import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  EmailDelivery,
  EmailPasswordRecipe,
  EmailQueue,
  EmailVerificationRecipe,
  getRequestFromUserContext,
  SessionRecipe,
  UndeliverableEmailError,
  type UserContext,
} from 'latchkey';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startCoreService, type RunningCoreService } from '../../support/core-service.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onFastify } from '../../support/frameworks.js';
import { askForReset, RESET_OK, resetPassword, tokenOf } from '../../support/password-resets.js';
import { RecordedLog } from '../../support/recorded-log.js';

interface Sent {
  kind: 'reset' | 'verify';
  to: string;
  link: string;
  path: string | undefined;
}

const hook =
  (sent: Sent[], kind: Sent['kind']) => (user: { email: string }, link: string, userContext: UserContext) => {
    const path = getRequestFromUserContext(userContext)?.getOriginalURL();
    sent.push({ kind, to: user.email, link, path });
  };

@Injectable()
class Clumsy extends EmailDelivery {
  override async resolveLocale(): Promise<string> {
    throw new Error('no such dictionary');
  }
  override async sendPasswordReset(): Promise<void> {
    throw new UndeliverableEmailError('nobody lives there');
  }
  override async sendEmailVerification(): Promise<void> {}
  override async onGivenUp(): Promise<void> {
    throw new Error('the pager is off');
  }
}

let app: EmailPasswordApp | undefined;
let service: RunningCoreService | undefined;
afterEach(async () => {
  await app?.close();
  await service?.close();
  app = service = undefined;
});

describe.each(onFastify)('createAndSendCustomEmail on %s', (framework) => {
  it('is called with the link and the request, and makes a delivery needless where apiDomain is https', async () => {
    const sent: Sent[] = [];
    app = await startEmailPasswordApp(framework, {
      auth: {
        emailDelivery: undefined,
        recipeList: [
          SessionRecipe.init(),
          EmailPasswordRecipe.init({
            resetPasswordUsingTokenFeature: { createAndSendCustomEmail: hook(sent, 'reset') },
          }),
          EmailVerificationRecipe.init({ mode: 'OPTIONAL', createAndSendCustomEmail: hook(sent, 'verify') }),
        ],
      },
    });
    const email = newEmail();
    const client = app.client();
    await client.signUp(email, PASSWORD);
    await client.auth('user/email/verify/token', {});
    await askForReset(app.client(), email);
    await app.app.get(EmailQueue).idle();

    const website = 'https://www.example.com/auth';
    expect(sent.sort((one, other) => one.kind.localeCompare(other.kind))).toEqual([
      {
        kind: 'reset',
        to: email,
        link: expect.stringContaining(`${website}/reset-password?token=`),
        path: '/auth/user/password/reset/token',
      },
      {
        kind: 'verify',
        to: email,
        link: expect.stringContaining(`${website}/verify-email?token=`),
        path: '/auth/user/email/verify/token',
      },
    ]);
    const reset = await resetPassword(app.client(), tokenOf(sent[0]!.link), 'new battery 2');
    expect(await reset.json()).toEqual(RESET_OK);
  });
});

describe('A delivery whose own hooks fail', () => {
  it('still has its emails sent, and given up, and the log says what failed', async () => {
    const log = new RecordedLog();
    app = await startEmailPasswordApp('Express', { logger: log, auth: { emailDelivery: { useClass: Clumsy } } });
    const email = newEmail();
    await app.client().signUp(email, PASSWORD);
    const answer = await askForReset(app.client(), email);
    await app.app.get(EmailQueue).idle();

    expect(await answer.json()).toEqual(RESET_OK);
    const errors = log.errors().join('\n');
    expect(errors).toContain('Clumsy.resolveLocale failed: no such dictionary');
    expect(errors).toMatch(/\(passwordReset\) is given up after 1 attempts: .*nobody lives there/);
    expect(errors).toContain('Clumsy.onGivenUp failed: the pager is off');
  });
});

describe('A core in another process', () => {
  it('has emails wait in this one, where what fails is tried again', async () => {
    service = await startCoreService();
    const attempts: string[] = [];
    const failOnce = (user: { email: string }) => {
      attempts.push(user.email);
      if (attempts.length === 1) throw new Error('try later');
    };
    app = await startEmailPasswordApp('Express', {
      core: { connectionURI: service.url },
      emailPassword: { resetPasswordUsingTokenFeature: { createAndSendCustomEmail: failOnce } },
    });
    const email = newEmail();
    await app.client().signUp(email, PASSWORD);
    expect(await (await askForReset(app.client(), email)).json()).toEqual(RESET_OK);
    while (attempts.length < 2) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(attempts).toEqual([email, email]);
  });
});
