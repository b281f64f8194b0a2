import { describe, expect, it } from '@jest/globals';
import { AuthModule, EmailPasswordRecipe, SessionRecipe, type AuthModuleOptions } from 'latchkey';
import { appInfo, authModule } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';

const ORIGIN = 'Give an origin with scheme and host, such as https://api.example.com.';
const PATH = 'Give a path that starts with a slash, such as /auth.';
const withAppInfo = (info: object) => () => authModule({ auth: { appInfo: { ...appInfo, ...info } } });
const withAuth = (auth: object) => () => authModule({ auth: auth as Partial<AuthModuleOptions> });

describe('A mistake in the options of AuthModule names the option, its value and the fix', () => {
  it.each<[string, () => unknown, string]>([
    // appInfo
    [
      'no options',
      () => AuthModule.forRoot(undefined as never),
      'AuthModule.forRoot: the options are missing. Give an object.',
    ],
    [
      'no appInfo',
      withAuth({ appInfo: undefined }),
      'AuthModule.forRoot: option appInfo is missing. Give appInfo: { appName, apiDomain, websiteDomain }.',
    ],
    [
      'no apiDomain',
      withAppInfo({ apiDomain: undefined }),
      `AuthModule.forRoot: option appInfo.apiDomain is missing. ${ORIGIN}`,
    ],
    [
      'apiDomain with another scheme',
      withAppInfo({ apiDomain: 'ftp://a.example' }),
      `AuthModule.forRoot: option appInfo.apiDomain is "ftp://a.example". ${ORIGIN}`,
    ],
    [
      'apiDomain with a path',
      withAppInfo({ apiDomain: 'https://a.example/api' }),
      `AuthModule.forRoot: option appInfo.apiDomain is "https://a.example/api". ${ORIGIN}`,
    ],
    [
      'websiteDomain of another protocol',
      withAppInfo({ websiteDomain: 'ftp://a.example' }),
      `AuthModule.forRoot: option appInfo.websiteDomain is "ftp://a.example". ${ORIGIN.slice(0, -1)}, or a function that returns one.`,
    ],
    [
      'an empty appName',
      withAppInfo({ appName: '' }),
      'AuthModule.forRoot: option appInfo.appName is "". Give a name that is not empty.',
    ],
    [
      'apiBasePath without a slash',
      withAppInfo({ apiBasePath: 'auth' }),
      `AuthModule.forRoot: option appInfo.apiBasePath is "auth". ${PATH}`,
    ],
    [
      'a parameter in apiBasePath',
      withAppInfo({ apiBasePath: '/:tenant' }),
      `AuthModule.forRoot: option appInfo.apiBasePath is "/:tenant". ${PATH}`,
    ],
    [
      'an unknown option of appInfo',
      withAppInfo({ gatewayPath: '/x' }),
      'AuthModule.forRoot: there is no option appInfo.gatewayPath. Remove it, or correct its name.',
    ],
    [
      'an unknown option',
      withAuth({ recipes: [] }),
      'AuthModule.forRoot: there is no option recipes. Remove it, or correct its name.',
    ],
    [
      'isInServerlessEnv as text',
      withAuth({ isInServerlessEnv: 'yes' }),
      'AuthModule.forRoot: option isInServerlessEnv is "yes". Give true or false.',
    ],
    [
      'resendIntervalSeconds below zero',
      withAuth({ resendIntervalSeconds: -1 }),
      'AuthModule.forRoot: option resendIntervalSeconds is -1. Give whole seconds from 0 to 86400.',
    ],
    // recipeList
    [
      'no recipeList',
      withAuth({ recipeList: undefined }),
      'AuthModule.forRoot: option recipeList is missing. Give a list of recipes, such as [SessionRecipe.init()].',
    ],
    [
      'a recipe class without init',
      withAuth({ recipeList: [SessionRecipe] }),
      'AuthModule: recipeList[0] is not a recipe. Give what init returns, such as SessionRecipe.init().',
    ],
    [
      'nothing in recipeList',
      withAuth({ recipeList: [SessionRecipe.init(), null] }),
      'AuthModule: recipeList[1] is not a recipe. Give what init returns, such as SessionRecipe.init().',
    ],
    [
      'text in recipeList',
      withAuth({ recipeList: ['session'] }),
      'AuthModule: recipeList[0] is not a recipe. Give what init returns, such as SessionRecipe.init().',
    ],
    [
      'an object of another kind in recipeList',
      withAuth({ recipeList: [{ definition: 1 }] }),
      'AuthModule: recipeList[0] is not a recipe. Give what init returns, such as SessionRecipe.init().',
    ],
    [
      'a recipe twice',
      withAuth({ recipeList: [SessionRecipe.init(), SessionRecipe.init()] }),
      'AuthModule: recipeList has SessionRecipe twice. Give it once.',
    ],
    [
      'a recipe without the one it needs',
      withAuth({ recipeList: [EmailPasswordRecipe.init()] }),
      'AuthModule: recipeList has EmailPasswordRecipe, which needs the recipe session. Add SessionRecipe.init() to recipeList.',
    ],
  ])('%s', async (_mistake, module, message) => {
    expect(await bootMessage(module)).toContain(message);
  });

  it('every mistake is told at once, one in a line', async () => {
    const message = await bootMessage(withAppInfo({ appName: 7, apiDomain: 'ftp://x', wrong: 1 }));

    expect(message.split('\n')).toEqual([
      'AuthModule.forRoot: option appInfo.appName is 7. Give the name of the application as text.',
      `AuthModule.forRoot: option appInfo.apiDomain is "ftp://x". ${ORIGIN}`,
      'AuthModule.forRoot: there is no option appInfo.wrong. Remove it, or correct its name.',
    ]);
  });
});
