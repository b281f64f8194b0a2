import 'reflect-metadata';
import { ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthModule, Session, SessionApi, type APIOptions } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { Controller, Get } from '@nestjs/common';
import { PATH_METADATA } from '../../../lib/http/nest-metadata.js';
import { methodsOf } from '../../../lib/override/override-check.js';
import { appInfo, around, rootModule, type AuthApp } from '../../support/auth-app.js';
import { testCore } from '../../support/test-core.js';
import {
  DASHBOARD_KEY,
  definitionOf,
  everyRecipe,
  overrideEveryMethod,
  recipeLists,
} from '../../support/every-recipe.js';
import { frameworks, startApp } from '../../support/frameworks.js';

/** What a route needs to get as far as its API method. A new route with a body needs a line here. */
const bodies: Record<string, object> = {
  signUpPOST: formFields({ email: 'a@example.com', password: 'correct-horse-1' }),
  // The dashboard has a sign-in of that name, too.
  signInPOST: {
    ...formFields({ email: 'a@example.com', password: 'correct-horse-1' }),
    email: 'a@example.com',
    password: 'correct-horse-1',
  },
  generatePasswordResetTokenPOST: formFields({ email: 'a@example.com' }),
  passwordResetPOST: { method: 'token', token: 'abc', ...formFields({ password: 'correct-horse-2' }) },
  signInUpPOST: {
    thirdPartyId: 'google',
    redirectURIInfo: { redirectURIOnProviderDashboard: '', redirectURIQueryParams: {} },
  },
  verifyEmailPOST: { method: 'token', token: 'abc' },
  userEmailVerifyPUT: { recipeUserId: '1', verified: true },
  userEmailVerifyTokenPOST: { recipeUserId: '1' },
  userMetadataPUT: { userId: '1', data: '{}' },
  userSessionsPOST: { sessionHandles: [] },
  userPasswordPUT: { recipeUserId: '1', newPassword: 'correct-horse-1' },
  userPUT: { recipeUserId: '1', recipeId: 'emailpassword', firstName: '', lastName: '', email: '', phone: '' },
  emailPasswordUserPOST: { email: 'a@example.com', password: 'correct-horse-1' },
  rolePUT: { role: 'a', permissions: [] },
  rolePermissionsRemovePUT: { role: 'a', permissions: [] },
  tenantPOST: { tenantId: 'acme' },
  tenantFirstFactorPUT: { factorId: 'emailpassword', enable: true },
  tenantSecondaryFactorPUT: { factorId: 'totp', enable: true },
  tenantCoreConfigPUT: { name: 'a', value: 1 },
  thirdPartyConfigPUT: { providerConfig: { thirdPartyId: 'google' } },
  userRolesPUT: { userId: '1', role: 'a' },
};
const queries: Record<string, string> = {
  usersGET: '?limit=1',
  userGET: '?userId=1',
  userDELETE: '?userId=1',
  userEmailVerifyGET: '?recipeUserId=1',
  userUnlinkGET: '?recipeUserId=1',
  userMetadataGET: '?userId=1',
  userSessionsGET: '?userId=1',
  roleDELETE: '?role=a',
  rolePermissionsGET: '?role=a',
  thirdPartyConfigGET: '?thirdPartyId=google',
  thirdPartyConfigDELETE: '?thirdPartyId=google',
  userRolesGET: '?userId=1',
  userRolesDELETE: '?userId=1&role=a',
  emailExistsGET: '?email=a@example.com',
  authorisationUrlGET: '?thirdPartyId=google&redirectURIOnProviderDashboard=http://127.0.0.1:3000/',
};

const words = (text: string) => text.trim().split(/\s+/);

const promisedMethods: Record<string, string[]> = {
  SessionApi: words('refreshPOST signOutPOST verifySession'),
  SessionFunctions: words(`
    createNewSession getSession refreshSession getSessionInformation getAllSessionHandlesForUser revokeSession
    revokeMultipleSessions revokeAllSessionsForUser updateSessionData updateAccessTokenPayload
    mergeIntoAccessTokenPayload getAccessTokenLifeTimeMS getRefreshTokenLifeTimeMS regenerateAccessToken
    getGlobalClaimValidators validateClaims fetchAndSetClaim setClaimValue getClaimValue removeClaim getJWKS
    createJWT getOpenIdDiscoveryConfiguration`),
  EmailPasswordApi: words('emailExistsGET generatePasswordResetTokenPOST passwordResetPOST signInPOST signUpPOST'),
  EmailPasswordFunctions: words(`
    signUp signIn getUserById getUserByEmail createResetPasswordToken resetPasswordUsingToken updateEmailOrPassword
    createNewRecipeUser verifyCredentials consumePasswordResetToken createResetPasswordLink sendResetPasswordEmail`),
  ThirdPartyApi: words('authorisationUrlGET signInUpPOST appleRedirectHandlerPOST'),
  ThirdPartyFunctions: words(`
    signInUp manuallyCreateOrUpdateUser getUserById getUsersByEmail getUserByThirdPartyInfo getProvider`),
  ThirdPartyEmailPasswordApi: words(`
    authorisationUrlGET emailExistsGET generatePasswordResetTokenPOST passwordResetPOST signInUpPOST`),
  ThirdPartyEmailPasswordFunctions: words(`
    emailPasswordSignUp emailPasswordSignIn thirdPartySignInUp thirdPartyManuallyCreateOrUpdateUser
    thirdPartyGetProvider getUserById getUsersByEmail getUserByThirdPartyInfo createResetPasswordToken
    resetPasswordUsingToken updateEmailOrPassword createNewEmailPasswordRecipeUser emailPasswordVerifyCredentials
    consumePasswordResetToken createResetPasswordLink sendResetPasswordEmail`),
  MultitenancyApi: words('loginMethodsGET'),
  MultitenancyFunctions: words(`
    getTenantId createOrUpdateTenant deleteTenant getTenant listAllTenants createOrUpdateThirdPartyConfig
    deleteThirdPartyConfig associateUserToTenant disassociateUserFromTenant`),
  EmailVerificationApi: words('generateEmailVerifyTokenPOST verifyEmailPOST isEmailVerifiedGET'),
  EmailVerificationFunctions: words(`
    createEmailVerificationToken verifyEmailUsingToken isEmailVerified revokeEmailVerificationTokens unverifyEmail
    createEmailVerificationLink sendEmailVerificationEmail`),
};

