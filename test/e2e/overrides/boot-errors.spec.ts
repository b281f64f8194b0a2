import { Inject, Injectable, Module, Optional, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  DISABLED,
  EmailPasswordApi,
  EmailPasswordFunctions,
  SessionApi,
  SessionFunctions,
  type Override,
  type SignUpPOSTInput,
} from 'latchkey';
import { onFastify } from '../../support/frameworks.js';
import { bootError, startAuthApp } from '../../support/auth-app.js';
import { Journal } from '../../support/journal.js';
import { RecordedLog } from '../../support/recorded-log.js';

/** What somebody may write who does not use TypeScript, or casts. */
type Anything = { functions?: unknown; apis?: unknown; [name: string]: unknown };

const failEmailPassword = (override: Anything, imports: never[] | unknown[] = []) =>
  bootError(() =>
    startAuthApp('Express', { emailPassword: { override: override as never }, auth: { imports: imports as never } }),
  );
const failSession = (override: Anything) =>
  bootError(() => startAuthApp('Express', { session: { override: override as never } }));

class SpellsSignUp extends EmailPasswordApi {
  async signUpPost(input: SignUpPOSTInput) {
    return super.signUpPOST(input);
  }
}
class OneLetterAway extends EmailPasswordFunctions {
  async signUpp() {}
}
class OfAnOlderVersion extends EmailPasswordApi {
  async signInUpPOST() {}
}
class DisabledByAnotherName extends EmailPasswordApi {
  signupPOST = DISABLED;
}
class NotTheBase {
  async signUpPOST() {}
}
class DisabledVerification extends SessionApi {
  override verifySession = DISABLED;
}
class DisabledFunction extends SessionFunctions {
  override revokeSession = DISABLED;
}
class NotAMethod extends EmailPasswordFunctions {
  override signUp = 'later' as never;
}

@Injectable({ scope: Scope.REQUEST })
class RequestScoped extends EmailPasswordApi {}

