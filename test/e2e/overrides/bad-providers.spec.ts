import { Inject, Optional } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, EmailPasswordApi, type SignUpPOSTInput } from 'latchkey';
import { bootError, startAuthApp } from '../../support/auth-app.js';
import { Journal } from '../../support/journal.js';

class NotTheBase {
  async signUpPOST() {}
}
class OwnSignUp extends EmailPasswordApi {
  override async signUpPOST(input: SignUpPOSTInput) {
    return super.signUpPOST(input);
  }
}
class HalfMade extends EmailPasswordApi {
  @Inject(Journal) readonly journal!: Journal;
  @Optional() @Inject('nobody') readonly nobody: unknown;
}

/** What somebody may write who does not use TypeScript, or casts. */
type Anything = { functions?: unknown; apis?: unknown; [name: string]: unknown };

describe('Something that does not have the form of an override stops the start', () => {
  it.each<[string, Anything, string[]]>([
    [
      'a class in useClass that does not extend the base',
      { apis: { useClass: NotTheBase } },
      ['NotTheBase, which does not extend EmailPasswordApi'],
    ],
    [
      'useClass without a class',
      { apis: { useClass: undefined } },
      ['override.apis', 'undefined', 'extends EmailPasswordApi'],
    ],
    [
      'a closure over the original implementation',
      { apis: (original: object) => ({ ...original }) },
      ['override.apis is a function that is not a class', 'class Mine extends EmailPasswordApi'],
    ],
    [
      'a plain object of methods',
      { functions: { async signUp() {} } },
      ['override.functions is an object with signUp', 'a provider', 'a list of mixins'],
    ],
    ['an empty provider', { apis: {} }, ['override.apis is an object with no keys', '{ useFactory, inject }']],
    ['useValue', { apis: { useValue: {} } }, ['override.apis is an object with useValue', '{ useExisting }']],
    ['useExisting of nothing', { apis: { useExisting: undefined } }, ['override.apis', '{ useExisting }']],
    ['a number', { apis: 7 }, ['override.apis is 7']],
    ['null', { apis: null }, ['override.apis is null']],
    ['text', { apis: 'OwnSignUp' }, ['override.apis is "OwnSignUp"']],
    [
      'a mixin that returns nothing',
      { apis: [() => undefined] },
      ['override.apis[0]', 'does not return a class that extends its argument', '(Base) => {'],
    ],
    ['a mixin that returns another class', { apis: [() => NotTheBase] }, ['override.apis[0]', 'extends its argument']],
    ['a class in a list of mixins', { apis: [OwnSignUp] }, ['override.apis[0] is OwnSignUp', '(Base) => {']],
    ['another name beside apis and functions', { api: OwnSignUp }, ['no option override.api', 'override.apis']],
    [
      'a factory that makes something else',
      { functions: { useFactory: () => new NotTheBase() } },
      ['override.functions gave an object', 'not an instance of EmailPasswordFunctions'],
    ],
    [
      'a factory that makes nothing',
      { functions: { useFactory: async () => undefined } },
      ['override.functions gave undefined', 'Return an instance of a class that extends EmailPasswordFunctions'],
    ],
    [
      'a factory whose object lacks an injected property',
      { apis: { useFactory: () => new HalfMade() } },
      ['HalfMade.journal has @Inject', 'Give { useClass: HalfMade }'],
    ],
  ])('%s', async (_what, override, texts) => {
    const error = await bootError(() => startAuthApp('Express', { emailPassword: { override: override as never } }));

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('EmailPasswordRecipe');
    for (const text of texts) expect(error.message).toContain(text);
  });
});