const isApiName = (name: string) => /(GET|POST|PUT|PATCH|DELETE)$/.test(name);

interface KnownRoute {
  recipe: string;
  /** Of the handler, and of the API method that it reaches. */
  handler: string;
  name: string;
  method: string;
  path: string;
}

type Definition = ReturnType<typeof definitionOf>;

/** The routes of a recipe, and those that its parts bring. */
function routesOf({ name: recipe, routes, parts = [] }: Definition): KnownRoute[] {
  const ofRecipe = Object.entries(
    routes as Record<string, { method: string; paths: string[]; perTenant?: boolean }>,
  ).flatMap(([name, { method, paths, perTenant }]) =>
    paths
      .flatMap((path) => (perTenant ? [path, `public/${path}`] : [path]))
      .map((path) => ({ recipe, handler: name, name, method, path: `/auth/${path}${queries[name] ?? ''}` })),
  );
  const ofParts = parts.flatMap((part) =>
    routesOf(part.recipe.definition).map((route) => ({
      ...route,
      recipe,
      name: (part.routes as Record<string, string>)[route.name]!,
    })),
  );
  return [...ofRecipe, ...ofParts];
}

describe('The names that overrides rely on', () => {
  const classes = everyRecipe.map(definitionOf).flatMap(({ api, functions }) => [api, functions]);

  it.each(Object.entries(promisedMethods))('%s has all its methods', (className, methods) => {
    const found = classes.find(({ name }) => name === className);

    expect(found).toBeDefined();
    expect(methodsOf(found!.prototype)).toEqual(expect.arrayContaining(methods));
  });

  it.each(everyRecipe.map((recipe) => [recipe.init().definition.name, definitionOf(recipe)] as const))(
    'every API method of %s has a route, and every route a method',
    (_name, definition) => {
      const reached = new Set(routesOf(definition).map(({ name }) => name));

      expect([...reached].sort()).toEqual(methodsOf(definition.api.prototype).filter(isApiName).sort());
    },
  );
});

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  read() {
    return 'not reached';
  }
}

/** Both frameworks register the routes of both kinds of lists in the same way: each list on one of them. */
const cases = recipeLists.map((list, at) => ({ framework: frameworks[at % frameworks.length]!, ...list }));

describe.each(cases)('Every route on $framework of $list', ({ framework, recipes }) => {
  const everyRoute = recipes.map(definitionOf).flatMap(routesOf);
  let auth: AuthApp;

  beforeAll(async () => {
    const recipeList = recipes.map((recipe) => {
      const apis = overrideEveryMethod(definitionOf(recipe).api, (name) => async (input) => {
        const { options } = input as { options: APIOptions };
        options.res.sendJSONResponse({ reached: name, recipeId: options.recipeId });
      });
      return recipe.init({ override: { apis } });
    });
    const module = AuthModule.forRoot({ appInfo, core: testCore, recipeList });
    auth = around(await startApp(framework, rootModule({ imports: [module], controllers: [GuardedController] })));
  });
  afterAll(() => auth.app.close());

  it.each(everyRoute)(
    '$method $path of $recipe reaches the overriding $name',
    async ({ method, path, handler, name }) => {
      const body = method === 'GET' ? undefined : JSON.stringify(bodies[handler] ?? {});

      const response = await auth.client().fetch(path, {
        method,
        body,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${DASHBOARD_KEY}` },
      });

      expect(await response.json()).toMatchObject({ reached: name });
    },
  );

  it('every guarded route reaches the overriding verifySession', async () => {
    const response = await auth.client().get('/guarded');

    expect(await response.json()).toEqual({ reached: 'verifySession', recipeId: 'session' });
    expect(SessionApi.prototype.verifySession).toBeDefined();
  });

  it('Latchkey has no other route', () => {
    const modules = [...auth.app.get(ModulesContainer).values()].filter(({ metatype }) => metatype === AuthModule);
    const handlers = modules
      .flatMap(({ controllers }) => [...controllers.values()])
      .flatMap(({ metatype }) =>
        methodsOf((metatype as { prototype: object }).prototype).map((name) => ({ name, metatype })),
      )
      .filter(({ name, metatype }) =>
        Reflect.hasMetadata(PATH_METADATA, (metatype as { prototype: Record<string, object> }).prototype[name]!),
      )
      // A route has a handler for each place where it answers.
      .map(({ name }) => name.replace(/ \((tenant|older)\)$/, ''));

    expect([...new Set(handlers)].sort()).toEqual([...new Set(everyRoute.map(({ handler }) => handler))].sort());
  });
});
