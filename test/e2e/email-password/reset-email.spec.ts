import { Inject, Injectable, Module, type LoggerService } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EmailDelivery, EmailPasswordApi, type PasswordResetEmail } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { Journal, JournalModule } from '../../support/journal.js';
import {
  startEmailPasswordApp,
  type EmailPasswordApp,
  type EmailPasswordAppOptions,
} from '../../support/email-password-app.js';
import { onFastify } from '../../support/frameworks.js';
import { askForReset, RESET_OK } from '../../support/password-resets.js';
import { stableHeaders } from '../../support/stable-headers.js';
import { waitUntil } from '../../support/wait-until.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';

/** Writes down each call, then ends as the test says. */
abstract class JournalDelivery extends EmailDelivery {
  @Inject(Journal) readonly journal!: Journal;

  override async sendPasswordReset({ user }: PasswordResetEmail): Promise<void> {
    this.journal.write(`to ${user.email}`);
    await this.finish();
    this.journal.write('sent');
  }

  override sendEmailVerification(): Promise<void> {
    return Promise.reject(new Error('Not asked for'));
  }

  abstract finish(): Promise<void>;
}

@Injectable()
class Prompt extends JournalDelivery {
  async finish() {}
}

@Injectable()
class Failing extends JournalDelivery {
  finish() {
    return Promise.reject(new Error('smtp.internal refused the connection'));
  }
}

@Injectable()
class Hanging extends JournalDelivery {
  finish() {
    return new Promise<void>(() => {});
  }
}

@Injectable()
class Slow extends JournalDelivery {
  /** Without one it takes a moment. */
  until?: Promise<void>;

  finish() {
    return this.until ?? new Promise<void>((resolve) => setTimeout(resolve, 400));
  }
}

class Telling extends EmailDelivery {
  constructor(private readonly journal: Journal) {
    super();
  }

  override async sendPasswordReset({ user }: PasswordResetEmail): Promise<void> {
    this.journal.write(`to ${user.email}`);
    this.journal.write('sent');
  }

  override sendEmailVerification(): Promise<void> {
    return Promise.reject(new Error('Not asked for'));
  }
}

@Module({ imports: [JournalModule], providers: [Slow], exports: [Slow] })
class MailModule {}

class MemoryLogger implements LoggerService {
  readonly lines: string[] = [];
  readonly log = (...parts: unknown[]) => void this.lines.push(`log ${parts.join(' ')}`);
  readonly warn = (...parts: unknown[]) => void this.lines.push(`warn ${parts.join(' ')}`);
  readonly error = (...parts: unknown[]) => void this.lines.push(`error ${parts.join(' ')}`);
}

const eventually = (condition: () => boolean) => waitUntil(async () => condition());

function withDelivery(emailDelivery: unknown): EmailPasswordAppOptions {
  return { auth: { imports: [JournalModule, MailModule], emailDelivery: emailDelivery as never } };
}

function isLink(line: string): boolean {
  const link = /https:\/\/www\.example\.com\/auth\/reset-password\?token=[\w-]+&tenantId=public( |$)/;
  return line.startsWith('log ') && line.includes(EMAIL) && link.test(line);
}