@Injectable()
class InjectsRequest extends EmailPasswordFunctions {
  constructor(@Inject(REQUEST) readonly request: unknown) {
    super();
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {}
@Module({ providers: [PerRequest], exports: [PerRequest] })
class PerRequestModule {}
@Injectable()
class InjectsPerRequest extends EmailPasswordApi {
  @Inject(PerRequest) readonly perRequest!: PerRequest;
}

@Injectable()
class NeedsJournal extends EmailPasswordApi {
  constructor(readonly journal: Journal) {
    super();
  }
}

@Module({ providers: [Journal] })
class HidesJournal {}
@Module({ providers: [Journal], exports: [Journal] })
class SharesJournal {}

@Injectable()
class MayHaveJournal extends EmailPasswordApi {
  constructor(@Optional() readonly journal?: Journal) {
    super();
  }
}

class Undecorated extends EmailPasswordApi {
  constructor(readonly journal: Journal) {
    super();
  }
}
class UndecoratedChild extends Undecorated {
  @Inject(Journal) readonly other!: Journal;
}
class BelowDecorated extends NeedsJournal {
  constructor(
    journal: Journal,
    readonly second: Journal,
  ) {
    super(journal);
  }
}
/** As esbuild and tsx compile it. */
class WithoutTypes extends EmailPasswordApi {
  constructor(readonly journal: unknown) {
    super();
  }
}
Reflect.decorate([Injectable()], WithoutTypes);

describe('An override that cannot work stops the start', () => {
  describe.each(onFastify)('on %s', (framework) => {
    it('with an error that Nest hands on', async () => {
      const error = await bootError(() =>
        startAuthApp(framework, { emailPassword: { override: { apis: SpellsSignUp } } }),
      );

      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toBe(
        'EmailPasswordRecipe override.apis: SpellsSignUp.signUpPost overrides nothing: EmailPasswordApi has no such ' +
          'method. Did you mean signUpPOST?',
      );
    });
  });

  it.each<[string, Anything, string[]]>([
    ['a misspelt function', { functions: OneLetterAway }, ['OneLetterAway.signUpp', 'Did you mean signUp?']],
    [
      'an API name that this recipe does not have',
      { apis: OfAnOlderVersion },
      ['OfAnOlderVersion.signInUpPOST overrides nothing', 'It has emailExistsGET, signUpPOST, signInPOST'],
    ],
    ['a misspelt DISABLED', { apis: DisabledByAnotherName }, ['signupPOST', 'Did you mean signUpPOST?']],
    [
      'a class that does not extend the base',
      { apis: NotTheBase },
      ['NotTheBase, which does not extend EmailPasswordApi', 'class Mine extends EmailPasswordApi'],
    ],
    [
      'a class of the other layer',
      { functions: EmailPasswordApi },
      ['override.functions is EmailPasswordApi, which does not extend EmailPasswordFunctions'],
    ],
    [
      'something that is not a method in its place',
      { functions: NotAMethod },
      ['NotAMethod.signUp is string, not a method', 'override async signUp(input) { … }'],
    ],
    [
      'a request-scoped class',
      { apis: RequestScoped },
      ['override.apis', 'request-scoped', 'getRequestFromUserContext(input.userContext)'],
    ],
    [
      'a constructor with parameters in a class without @Injectable()',
      { apis: Undecorated },
      [
        'EmailPasswordRecipe override.apis: the constructor of Undecorated takes the parameter journal, but Undecorated ' +
          'is not decorated with @Injectable(), so Nest would inject nothing. Write @Injectable() above class Undecorated.',
      ],
    ],
    ['… in useClass', { apis: { useClass: Undecorated } }, ['Write @Injectable() above class Undecorated.']],
    ['… in a class above', { apis: UndecoratedChild }, ['Write @Injectable() above class Undecorated.']],
    ['… below a decorated one', { apis: BelowDecorated }, ['Write @Injectable() above class BelowDecorated.']],
    [
      '… in a mixin',
      { apis: [() => Undecorated] },
      ['the parameter journal', 'Write @Injectable() above class Undecorated.'],
    ],
    [
      'a constructor whose types the compiler left out',
      { apis: WithoutTypes },
      [
        'Nest does not know what to inject for the parameter journal of the constructor of WithoutTypes, since the compiler ' +
          'left the types out. Set "emitDecoratorMetadata": true in tsconfig.json (esbuild and tsx ignore it), or write ' +
          '@Inject(TheClass) before the parameter.',
      ],
    ],
    ['an injected request', { functions: InjectsRequest }, ['override.functions', 'request-scoped']],
  ])('%s', async (_what, override, texts) => {
    const error = await failEmailPassword(override);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('EmailPasswordRecipe');
    for (const text of texts) expect(error.message).toContain(text);
  });

  it('a dependency that is request-scoped itself', async () => {
    const error = await failEmailPassword({ apis: InjectsPerRequest }, [PerRequestModule]);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('EmailPasswordRecipe override.apis: the override is request-scoped or transient');
  });

  it('a dependency that nobody provides is named by Nest, with the override that needs it', async () => {
    const error = await failEmailPassword({ apis: NeedsJournal });

    expect(error.message).toMatch(/resolve dependencies of the NeedsJournal.*Journal.*AuthModule/s);
  });

  it.each([
    [
      'which its module does not export',
      HidesJournal,
      [HidesJournal],
      'which HidesJournal provides and does not export. Add exports: [Journal] to @Module({ … }) of HidesJournal.',
    ],
    [
      'whose module AuthModule does not import',
      SharesJournal,
      [],
      'which SharesJournal provides, and AuthModule does not import that module. Add imports: [SharesJournal] to the options of AuthModule.',
    ],
    [
      'that is neither exported nor imported',
      HidesJournal,
      [],
      'which HidesJournal provides, and AuthModule does not import that module, which does not export it either. Add imports: [HidesJournal] to the options of AuthModule, and exports: [Journal] to @Module({ … }) of HidesJournal.',
    ],
  ])('a dependency %s: the log says what to add', async (_what, ofApplication, imports, text) => {
    const logged = async (override: Anything) => {
      const log = new RecordedLog();
      await bootError(() =>
        startAuthApp('Express', {
          logger: log,
          application: { imports: [ofApplication] },
          emailPassword: { override: override as never },
          auth: { imports },
        }),
      );
      return log.errors()[0];
    };

    expect(await logged({ apis: NeedsJournal })).toContain(
      `EmailPasswordRecipe override.apis: NeedsJournal needs Journal, ${text} `,
    );
    expect(await logged({ functions: { useExisting: Journal } })).toContain(
      `EmailPasswordRecipe override.functions needs Journal, ${text} `,
    );
  });

  it('… and nothing of one that may be missing', async () => {
    const log = new RecordedLog();
    const { app } = await startAuthApp('Express', {
      logger: log,
      application: { imports: [HidesJournal] },
      emailPassword: { override: { apis: MayHaveJournal } },
    });
    await app.close();

    expect(log.errors()).toEqual([]);
  });

  it('useExisting of something that nobody provides', async () => {
    const error = await failEmailPassword({ apis: { useExisting: NeedsJournal } });

    expect(error.message).toMatch(/NeedsJournal/);
  });

  it.each<[string, Anything, string]>([
    [
      'verifySession DISABLED, which would open or close every guarded route',
      { apis: DisabledVerification },
      'SessionRecipe override.apis: DisabledVerification.verifySession is DISABLED, but everything else relies on it. ' +
        'Override it with a method instead.',
    ],
    [
      'a DISABLED function',
      { functions: DisabledFunction },
      'SessionRecipe override.functions: DisabledFunction.revokeSession is DISABLED, but everything else relies on it. ' +
        'Override it with a method instead.',
    ],
  ])('%s', async (_what, override, message) => {
    const error = await failSession(override);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toBe(message);
  });

  it('also where the misspelt method is inherited, or added by a mixin', async () => {
    class Further extends SpellsSignUp {}
    const misspelt: Override<EmailPasswordApi> = [
      (Base) => {
        class Mixed extends Base {
          async SignInPOST() {}
        }
        return Mixed;
      },
    ];

    expect((await failEmailPassword({ apis: Further })).message).toContain('Did you mean signUpPOST?');
    expect((await failEmailPassword({ apis: misspelt })).message).toContain('Did you mean signInPOST?');
  });

  it('but not helpers of the application, whatever their names', async () => {
    class WithHelpers extends EmailPasswordApi {
      readonly attempts = new Map<string, number>();
      private counter: number | undefined;
      get limit() {
        return this.counter ?? 5;
      }
      countAttempts() {
        return this.attempts.size;
      }
      sign() {}
      onModuleInit() {
        this.counter = 3;
      }
    }
    const { app } = await startAuthApp('Express', { emailPassword: { override: { apis: WithHelpers } } });

    try {
      expect((app.get(EmailPasswordApi, { strict: false }) as WithHelpers).limit).toBe(3);
    } finally {
      await app.close();
    }
  });
});
