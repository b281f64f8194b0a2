import { describe, expect, test } from '@jest/globals';
import {
  AuthModule,
  defineRecipe,
  DISABLED,
  EmailPasswordApi,
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  SessionApi,
  SessionRecipe,
  ThirdPartyEmailPasswordRecipe,
  type AuthModuleOptions,
  type Recipe,
} from 'latchkey';
import { appInfo, bootError } from '../../support/auth-app.js';
import { startApp } from '../../support/frameworks.js';

const forRoot = (recipeList: Recipe[] = [], others: object = {}) =>
  AuthModule.forRoot({
    appInfo,
    core: { sqlite: ':memory:' },
    recipeList: [SessionRecipe.init(), ...recipeList],
    ...others,
  } as AuthModuleOptions);

class NoVerification extends SessionApi {
  override verifySession = DISABLED;
}
class OneLetterAway extends EmailPasswordFunctions {
  async signUpp() {}
}

const HERE = /boot-error-lines\.spec\.ts/;

/** Each begins with the function of this file that an application would have to correct. */
const MISTAKES: Record<string, () => unknown> = {
  optionOfInit: () => forRoot([EmailPasswordRecipe.init({ nothing: 1 } as object)]),
  noOptionsOfInit: () => forRoot([EmailPasswordRecipe.init('nothing' as never)]),
  optionOfInitAsync: () =>
    forRoot([EmailPasswordRecipe.initAsync({ useFactory: async () => ({ nothing: 1 }) as object })]),
  noOptionsOfInitAsync: () => forRoot([EmailPasswordRecipe.initAsync({} as never)]),
  optionOfAPart: () => forRoot([ThirdPartyEmailPasswordRecipe.init({ providers: [{ thirdPartyId: 7 }] } as never)]),
  override: () => forRoot([EmailPasswordRecipe.init({ override: { apis: 'mine' as never } })]),
  unknownOverride: () => forRoot([EmailPasswordRecipe.init({ override: { routes: EmailPasswordApi } as never })]),
  misspeltMethod: () => forRoot([EmailPasswordRecipe.init({ override: { functions: OneLetterAway } })]),
  disabledMethod: () =>
    AuthModule.forRoot({
      appInfo,
      core: { sqlite: ':memory:' },
      recipeList: [SessionRecipe.init({ override: { apis: NoVerification } })],
    }),
  optionOfForRoot: () => forRoot([], { nothing: 1 }),
  optionOfTheCore: () => forRoot([], { core: { sqlite: ':memory:', accessTokenLifetimeSeconds: 'long' } }),
  optionOfAttemptLimits: () => forRoot([], { attemptLimits: { answer: 500 } }),
  missingRecipe: () => AuthModule.forRoot({ appInfo, recipeList: [EmailPasswordRecipe.init()] }),
  optionsOfAFactory: () =>
    AuthModule.forRootAsync({ recipeList: [SessionRecipe.init()], useFactory: async () => ({ appInfo: 7 }) as never }),
  definition: () => defineRecipe({ id: 'Wrong' } as never),
};

describe('An error of configuration', () => {
  test.each(Object.keys(MISTAKES))("begins with the application's own line: %s", async (name) => {
    const error = await bootError(async () => {
      const module = MISTAKES[name]!();
      return startApp('Express', module);
    });
    expect(error).toMatchObject({ code: 'CONFIGURATION' });
    const [header, frames] = error.stack!.split(/\n {4}at (.*)/s) as [string, string];
    expect(header).toBe(`ConfigurationError: ${error.message}`);
    expect(frames.split('\n')[0]).toMatch(HERE);
  });
});