describe.each(onFastify)('The password reset email on %s', (framework) => {
  let app: EmailPasswordApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  /** With one account. */
  async function start(options: EmailPasswordAppOptions): Promise<EmailPasswordApp> {
    app = await startEmailPasswordApp(framework, options);
    await app.client().signUp(EMAIL, PASSWORD);
    return app;
  }

  const journal = () => app!.app.get(Journal, { strict: false }).entries;

  it('is not sent to unknown accounts, whose answer is the same in every byte and header', async () => {
    const { client } = await start(withDelivery(Prompt));
    const unknown = await askForReset(client(), 'nobody@example.com');
    const known = await askForReset(client(), EMAIL);
    await eventually(() => journal().includes('sent'));

    expect([unknown.status, known.status]).toEqual([200, 200]);
    expect(await unknown.text()).toBe(await known.text());
    expect(stableHeaders(known)).toEqual(stableHeaders(unknown));
    expect(journal()).toEqual([`to ${EMAIL}`, 'sent']);
  });

  it('does not hold up the answer when sending hangs, and the application still closes', async () => {
    const { client } = await start(withDelivery(Hanging));
    expect(await (await askForReset(client(), EMAIL)).json()).toEqual(RESET_OK);
    await eventually(() => journal().length === 1);
  });

  it('may fail: the answer is the same, the reason goes to the log and not to the client', async () => {
    const logger = new MemoryLogger();
    const { client } = await start({ ...withDelivery(Failing), logger });
    const response = await askForReset(client(), EMAIL);
    expect([response.status, await response.text()]).toEqual([200, '{"status":"OK"}']);
    await eventually(() => logger.lines.some((line) => line.includes('smtp.internal refused the connection')));
    expect(logger.lines.filter((line) => line.startsWith('error')).join()).not.toContain('token=');
    expect(await (await client().signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('is waited for in a serverless environment, and only there', async () => {
    const options = withDelivery({ useExisting: Slow });
    const { client } = await start({ ...options, auth: { ...options.auth, isInServerlessEnv: true } });
    expect(await (await askForReset(client(), EMAIL)).json()).toEqual(RESET_OK);
    expect(journal()).toEqual([`to ${EMAIL}`, 'sent']);
    await app!.close();

    await start(options);
    let release!: () => void;
    app!.app.get(Slow, { strict: false }).until = new Promise((resolve) => (release = resolve));
    expect(await (await askForReset(app!.client(), EMAIL)).json()).toEqual(RESET_OK);
    expect(journal()).not.toContain('sent');
    release();
    await eventually(() => journal().includes('sent'));
  });

  it('that fails in a serverless environment does not change the answer', async () => {
    const options = withDelivery(Failing);
    const { client } = await start({ ...options, auth: { ...options.auth, isInServerlessEnv: true } });
    const response = await askForReset(client(), EMAIL);
    expect([response.status, await response.json()]).toEqual([200, RESET_OK]);
    expect(journal()).toEqual([`to ${EMAIL}`]);
  });

  // How a delivery is given and what is in the link is the same, whatever the core.
  if (globalThis.LATCHKEY_TEST_DATABASE !== undefined) return;

  it.each([
    ['a class', Prompt],
    ['{ useClass }', { useClass: Prompt }],
    ['{ useExisting }', { useExisting: Slow }],
    ['{ useFactory }', { useFactory: (journal: Journal) => new Telling(journal), inject: [Journal] }],
  ])('goes through a delivery given as %s, with its dependencies', async (_form, delivery) => {
    const { client } = await start(withDelivery(delivery));
    await askForReset(client(), EMAIL);
    await eventually(() => journal().includes('sent'));
    expect(journal()).toEqual([`to ${EMAIL}`, 'sent']);
  });

  it("is written to Nest's log where no delivery is given on this machine, after a warning at boot", async () => {
    const logger = new MemoryLogger();
    const appInfo = { apiDomain: 'http://localhost:3000' };
    const { client } = await start({ appInfo, auth: { emailDelivery: undefined }, logger });
    expect(logger.lines.filter((line) => line.startsWith('warn')).join()).toContain('emailDelivery');
    await askForReset(client(), EMAIL);
    await eventually(() => logger.lines.some(isLink));
    expect(logger.lines.filter(isLink)).toHaveLength(1);
  });

  it('links to the website that the request came from, at the configured path', async () => {
    const { client, emails } = await start({
      appInfo: {
        websiteDomain: (request) =>
          request?.getHeaderValue('origin') === 'https://shop.example.com'
            ? 'https://shop.example.com'
            : 'https://www.example.com',
        allowedOrigins: ['https://shop.example.com', 'https://www.example.com'],
        websiteBasePath: '/account/',
      },
    });
    await client().post('/auth/user/password/reset/token', formFields({ email: EMAIL }), {
      headers: { origin: 'https://shop.example.com' },
    });
    const { passwordResetLink } = await emails.nextPasswordReset(EMAIL);
    expect(passwordResetLink).toMatch(
      /^https:\/\/shop\.example\.com\/account\/reset-password\?token=[\w-]+&tenantId=public$/,
    );
  });

  it('takes nothing of its link from the request by itself', async () => {
    const { client, emails } = await start({});
    await client().post('/auth/user/password/reset/token', formFields({ email: EMAIL }), {
      headers: { referer: 'https://evil.example/', 'x-forwarded-host': 'evil.example' },
    });
    const { passwordResetLink } = await emails.nextPasswordReset(EMAIL);
    expect(new URL(passwordResetLink).origin).toBe('https://www.example.com');
  });

  it('needs no delivery where its route is disabled', async () => {
    class NoResets extends EmailPasswordApi {
      override generatePasswordResetTokenPOST = undefined as never;
    }
    const { client } = await start({
      auth: { emailDelivery: undefined },
      emailPassword: { override: { apis: NoResets } },
    });
    expect((await askForReset(client(), EMAIL)).status).toBe(404);
  });
});
