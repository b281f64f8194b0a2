import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import {
  DISABLED,
  EmailDelivery,
  EmailPasswordApi,
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  UndeliverableMessageError,
  type EmailMessage,
  type SignUpInput,
  type SignUpPOSTInput,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { EmailQueue } from '../../../lib/delivery/email-queue.js';
import { API_KEY, startDashboardApp, type DashboardApp } from '../../support/dashboard-app.js';
import { frameworks } from '../../support/frameworks.js';

@Injectable()
class InviteOnly extends EmailPasswordApi {
  override async signUpPOST(input: SignUpPOSTInput) {
    return super.signUpPOST(input);
  }
  override emailExistsGET = DISABLED;
}

const audited = (Base: new () => EmailPasswordFunctions): new () => EmailPasswordFunctions => {
  class Audited extends Base {
    override async signUp(input: SignUpInput) {
      return super.signUp(input);
    }
  }
  return Audited;
};
const counted = (Base: new () => EmailPasswordFunctions): new () => EmailPasswordFunctions => {
  class Counted extends Base {
    override async signUp(input: SignUpInput) {
      return super.signUp(input);
    }
  }
  return Counted;
};

/** A mail server that refuses for a while. */
@Injectable()
class RefusingDelivery extends EmailDelivery {
  isRefusing = true;
  readonly sent: EmailMessage[] = [];

  override async send(email: EmailMessage): Promise<void> {
    if (this.isRefusing) throw new UndeliverableMessageError('the mailbox is full');
    this.sent.push(email);
  }
}

describe.each(frameworks)('what the dashboard tells of the application on %s', (framework) => {
  let app: DashboardApp;
  beforeAll(async () => {
    app = await startDashboardApp(framework, {
      dashboard: { apiKey: API_KEY },
      others: [EmailPasswordRecipe.init({ override: { apis: InviteOnly, functions: [audited, counted] } })],
      auth: { emailDelivery: { useClass: RefusingDelivery } },
    });
  });
  afterAll(() => app.app.close());

  it('is which class overrides what, the outermost first', async () => {
    const recipe = 'EmailPasswordRecipe';
    expect((await app.ask('GET overrides')).json).toEqual({
      status: 'OK',
      recipes: ['SessionRecipe', 'DashboardRecipe', recipe],
      overrides: [
        {
          recipe,
          layer: 'apis',
          method: 'emailExistsGET',
          classes: ['InviteOnly', 'EmailPasswordApi'],
          isDisabled: true,
        },
        { recipe, layer: 'apis', method: 'signUpPOST', classes: ['InviteOnly', 'EmailPasswordApi'], isDisabled: false },
        {
          recipe,
          layer: 'functions',
          method: 'signUp',
          classes: ['Counted', 'Audited', 'EmailPasswordFunctions'],
          isDisabled: false,
        },
      ],
    });
  });

  it('is how it is, and what was given up is sent again', async () => {
    const delivery = app.app.get(EmailDelivery, { strict: false }) as RefusingDelivery;
    const queue = app.app.get(EmailQueue, { strict: false });
    const { email } = await app.newUser();
    await app.client().auth('user/password/reset/token', formFields({ email }));
    await queue.idle();
    const outbox = async () => (await app.ask('GET health')).json.outbox;
    expect((await app.ask('GET health')).json).toEqual({
      status: 'OK',
      database: { isReachable: true },
      outbox: { waiting: 0, givenUp: 1 },
      signingKey: { ageSeconds: expect.any(Number), isDue: false },
      revocations: expect.any(String),
    });
    expect((await app.ask('POST outbox/retry')).json).toEqual({ status: 'OK', retried: 1 });
    await queue.idle();
    expect([delivery.sent.length, await outbox()]).toEqual([0, { waiting: 0, givenUp: 1 }]);
    delivery.isRefusing = false;
    expect((await app.ask('POST outbox/retry')).json).toEqual({ status: 'OK', retried: 1 });
    await queue.idle();
    expect([delivery.sent.map(({ user }) => user.email), await outbox()]).toEqual([
      [email],
      { waiting: 0, givenUp: 0 },
    ]);
    expect((await app.ask('POST outbox/retry')).json).toEqual({ status: 'OK', retried: 0 });
    expect((await app.ask('GET audit?limit=1')).json.entries).toMatchObject([
      { action: 'outboxRetryPOST', detail: {} },
    ]);
  });
});
