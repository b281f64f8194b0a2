/* What the options allow and forbid. Compiled by types.spec.ts and by `npm run check:types`, never run. */
import {
  type AuthDatabase,
  AuthModule,
  EmailDelivery,
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  SessionRecipe,
  type AppInfo,
  type AuthModuleAsyncOptions,
  type CoreOptions,
} from 'latchkey';
import { RecordedEmailDelivery } from 'latchkey/testing';

const appInfo: AppInfo = {
  appName: 'A',
  apiDomain: 'https://a.example',
  websiteDomain: () => 'https://b.example',
  allowedOrigins: ['https://b.example'],
};
const recipeList = [SessionRecipe.init(), EmailPasswordRecipe.init()];

AuthModule.forRoot({ appInfo, recipeList });
AuthModule.forRoot({ appInfo, recipeList, emailDelivery: RecordedEmailDelivery, imports: [] });
AuthModule.forRoot({ appInfo, recipeList, emailDelivery: { useFactory: () => new RecordedEmailDelivery() } });
AuthModule.forRoot({ appInfo, recipeList, core: { postgres: process.env.DATABASE_URL } });
AuthModule.forRoot({ appInfo, recipeList, core: { connectionURI: process.env.CORE_URI } });
// @ts-expect-error recipeList is missing
AuthModule.forRoot({ appInfo });
// @ts-expect-error appInfo is missing
AuthModule.forRoot({ recipeList });
// @ts-expect-error no such option
AuthModule.forRoot({ appInfo, recipeList, recipes: [] });
// @ts-expect-error the recipe itself, not what init returns
AuthModule.forRoot({ appInfo, recipeList: [SessionRecipe] });
// @ts-expect-error an abstract class cannot be made
AuthModule.forRoot({ appInfo, recipeList, emailDelivery: { useClass: EmailDelivery } });
// @ts-expect-error no such member
export const unknownInfo: AppInfo = { ...appInfo, apiPath: '/x' };
// @ts-expect-error websiteDomain is missing
export const incompleteInfo: AppInfo = { appName: 'A', apiDomain: 'https://a.example' };

export const cores: CoreOptions[] = [
  { sqlite: ':memory:' },
  {
    sqlite: 'auth.sqlite',
    accessTokenLifetimeSeconds: 60,
    refreshTokenLifetimeSeconds: 600,
    refreshGraceSeconds: 0,
    signingKeyLifetimeHours: 1,
    passwordHashing: { memoryCostKiB: 19_456, timeCost: 2, parallelism: 1 },
  },
];
// @ts-expect-error a path is needed
export const noFile: CoreOptions = {};
// @ts-expect-error not text
export const lifetimeAsText: CoreOptions = { sqlite: 'a', accessTokenLifetimeSeconds: '60' };
// @ts-expect-error units are in the names
export const noUnit: CoreOptions = { sqlite: 'a', accessTokenLifetime: 60 };
// @ts-expect-error no such cost
export const unknownCost: CoreOptions = { sqlite: 'a', passwordHashing: { rounds: 10 } };

SessionRecipe.init({
  getTokenTransferMethod: ({ req, forCreateNewSession, userContext }) =>
    forCreateNewSession && req.getHeaderValue('x') === userContext.x ? 'cookie' : 'any',
  antiCsrf: 'VIA_TOKEN',
  cookieSameSite: 'strict',
  errorHandlers: { onUnauthorised: (message, _request, response) => response.sendJSONResponse({ message }) },
});
// @ts-expect-error no such mode
SessionRecipe.init({ antiCsrf: 'VIA_HEADER' });
// @ts-expect-error lower case
SessionRecipe.init({ cookieSameSite: 'None' });
// @ts-expect-error no such option
SessionRecipe.init({ cookieDomian: '.example.com' });
// @ts-expect-error no such handler
SessionRecipe.init({ errorHandlers: { onUnauthorized() {} } });
// @ts-expect-error not a way tokens travel
SessionRecipe.init({ getTokenTransferMethod: () => 'body' });
// @ts-expect-error a number
SessionRecipe.init({ sessionExpiredStatusCode: '401' });

EmailPasswordRecipe.init({
  signUpFeature: {
    formFields: [
      { id: 'name', optional: true },
      { id: 'age', validate: async (value, tenantId) => (Number(value) > 17 ? undefined : `Not in ${tenantId}`) },
    ],
  },
});
// @ts-expect-error an id is needed
EmailPasswordRecipe.init({ signUpFeature: { formFields: [{ optional: true }] } });
// @ts-expect-error a validator says what is wrong, it does not answer yes or no
EmailPasswordRecipe.init({ signUpFeature: { formFields: [{ id: 'age', validate: (value) => value !== '' }] } });

EmailVerificationRecipe.init({
  mode: 'REQUIRED',
  getEmailForRecipeUserId: (recipeUserId) =>
    recipeUserId === 'u' ? { status: 'OK', email: 'a@example.com' } : { status: 'UNKNOWN_USER_ID_ERROR' },
  createAndSendCustomEmail: async ({ email }, link, { locale }) => void [email.length, link.length, locale],
});
EmailVerificationRecipe.initAsync({ useFactory: () => ({ mode: 'OPTIONAL' }) });
// @ts-expect-error the mode is needed
EmailVerificationRecipe.init();
// @ts-expect-error no such mode
EmailVerificationRecipe.init({ mode: 'SOMETIMES' });
// @ts-expect-error an email is needed with status OK
EmailVerificationRecipe.init({ mode: 'OPTIONAL', getEmailForRecipeUserId: () => ({ status: 'OK' }) });

class Settings {
  readonly statusCode = 440;
}
SessionRecipe.initAsync({
  inject: [Settings],
  useFactory: async ({ statusCode }: Settings) => ({ sessionExpiredStatusCode: statusCode }),
});
// @ts-expect-error the factory gives an unknown status code
SessionRecipe.initAsync({ useFactory: () => ({ sessionExpiredStatusCode: 'often' }) });
// @ts-expect-error a factory is needed
SessionRecipe.initAsync({ inject: [Settings] });

class OptionsService {
  createAuthOptions() {
    return { appInfo };
  }
}
AuthModule.forRootAsync({ inject: [Settings], useFactory: (_settings: Settings) => ({ appInfo }), recipeList });
AuthModule.forRootAsync({ useClass: OptionsService, recipeList, apiBasePath: '/login' });
AuthModule.forRootAsync({ useExisting: OptionsService, recipeList });
// @ts-expect-error nothing gives the options
export const noSource: AuthModuleAsyncOptions = { recipeList };
// @ts-expect-error no method createAuthOptions
AuthModule.forRootAsync({ useClass: Settings, recipeList });
// @ts-expect-error the factory gives no appInfo
AuthModule.forRootAsync({ useFactory: () => ({}), recipeList });

// Of the database the application sees what it may use, and nothing of the engine
export async function databaseOf(database: AuthDatabase): Promise<unknown> {
  // @ts-expect-error the engine's own tables
  await database.tables();
  // @ts-expect-error what the database can do is the engine's business
  if (database.hasRowLocks) return undefined;
  // @ts-expect-error the core ends its connections
  await database.close();
  return database.transaction(async () => database.current<{ profiles: { user_id: string } }>());
}
