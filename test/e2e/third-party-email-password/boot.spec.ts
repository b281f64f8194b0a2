import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  DISABLED,
  EmailPasswordRecipe,
  SessionRecipe,
  ThirdPartyEmailPasswordApi,
  ThirdPartyEmailPasswordRecipe,
  ThirdPartyRecipe,
  type AuthModuleOptions,
  type Recipe,
} from 'latchkey';
import { formFields } from 'latchkey/testing';
import { appInfo, around, bootError, newEmail, PASSWORD, rootModule, type AuthApp } from '../../support/auth-app.js';
import { startCombinedApp } from '../../support/combined-app.js';
import { onExpress, startApp } from '../../support/frameworks.js';
import { testCore } from '../../support/test-core.js';

const google = { thirdPartyId: 'google', clients: [{ clientId: 'id', clientSecret: 'secret' }] };

const start = (recipes: Recipe[], options: Partial<AuthModuleOptions> = {}) =>
  startApp(
    'Express',
    rootModule({
      imports: [
        AuthModule.forRoot({ appInfo, core: testCore, recipeList: [SessionRecipe.init(), ...recipes], ...options }),
      ],
    }),
  );

describe('The combined recipe at boot', () => {
  it.each([
    ['EmailPasswordRecipe', EmailPasswordRecipe.init()],
    ['ThirdPartyRecipe', ThirdPartyRecipe.init({ providers: [google] })],
  ])('is refused beside %s, which it brings along', async (name, part) => {
    for (const recipes of [
      [ThirdPartyEmailPasswordRecipe.init(), part],
      [part, ThirdPartyEmailPasswordRecipe.init()],
    ]) {
      const error = await bootError(async () => start(recipes));

      expect(error).toMatchObject({ code: 'CONFIGURATION' });
      expect(error.message).toBe(
        `AuthModule: recipeList has ThirdPartyEmailPasswordRecipe and ${name}, which is a part of it, so its routes ` +
          `would exist twice. Remove ${name}, and give its options to ThirdPartyEmailPasswordRecipe.`,
      );
    }
  });

  it.each<[object, string]>([
    [
      { signUpFeature: { formFields: [{ id: 'email', optional: true }] } },
      'ThirdPartyEmailPasswordRecipe.init: the field email of signUpFeature.formFields cannot be optional.',
    ],
    [{ providers: [google, google] }, 'ThirdPartyEmailPasswordRecipe.init: the provider google is given twice.'],
    [{ provider: [google] }, 'ThirdPartyEmailPasswordRecipe.init: there is no option provider.'],
    [{ override: { api: {} } }, 'ThirdPartyEmailPasswordRecipe: there is no option override.api.'],
  ])('says what is wrong with its options: %j', async (options, message) => {
    const error = await bootError(async () => start([ThirdPartyEmailPasswordRecipe.init(options)]));

    expect(error).toMatchObject({ code: 'CONFIGURATION', message: expect.stringContaining(message) });
  });

  it('says what is wrong with what a factory gives', async () => {
    const recipe = ThirdPartyEmailPasswordRecipe.initAsync({ useFactory: () => undefined as never });

    expect((await bootError(() => start([recipe]))).message).toBe(
      'ThirdPartyEmailPasswordRecipe.init: the options are missing. Give an object.',
    );
  });

  it('refuses an override that is no class', async () => {
    @Injectable()
    class Misspelt extends ThirdPartyEmailPasswordApi {
      async signinUpPOST() {}
    }
    const recipe = ThirdPartyEmailPasswordRecipe.init({ override: { apis: Misspelt } });

    expect((await bootError(() => start([recipe]))).message).toContain('Did you mean signInUpPOST?');
  });

  it('needs no way to send emails where password resets are disabled', async () => {
    @Injectable()
    class NoResets extends ThirdPartyEmailPasswordApi {
      override generatePasswordResetTokenPOST = DISABLED;
    }
    const appInfo = { appName: 'A', apiDomain: 'https://api.example.com', websiteDomain: 'https://example.com' };
    const without = await start([ThirdPartyEmailPasswordRecipe.init({ override: { apis: NoResets } })], { appInfo });
    await without.app.close();
    const environment = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    const error = await bootError(() => start([ThirdPartyEmailPasswordRecipe.init()], { appInfo })).finally(() => {
      process.env.NODE_ENV = environment;
    });
    expect(error.message).toContain('ThirdPartyEmailPasswordRecipe sends emails. No emailDelivery is given');
    expect(error.message).toContain('disable generatePasswordResetTokenPOST');
  });
});

describe.each(onExpress)('The combined recipe on %s', (framework) => {
  let auth: AuthApp | undefined;
  afterEach(async () => {
    await auth?.app.close();
    auth = undefined;
  });

  it('has no way in where signInUpPOST is disabled, and keeps the rest', async () => {
    @Injectable()
    class NoWayIn extends ThirdPartyEmailPasswordApi {
      override signInUpPOST = DISABLED;
    }
    auth = await startCombinedApp(framework, { combined: { providers: [google], override: { apis: NoWayIn } } });
    const client = auth.client();
    const body = formFields({ email: newEmail(), password: PASSWORD });
    const statuses = [];
    for (const path of ['signup', 'signin', 'signinup', 'public/signup', 'public/signin', 'public/signinup']) {
      statuses.push((await client.auth(path, body)).status);
    }

    expect(statuses).toEqual(Array(6).fill(404));
    expect((await client.get('/auth/loginmethods')).status).toBe(200);
    expect((await client.auth('user/password/reset/token', formFields({ email: newEmail() }))).status).toBe(200);
  });

  it('has only the routes of its other methods where one is disabled', async () => {
    @Injectable()
    class Fewer extends ThirdPartyEmailPasswordApi {
      override emailExistsGET = DISABLED;
      override appleRedirectHandlerPOST = DISABLED;
    }
    auth = await startCombinedApp(framework, { combined: { override: { apis: Fewer } } });
    const client = auth.client();

    expect((await client.get('/auth/emailpassword/email/exists?email=a@example.com')).status).toBe(404);
    expect((await client.auth('callback/apple', {})).status).toBe(404);
    expect(await (await client.signUp(newEmail(), PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('takes its options from a factory, which is called once', async () => {
    let calls = 0;
    const recipe = ThirdPartyEmailPasswordRecipe.initAsync({
      useFactory: async () => {
        calls++;
        return { providers: [google], signUpFeature: { formFields: [{ id: 'name' }] } };
      },
    });
    const options = { appInfo, core: testCore, recipeList: [SessionRecipe.init(), recipe] };
    auth = around(await startApp(framework, rootModule({ imports: [AuthModule.forRoot(options)] })));
    const missing = await auth.client().signUp(newEmail(), PASSWORD);
    const loginMethods = await (await auth.client().get('/auth/loginmethods')).json();

    expect(await missing.json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: [{ id: 'name', error: 'Field is not optional' }],
    });
    expect(loginMethods).toMatchObject({ thirdParty: { providers: [{ id: 'google', name: 'Google' }] } });
    expect(calls).toBe(1);
  });
});
