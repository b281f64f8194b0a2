import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { RequestHandler } from 'express';
import { EmailDelivery } from 'latchkey';
import { AuthTestClient, RecordedEmailDelivery, withInMemoryCore } from 'latchkey/testing';
import { AppModule } from '../app.module.js';
import { prepareApplication } from '../prepare-application.js';
import { Settings } from '../settings/settings.js';

export const PASSWORD = 'correct horse 1';

const SETTINGS: Settings = {
  port: 0,
  localURL: 'http://localhost:3000',
  url: 'http://localhost:3000',
  pageOrigins: [],
  trustedProxies: undefined,
  core: { sqlite: ':memory:' },
  smtp: undefined,
  inboxURL: undefined,
  identityProvider: 'local',
  identityProviderPort: 0,
  administratorEmail: 'administrator@example.com',
  requestsPerMinute: 10_000,
};

/** The whole sample on a free port, with a core in memory and a mailbox. */
export class TestApplication {
  private constructor(
    readonly app: NestExpressApplication,
    readonly mailbox: RecordedEmailDelivery,
    private readonly url: string,
  ) {}

  /** @param options.middleware for every request, before all routes */
  static async start(options: { pageOrigins?: string[]; middleware?: RequestHandler } = {}): Promise<TestApplication> {
    const { pageOrigins = [], middleware } = options;
    const mailbox = new RecordedEmailDelivery();
    const builder = Test.createTestingModule({ imports: [AppModule] });
    builder
      .overrideProvider(Settings)
      .useValue({ ...SETTINGS, pageOrigins })
      .overrideProvider(EmailDelivery)
      .useValue(mailbox);
    const module = await withInMemoryCore(builder).compile();
    const app = prepareApplication(module.createNestApplication<NestExpressApplication>());
    if (middleware) app.use(middleware);
    await app.listen(0, '127.0.0.1');
    return new TestApplication(app, mailbox, await app.getUrl());
  }

  /** Somebody who has not signed in. */
  client(): AuthTestClient {
    return new AuthTestClient({ url: this.url });
  }

  async signUp(email: string): Promise<AuthTestClient> {
    const client = this.client();
    await client.signUp(email, PASSWORD);
    return client;
  }

  /** Signs up with the address that ADMIN_EMAIL names, and follows the link of the email. */
  async signUpAdministrator(): Promise<AuthTestClient> {
    const email = SETTINGS.administratorEmail;
    const client = await this.signUp(email);
    await client.auth('user/email/verify/token', {});
    const { emailVerifyLink } = await this.mailbox.receive({ to: email, kind: 'emailVerification' });
    const token = new URL(emailVerifyLink).searchParams.get('token');
    await client.auth('user/email/verify', { method: 'token', token });
    // The role is in the next token.
    await client.refresh();
    return client;
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}
