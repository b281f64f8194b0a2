import { describe, expect, it } from '@jest/globals';
import { PasswordRules, ThirdPartyEmailPasswordRecipe, SessionRecipe, type AuthModuleOptions } from 'latchkey';
import { authModule, bootError, startAuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';

const withRules = (passwordRules: unknown) => () =>
  authModule({ auth: { passwordRules } as Partial<AuthModuleOptions> });

describe('A mistake in passwordRules names the option, its value and the fix', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a length that NIST forbids',
      withRules({ minLength: 6 }),
      'AuthModule passwordRules: option minLength is 6. Give a whole number of characters from 8 to 64.',
    ],
    [
      'a most that forbids passphrases',
      withRules({ maxLength: 20 }),
      'AuthModule passwordRules: option maxLength is 20. Give a whole number of characters from 64 to 4096.',
    ],
    [
      'a history that costs too much',
      withRules({ historyLength: 100 }),
      'AuthModule passwordRules: option historyLength is 100. Give a whole number of passwords from 0 to 24.',
    ],
    [
      'a service over http',
      withRules({ breached: { url: 'http://breaches.example.com/range/' } }),
      'AuthModule passwordRules.breached: option url is "http://breaches.example.com/range/". Give an https address that ends ' +
        'with a slash, such as https://breaches.example.com/range/.',
    ],
    [
      'another option of the service',
      withRules({ breached: { timeout: 1 } }),
      'AuthModule passwordRules.breached: there is no option timeout. Remove it, or correct its name.',
    ],
    [
      'a client of something else',
      withRules({ breached: { client: class Other {} } }),
      'AuthModule passwordRules.breached.client is Other, which does not extend BreachedPasswords. Write class Mine extends ' +
        'BreachedPasswords { … } and override its methods.',
    ],
    [
      'another option',
      withRules({ needsDigit: true }),
      'AuthModule passwordRules: there is no option needsDigit. Remove it, or correct its name.',
    ],
    [
      'no rules',
      withRules(false),
      'AuthModule.forRoot: option passwordRules is false. Give rules such as { minLength: 15 }.',
    ],
    [
      'a class of something else',
      withRules({ override: class Other {} }),
      'AuthModule passwordRules.override is Other, which does not extend PasswordRules. Write class Mine extends PasswordRules ' +
        '{ … } and override its methods.',
    ],
  ])('%s', (_what, start, message) => {
    expect(start).toThrow(message);
  });

  const formFields = [{ id: 'password', validate: () => undefined }];
  const signUpFeature = { formFields };
  it.each(onFastify)('a validator beside a length, on %s', async (framework) => {
    const message =
      'AuthModule passwordRules.minLength is 15, but the field password of signUpFeature.formFields has a validate, which ' +
      'decides on the length. Remove one of them.';
    const passwordRules = { minLength: 15 };
    const error = await bootError(() =>
      startAuthApp(framework, { emailPassword: { signUpFeature }, auth: { passwordRules } }),
    );
    expect(error.message).toBe(message);
    const recipeList = [SessionRecipe.init(), ThirdPartyEmailPasswordRecipe.init({ signUpFeature })];
    const ofWhole = await bootError(() => startAuthApp(framework, { auth: { passwordRules, recipeList } }));
    expect(ofWhole.message).toBe(message);
  });

  it.each(onFastify)('former passwords over a core that keeps none, on %s', async (framework) => {
    const core = { connectionURI: 'http://127.0.0.1:3567' };
    const error = await bootError(() =>
      startAuthApp(framework, { auth: { core, passwordRules: { historyLength: 5 } } }),
    );
    expect(error.message).toContain(
      'AuthModule passwordRules.historyLength is 5, but the core is in another process (core.connectionURI), which keeps no ' +
        'former passwords. Remove historyLength, or give core: { postgres } or { sqlite }.',
    );
  });

  it.each(onFastify)('a method that overrides nothing, on %s', async (framework) => {
    class Mistyped extends PasswordRules {
      async checklength() {
        return undefined;
      }
    }
    const error = await bootError(() => startAuthApp(framework, { auth: { passwordRules: { override: Mistyped } } }));
    expect(error.message).toBe(
      'AuthModule passwordRules.override: Mistyped.checklength overrides nothing: PasswordRules has no such method. ' +
        'Did you mean checkLength?',
    );
  });
});
