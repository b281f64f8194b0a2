import { Inject } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordApi,
  EmailPasswordFunctions,
  SessionFunctions,
  type Constructor,
  type SignInInput,
  type SignInPOSTInput,
  type SignUpPOSTInput,
} from 'latchkey';
import { onFastify } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { Journal, JournalModule } from '../../support/journal.js';

function first<B extends Constructor<EmailPasswordApi>>(Base: B): B {
  class First extends Base {
    @Inject(Journal) readonly firstJournal!: Journal;

    override async signUpPOST(input: SignUpPOSTInput) {
      this.firstJournal.write('first in');
      const result = await super.signUpPOST(input);
      this.firstJournal.write('first out');
      return result;
    }
  }
  return First;
}

function second<B extends Constructor<EmailPasswordApi>>(Base: B): B {
  class Second extends Base {
    @Inject(Journal) readonly secondJournal!: Journal;
    @Inject(SessionFunctions) readonly secondSessions!: SessionFunctions;

    override async signUpPOST(input: SignUpPOSTInput) {
      this.secondJournal.write(`second in, tokens live ${await this.secondSessions.getAccessTokenLifeTimeMS()} ms`);
      const result = await super.signUpPOST(input);
      this.secondJournal.write('second out');
      return result;
    }

    override async signInPOST(input: SignInPOSTInput) {
      this.secondJournal.write('second signIn');
      return super.signInPOST(input);
    }
  }
  return Second;
}

function third<B extends Constructor<EmailPasswordApi>>(Base: B): B {
  class Third extends Base {
    @Inject(Journal) readonly thirdJournal!: Journal;
    @Inject(EmailPasswordFunctions) readonly thirdFunctions!: EmailPasswordFunctions;

    override async signUpPOST(input: SignUpPOSTInput) {
      this.thirdJournal.write(`third in, ${this.thirdFunctions.constructor.name}`);
      const result = await super.signUpPOST(input);
      this.thirdJournal.write('third out');
      return result;
    }
  }
  return Third;
}

function signInIsRecorded<B extends Constructor<EmailPasswordFunctions>>(Base: B): B {
  class RecordedSignIn extends Base {
    @Inject(Journal) readonly recordedSignInJournal!: Journal;

    override async signIn(input: SignInInput) {
      this.recordedSignInJournal.write('functions signIn');
      return super.signIn(input);
    }
  }
  return RecordedSignIn;
}

describe.each(onFastify)('Overrides by stacked mixins on %s', (framework) => {
  let auth: AuthApp;
  let journal: Journal;

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      emailPassword: { override: { apis: [first, second, third], functions: [signInIsRecorded] } },
      auth: { imports: [JournalModule] },
      application: { imports: [JournalModule] },
    });
    journal = auth.app.get(Journal, { strict: false });
  });
  beforeEach(() => void journal.entries.splice(0));
  afterAll(() => auth.app.close());

  it('applies them first to last, the last outermost, each with its own injected properties', async () => {
    const response = await auth.client().signUp(newEmail(), PASSWORD);

    expect(await response.json()).toMatchObject({ status: 'OK' });
    expect(journal.entries).toEqual([
      'third in, RecordedSignIn',
      'second in, tokens live 3600000 ms',
      'first in',
      'first out',
      'second out',
      'third out',
    ]);
  });

  it('passes through the mixins that do not touch a method', async () => {
    const response = await auth.client().signIn('nobody@example.com', PASSWORD);

    expect(await response.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(journal.entries).toEqual(['second signIn', 'functions signIn']);
  });

  it('accepts an empty list as no override', async () => {
    const plain = await startAuthApp(framework, { emailPassword: { override: { apis: [], functions: [] } } });

    try {
      expect(plain.app.get(EmailPasswordApi, { strict: false }).constructor).toBe(EmailPasswordApi);
      expect(await (await plain.client().signUp(newEmail(), PASSWORD)).json()).toMatchObject({ status: 'OK' });
    } finally {
      await plain.app.close();
    }
  });

  it('leaves the classes of another application alone', async () => {
    const plain = await startAuthApp(framework);

    try {
      await plain.client().signUp(newEmail(), PASSWORD);
      expect(journal.entries).toEqual([]);
    } finally {
      await plain.app.close();
    }
  });
});
