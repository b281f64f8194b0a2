import { Controller, Get, Injectable } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  EmailDelivery,
  EmailQueue,
  type EmailMessage,
  LatchkeyHealthIndicator,
  UndeliverableEmailError,
  type AuthModuleOptions,
} from 'latchkey';
import { formFields, TestClock } from 'latchkey/testing';
import { type AuthApp, newEmail, PASSWORD, startAuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly latchkey: LatchkeyHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.latchkey.check('auth', { maxOutboxAgeSeconds: 600 })]);
  }
}

/** Fails for good for addresses that begin with `bad`, and for now for the others. */
@Injectable()
class FailingDelivery extends EmailDelivery {
  override async send(message: EmailMessage): Promise<void> {
    if (message.user.email.startsWith('bad')) throw new UndeliverableEmailError('no such mailbox');
    throw new Error('the mail server is away');
  }
}

describe.each(onFastify)('The health indicator, in Terminus on %s', (framework) => {
  let auth: AuthApp;
  let clock: TestClock | undefined;

  async function start(options: Partial<AuthModuleOptions>): Promise<void> {
    const application = { imports: [TerminusModule.forRoot({ logger: false })], controllers: [HealthController] };
    auth = await startAuthApp(framework, { auth: options, application });
  }
  const health = async () => {
    const response = await fetch(`${auth.url}/health`);
    const { details } = (await response.json()) as { details: { auth: object } };
    return { status: response.status, auth: details.auth };
  };
  const askForReset = async (email: string) => {
    await auth.client().signUp(email, PASSWORD);
    await auth.client().auth('user/password/reset/token', formFields({ email }));
    await auth.app.get(EmailQueue, { strict: false }).idle();
  };

  afterEach(async () => {
    clock?.restore();
    await auth.app.close();
  });

  it('tells of messages that wait or were given up, and of the signing key', async () => {
    clock = new TestClock();
    await start({ emailDelivery: { useClass: FailingDelivery } });
    const key = { signingKey: { ageSeconds: expect.any(Number), isDue: false }, revocations: 'CURRENT' };
    expect(await health()).toEqual({
      status: 200,
      auth: { status: 'up', outbox: { waiting: 0 }, messagesGivenUp: 0, ...key },
    });

    await askForReset(`bad-${newEmail()}`);
    await askForReset(newEmail());
    expect(await health()).toMatchObject({ status: 200, auth: { outbox: { waiting: 1 }, messagesGivenUp: 1 } });

    clock.moveSeconds(601);
    const down = {
      status: 'down',
      message: expect.stringMatching(/^A message has waited for 60\d seconds: see the log/),
    };
    expect(await health()).toMatchObject({ status: 503, auth: { ...down, outbox: { waiting: 1 } } });
    clock.moveSeconds(8 * 86_400);
    expect(await health()).toMatchObject({ auth: { signingKey: { isDue: true } } });
  });

  it('is down where the core does not answer, and says so without an address', async () => {
    await start({ core: { connectionURI: 'http://127.0.0.1:1', apiKey: 'a-secret-key' } });

    expect(await health()).toMatchObject({
      status: 503,
      auth: { status: 'down', message: 'The core does not answer: see the log of other requests for why' },
    });
  });
});
