import { Inject, Injectable, Module, Optional } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordApi,
  EmailPasswordFunctions,
  SessionApi,
  SessionFunctions,
  type CreateNewSessionInput,
  type EmailExistsGETInput,
  type SignOutPOSTInput,
  type SignUpInput,
} from 'latchkey';
import { onExpress } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { Journal, JournalModule } from '../../support/journal.js';

const GREETING = Symbol('greeting');

@Injectable()
class ExistingFunctions extends EmailPasswordFunctions {
  @Inject(Journal) private readonly journal!: Journal;

  override async signUp(input: SignUpInput) {
    this.journal.write('existing signUp');
    return super.signUp(input);
  }
}

/** A module of the application that has the override among its own providers. */
@Module({ imports: [JournalModule], providers: [ExistingFunctions], exports: [ExistingFunctions] })
class AccountsModule {}

/** Not made by Nest, so that its own dependencies come by the factory. */
class FactoryApi extends EmailPasswordApi {
  constructor(
    private readonly journal: Journal,
    readonly greeting: string,
  ) {
    super();
  }

  override async emailExistsGET(input: EmailExistsGETInput) {
    const result = await super.emailExistsGET(input);
    this.journal.write(`${this.greeting} ${result.status}`);
    return result;
  }
}

class FactorySessions extends SessionFunctions {
  constructor(private readonly journal: Journal | undefined) {
    super();
  }

  override async createNewSession(input: CreateNewSessionInput) {
    this.journal?.write('factory createNewSession');
    return super.createNewSession(input);
  }
}

@Injectable()
class ClassSessionApi extends SessionApi {
  constructor(
    private readonly journal: Journal,
    @Optional() @Inject('absent') readonly absent?: unknown,
  ) {
    super();
  }

  override async signOutPOST(input: SignOutPOSTInput) {
    this.journal.write('class signOutPOST');
    return super.signOutPOST(input);
  }
}

describe.each(onExpress)('Overrides by provider on %s', (framework) => {
  let auth: AuthApp;
  let journal: Journal;

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      session: {
        override: {
          apis: { useClass: ClassSessionApi },
          functions: {
            inject: [{ token: Journal, optional: true }],
            useFactory: async (journal: Journal | undefined) => new FactorySessions(journal),
          },
        },
      },
      emailPassword: {
        override: {
          apis: {
            inject: [Journal, GREETING],
            useFactory: (journal: Journal, greeting: string) => new FactoryApi(journal, greeting),
          },
          functions: { useExisting: ExistingFunctions },
        },
      },
      auth: { imports: [JournalModule, AccountsModule, greetingModule()] },
    });
    journal = auth.app.get(Journal, { strict: false });
  });
  afterAll(() => auth.app.close());

  it('takes an existing provider of an imported module, the same instance', async () => {
    await auth.client().signUp(newEmail(), PASSWORD);

    expect(journal.entries).toContain('existing signUp');
    expect(auth.app.get(EmailPasswordFunctions, { strict: false })).toBe(
      auth.app.get(ExistingFunctions, { strict: false }),
    );
  });

  it('takes what a factory makes, and gives it the dependencies of its base class', async () => {
    const response = await auth.client().get('/auth/emailpassword/email/exists?email=nobody@example.com');

    expect(await response.json()).toEqual({ status: 'OK', exists: false });
    expect(journal.entries).toContain('hello OK');
  });

  it('waits for an asynchronous factory, with optional dependencies', async () => {
    const client = auth.client();

    const response = await client.signUp(newEmail(), PASSWORD);

    expect(await response.json()).toMatchObject({ status: 'OK' });
    expect(client.tokens.accessToken).toBeDefined();
    expect(journal.entries).toContain('factory createNewSession');
  });

  it('takes a class as useClass', async () => {
    expect(await (await auth.client().signOut()).json()).toEqual({ status: 'OK' });
    expect(journal.entries).toContain('class signOutPOST');
  });
});

function greetingModule() {
  class GreetingModule {}
  return { module: GreetingModule, providers: [{ provide: GREETING, useValue: 'hello' }], exports: [GREETING] };
}
