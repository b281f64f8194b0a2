import { Controller, Get, Inject, Injectable, Query } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordApi,
  EmailPasswordFunctions,
  generalError,
  SessionFunctions,
  type CreateNewSessionInput,
  type SignInPOSTInput,
  type SignUpInput,
  type SignUpPOSTInput,
} from 'latchkey';
import { onExpress } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { Journal, JournalModule } from '../../support/journal.js';

const REFUSED = 'refused@example.com';

@Injectable()
class InviteOnly extends EmailPasswordApi {
  /** A field of the subclass, which the base class must not disturb. */
  private readonly refused = new Set([REFUSED]);
  @Inject(SessionFunctions) private readonly ownSessionFunctions!: SessionFunctions;

  constructor(
    private readonly journal: Journal,
    private readonly functions: EmailPasswordFunctions,
  ) {
    super();
  }

  override async signUpPOST(input: SignUpPOSTInput) {
    const email = input.formFields.find(({ id }) => id === 'email')!.value;
    this.journal.write(`api.signUpPOST ${email}`);
    if (this.refused.has(email)) return generalError('Ask an administrator for an invitation.');
    const result = await super.signUpPOST(input);
    this.journal.write(`api.signUpPOST done ${result.status}`);
    return result;
  }

  override async signInPOST(input: SignInPOSTInput) {
    this.journal.write(`api.signInPOST ${await this.reason(input)}`);
    return super.signInPOST(input);
  }

  /** A helper of the application's own beside the overrides. */
  private async reason({ formFields }: SignInPOSTInput): Promise<string> {
    const user = await this.functions.getUserByEmail({ email: formFields[0]!.value });
    const sessions = user && (await this.ownSessionFunctions.getAllSessionHandlesForUser({ userId: user.id }));
    return user === undefined ? 'nobody' : `${sessions!.length} session before`;
  }
}

@Injectable()
class AuditedEmailPassword extends EmailPasswordFunctions {
  constructor(private readonly journal: Journal) {
    super();
  }

  override async signUp(input: SignUpInput) {
    const result = await super.signUp(input);
    this.journal.write(`functions.signUp ${input.email} ${result.status}`);
    return result;
  }
}

@Injectable()
class TaggedSessions extends SessionFunctions {
  constructor(private readonly journal: Journal) {
    super();
  }

  override async createNewSession(input: CreateNewSessionInput) {
    this.journal.write('session.createNewSession');
    return super.createNewSession({ ...input, accessTokenPayload: { ...input.accessTokenPayload, tag: 'mine' } });
  }
}

@Controller('application')
class ApplicationController {
  constructor(
    private readonly emailPassword: EmailPasswordFunctions,
    private readonly api: EmailPasswordApi,
  ) {}

  @Get('sign-up')
  async signUp(@Query('email') email: string) {
    const { status } = await this.emailPassword.signUp({ email, password: PASSWORD });
    return { status, api: this.api.constructor.name, functions: this.emailPassword.constructor.name };
  }
}

describe.each(onExpress)('Overrides by subclass on %s', (framework) => {
  let auth: AuthApp;
  let journal: Journal;

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: { override: { functions: TaggedSessions } },
      emailPassword: { override: { apis: InviteOnly, functions: { useClass: AuditedEmailPassword } } },
      auth: { imports: [JournalModule] },
      application: { imports: [JournalModule], controllers: [ApplicationController] },
    });
    journal = auth.app.get(Journal, { strict: false });
  });
  beforeEach(() => void journal.entries.splice(0));
  afterAll(() => auth.app.close());

  it('runs the override of an API method around the one of the function it calls', async () => {
    const email = newEmail();

    const response = await auth.client().signUp(email, PASSWORD);

    expect(await response.json()).toMatchObject({ status: 'OK', user: { emails: [email] } });
    expect(journal.entries).toEqual([
      `api.signUpPOST ${email}`,
      `functions.signUp ${email} OK`,
      'session.createNewSession',
      'api.signUpPOST done OK',
    ]);
  });

  it('can refuse with a general error, without anything having happened', async () => {
    const response = await auth.client().signUp(REFUSED, PASSWORD);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'GENERAL_ERROR',
      message: 'Ask an administrator for an invitation.',
    });
    expect(response.headers.get('front-token')).toBeNull();
    expect(journal.entries).toEqual([`api.signUpPOST ${REFUSED}`]);
    expect((await auth.client().signIn(REFUSED, PASSWORD)).headers.get('front-token')).toBeNull();
  });

  it('injects into the constructor and the properties of an override, beside those of its base', async () => {
    const email = newEmail();
    await auth.client().signUp(email, PASSWORD);
    journal.entries.splice(0);

    const response = await auth.client().signIn(email, PASSWORD);

    expect(await response.json()).toMatchObject({ status: 'OK' });
    expect(journal.entries[0]).toBe('api.signInPOST 1 session before');
  });

  it('changes what another recipe asks of the overridden one: sign-up gets the tagged session', async () => {
    const client = auth.client();

    await client.signUp(newEmail(), PASSWORD);

    const payload = client.tokens.accessToken!.split('.')[1]!;
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ tag: 'mine' });
  });

  it('gives the override to anyone who injects the base class', async () => {
    const email = newEmail();

    const response = await auth.client().get(`/application/sign-up?email=${email}`);

    expect(await response.json()).toEqual({ status: 'OK', api: 'InviteOnly', functions: 'AuditedEmailPassword' });
    expect(journal.entries).toEqual([`functions.signUp ${email} OK`]);
  });
});
