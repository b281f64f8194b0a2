import { Inject, Injectable, Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  EmailPasswordApi,
  EmailPasswordRecipe,
  SessionRecipe,
  type AuthModuleAsyncOptions,
  type AuthOptionsFactory,
  type AuthRuntimeOptions,
  type EmailExistsGETInput,
} from 'latchkey';
import { RecordedEmailDelivery } from 'latchkey/testing';
import { appInfo, around, bootError, newEmail, PASSWORD, rootModule } from '../../support/auth-app.js';
import { testCore } from '../../support/test-core.js';
import { frameworks, startApp, type Framework } from '../../support/frameworks.js';

/** Stands for a configuration module of the application. */
@Injectable()
class Settings {
  readonly websiteDomain = 'http://127.0.0.1:3001';
  readonly nameField = 'name';
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class OptionsService implements AuthOptionsFactory {
  constructor(private readonly settings: Settings) {}

  async createAuthOptions(): Promise<AuthRuntimeOptions> {
    return { appInfo: { ...appInfo, websiteDomain: this.settings.websiteDomain }, core: testCore };
  }
}

abstract class AbstractOptions implements AuthOptionsFactory {
  abstract createAuthOptions(): AuthRuntimeOptions;
}

@Module({
  imports: [SettingsModule],
  providers: [OptionsService, { provide: 'options', useExisting: OptionsService }],
  exports: [OptionsService, 'options'],
})
class OptionsModule {}

const recipeList = () => [SessionRecipe.init(), EmailPasswordRecipe.init()];
const emailDelivery = { useClass: RecordedEmailDelivery };

async function startAsync(framework: Framework, options: AuthModuleAsyncOptions) {
  return around(await startApp(framework, rootModule({ imports: [AuthModule.forRootAsync(options)] })));
}

const sources: [string, () => AuthModuleAsyncOptions][] = [
  [
    'useFactory with inject',
    () => ({
      imports: [SettingsModule],
      inject: [Settings, { token: 'absent', optional: true }],
      useFactory: async ({ websiteDomain }: Settings, absent: unknown) => {
        if (absent !== undefined) throw new Error('Something was injected for an absent token');
        return { appInfo: { ...appInfo, websiteDomain }, core: testCore };
      },
      recipeList: recipeList(),
      emailDelivery,
    }),
  ],
  [
    'useFactory without dependencies',
    () => ({
      useFactory: () => ({ appInfo: { ...appInfo, websiteDomain: 'http://127.0.0.1:3001' }, core: testCore }),
      recipeList: recipeList(),
      emailDelivery,
    }),
  ],
  [
    'useClass',
    () => ({ imports: [SettingsModule], useClass: OptionsService, recipeList: recipeList(), emailDelivery }),
  ],
  [
    'useExisting of a class',
    () => ({ imports: [OptionsModule], useExisting: OptionsService, recipeList: recipeList(), emailDelivery }),
  ],
  [
    'useExisting of a token',
    () => ({ imports: [OptionsModule], useExisting: 'options', recipeList: recipeList(), emailDelivery }),
  ],
];

describe.each(frameworks)('AuthModule.forRootAsync on %s', (framework) => {
  it.each(sources)('works by %s', async (_name, options) => {
    const auth = await startAsync(framework, options());

    try {
      const [email, client] = [newEmail(), auth.client()];
      expect(await (await client.signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
      await client.auth('user/password/reset/token', { formFields: [{ id: 'email', value: email }] });
      const { passwordResetLink } = await auth.emails().nextPasswordReset(email);
      expect(passwordResetLink).toMatch(/^http:\/\/127\.0\.0\.1:3001\/auth\/reset-password\?/);
    } finally {
      await auth.app.close();
    }
  });

  it('takes apiBasePath beside the factory', async () => {
    const auth = await startAsync(framework, {
      apiBasePath: '/v1/login/',
      useFactory: () => ({ appInfo: { ...appInfo, apiBasePath: '/v1/login' }, core: testCore }),
      recipeList: recipeList(),
      emailDelivery,
    });

    try {
      const client = auth.client({ apiBasePath: '/v1/login', transferMethod: 'cookie' });
      const signUp = await client.signUp(newEmail(), PASSWORD);
      expect(signUp.headers.getSetCookie().join()).toContain('Path=/v1/login/session/refresh');
      expect((await client.post('/v1/login/session/refresh', {})).status).toBe(200);
      expect((await client.post('/auth/signup', {})).status).toBe(404);
    } finally {
      await auth.app.close();
    }
  });

  it('gives recipes made by initAsync what they inject', async () => {
    class Polite extends EmailPasswordApi {
      @Inject(Settings) readonly settings!: Settings;
      override async emailExistsGET(input: EmailExistsGETInput) {
        input.options.res.setHeader('x-field', this.settings.nameField, false);
        return super.emailExistsGET(input);
      }
    }
    const auth = await startAsync(framework, {
      imports: [SettingsModule],
      useFactory: () => ({ appInfo, core: testCore }),
      emailDelivery,
      recipeList: [
        SessionRecipe.initAsync({ useFactory: async () => ({ sessionExpiredStatusCode: 440 }) }),
        EmailPasswordRecipe.initAsync({
          inject: [Settings],
          useFactory: ({ nameField }: Settings) => ({ signUpFeature: { formFields: [{ id: nameField }] } }),
          override: { apis: Polite },
        }),
      ],
    });

    try {
      expect(await (await auth.client().signUp(newEmail(), PASSWORD)).json()).toEqual({
        status: 'FIELD_ERROR',
        formFields: [{ id: 'name', error: 'Field is not optional' }],
      });
      expect((await auth.client().refresh()).status).toBe(440);
      const exists = await auth.client().get('/auth/emailpassword/email/exists?email=a@example.com');
      expect(exists.headers.get('x-field')).toBe('name');
    } finally {
      await auth.app.close();
    }
  });
});

const fail = (options: object) =>
  bootError(() => startAsync('Express', { recipeList: recipeList(), emailDelivery, ...options } as never));

describe('AuthModule.forRootAsync stops the start', () => {
  it.each<[string, object, string]>([
    [
      'without a source',
      {},
      'AuthModule.forRootAsync: nothing gives the options. Give useFactory, useClass or useExisting.',
    ],
    [
      'when the factory gives another apiBasePath than the routes have',
      { useFactory: () => ({ appInfo: { ...appInfo, apiBasePath: '/login' }, core: testCore }) },
      'AuthModule.forRootAsync: appInfo.apiBasePath is /login, but the routes are at /auth already. ' +
        'Give apiBasePath beside useFactory, not in what it returns.',
    ],
    [
      'when the factory gives a wrong option',
      { useFactory: () => ({ appInfo: { ...appInfo, apiDomain: 'ftp://example' }, core: testCore }) },
      'AuthModule.forRootAsync useFactory: option appInfo.apiDomain is "ftp://example". ' +
        'Give an origin with scheme and host, such as https://api.example.com.',
    ],
    [
      'when the factory gives recipes, which it cannot',
      { useFactory: () => ({ appInfo, core: testCore, recipeList: [] }) },
      'AuthModule.forRootAsync useFactory: there is no option recipeList. Give recipeList beside appInfo in forRoot, or beside useFactory in forRootAsync.',
    ],
    [
      'when the factory gives nothing',
      { useFactory: () => undefined },
      'AuthModule.forRootAsync useFactory: the options are missing. Give an object.',
    ],
    [
      'for appInfo beside the factory',
      { appInfo, useFactory: () => ({ appInfo }) },
      'AuthModule.forRootAsync: there is no option appInfo. Remove it, or correct its name.',
    ],
    [
      'for an apiBasePath without a slash',
      { apiBasePath: 'auth', useFactory: () => ({ appInfo }) },
      'AuthModule.forRootAsync: option apiBasePath is "auth". Give a path that starts with a slash, such as /auth.',
    ],
    [
      'for an apiBasePath with a query',
      { apiBasePath: '/auth?x=:y', useFactory: () => ({ appInfo }) },
      'AuthModule.forRootAsync: option apiBasePath is "/auth?x=:y". Give a path that starts with a slash, such as /auth.',
    ],
    [
      'for a factory that is not a function',
      { useFactory: { appInfo } },
      'AuthModule.forRootAsync: option useFactory is { appInfo: {',
    ],
    [
      'for a class that cannot give options',
      { useClass: Settings },
      'AuthModule.forRootAsync: Settings has no method createAuthOptions',
    ],
  ])('%s', async (_what, options, message) => {
    const error = await fail(options);

    expect(error.constructor.name).toBe('ConfigurationError');
    expect(error.message).toContain(message);
  });

  it('with the error that the factory threw', async () => {
    const error = await fail({ useFactory: () => Promise.reject(new Error('the vault is sealed')) });

    expect(error.message).toBe('the vault is sealed');
  });

  it('typing: useExisting takes an abstract class', () => {
    const options: AuthModuleAsyncOptions = { useExisting: AbstractOptions, recipeList: [] };
    expect(options).toHaveProperty('useExisting', AbstractOptions);
  });
});
