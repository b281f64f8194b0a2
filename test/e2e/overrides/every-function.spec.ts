import { Controller, Get, Inject, Injectable, Post, type Type } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  EmailPasswordFunctions,
  PrimitiveClaim,
  Session,
  SessionContainer,
  SessionFunctions,
  type Recipe,
} from 'latchkey';
import { formFields, RecordedEmailDelivery, type AuthTestClient } from 'latchkey/testing';
import { Core, type Port } from '../../../lib/core/core.js';
import { methodsOf } from '../../../lib/override/override-check.js';
import { appInfo, around, newEmail, PASSWORD, rootModule, type AuthApp } from '../../support/auth-app.js';
import { testCore } from '../../support/test-core.js';
import {
  CallRecorder,
  definitionOf,
  overrideEveryMethod,
  recipeLists,
  separateRecipes,
} from '../../support/every-recipe.js';
import { onExpress, startApp } from '../../support/frameworks.js';

const claim = new PrimitiveClaim<string>({ key: 'role', fetchValue: () => 'reader' });

@Controller('session')
class SessionController {
  @Get()
  @Session({ overrideGlobalClaimValidators: (global) => [...global, claim.validators.hasValue('reader')] })
  async everything(@Session() session: SessionContainer) {
    await session.getSessionDataFromDatabase();
    await session.updateSessionDataInDatabase({ a: 1 });
    await session.mergeIntoAccessTokenPayload({ b: 2 });
    return session.getClaimValue(claim);
  }

  @Post('revoke')
  @Session()
  async revoke(@Session() session: SessionContainer) {
    await session.revokeSession();
  }
}

describe.each(onExpress)('Every function on %s', (framework) => {
  const recorder = new CallRecorder();
  /** Calls to a port of the core that no overriding function made. */
  const bypasses: string[] = [];
  let auth: AuthApp;
  let recipes: Recipe[];

  beforeAll(async () => {
    recipes = separateRecipes.map((recipe) =>
      recipe.init({ override: { functions: recorder.recorded(definitionOf(recipe).functions) } }),
    );
    const module = AuthModule.forRoot({
      appInfo,
      core: testCore,
      recipeList: recipes,
      emailDelivery: { useClass: RecordedEmailDelivery },
    });
    let builder = Test.createTestingModule({
      imports: [rootModule({ imports: [module], controllers: [SessionController] })],
    });
    for (const port of new Set(recipes.flatMap(({ definition }) => definition.ports ?? []))) {
      const owners = recipes.filter(({ definition }) => definition.ports?.includes(port));
      const allowed = owners.map(({ definition }) => definition.functions.name);
      builder = builder.overrideProvider(port).useFactory({
        inject: [Core],
        factory: (core: Core) => watched(port as Port<object>, core.port(port as Port<object>), allowed),
      });
    }
    const app = (await builder.compile()).createNestApplication(
      (framework === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter()) as never,
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
    auth = around({ app, url: await app.getUrl() });
  });
  beforeEach(() => {
    recorder.take();
    bypasses.length = 0;
  });
  afterAll(() => auth.app.close());

  /** A port that knows whether one of its own recipe's functions is calling. */
  function watched(port: Port<object>, implementation: object, allowed: string[]): object {
    return new Proxy(implementation, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...input: unknown[]) => {
          const caller = recorder.innermost;
          if (caller === undefined || !allowed.includes(caller)) {
            bypasses.push(`${port.name}.${String(name)} called by ${caller ?? 'nobody'}`);
          }
          return Reflect.apply(member, target, input) as unknown;
        };
      },
    });
  }

  const seen = () => [...recorder.take()];
  async function signedUp(email = newEmail()): Promise<AuthTestClient> {
    const client = auth.client();
    expect(await (await client.signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    return client;
  }

  it('is reached from the API of its own recipe', async () => {
    const email = newEmail();
    const client = await signedUp(email);
    await client.get(`/auth/emailpassword/email/exists?email=${email}`);
    await client.signIn(email, PASSWORD);
    await client.auth('user/password/reset/token', formFields({ email }));
    const { passwordResetLink } = await auth.emails().nextPasswordReset(email);
    const token = new URL(passwordResetLink).searchParams.get('token');
    await client.auth('user/password/reset', {
      method: 'token',
      token,
      ...formFields({ password: 'another-1-horse' }),
    });

    const methods = ['signUp', 'getUserByEmail', 'signIn', 'createResetPasswordToken', 'resetPasswordUsingToken'];
    expect(seen()).toEqual(
      expect.arrayContaining([...methods, 'getUserById'].map((name) => `EmailPasswordFunctions.${name}`)),
    );
    expect(bypasses).toEqual([]);
  });

  it('of the EmailVerification recipe is reached from its API, from new sessions and from a change of the email', async () => {
    const email = newEmail();
    const client = await signedUp(email);
    const reached = (...methods: string[]) =>
      expect(seen()).toEqual(expect.arrayContaining(methods.map((method) => `EmailVerificationFunctions.${method}`)));
    reached('getEmailForRecipeUserId', 'isEmailVerified');

    await client.auth('user/email/verify/token', {});
    reached('getEmailForRecipeUserId', 'createEmailVerificationToken');
    const { emailVerifyLink, user } = await auth.emails().nextEmailVerification(email);
    await client.auth('user/email/verify', { token: new URL(emailVerifyLink).searchParams.get('token') });
    reached('verifyEmailUsingToken', 'isEmailVerified');
    await client.get('/auth/user/email/verify');
    reached('getEmailForRecipeUserId', 'isEmailVerified');

    const { recipeUserId } = user;
    await auth.app.get(EmailPasswordFunctions).updateEmailOrPassword({ recipeUserId, email: newEmail() });
    reached('getEmailForRecipeUserId', 'isEmailVerified');
    expect(bypasses).toEqual([]);
  });

  it.each<[string, (client: AuthTestClient, email: string) => Promise<unknown>, string]>([
    ['sign-up', async (client) => client.signUp(newEmail(), PASSWORD), 'createNewSession'],
    ['sign-in', async (client, email) => client.signIn(email, PASSWORD), 'createNewSession'],
    ['a password reset', resetPassword, 'revokeAllSessionsForUser'],
  ])('of the Session recipe is reached from %s', async (_from, act, method) => {
    const email = newEmail();
    await signedUp(email);
    recorder.take();

    await act(auth.client(), email);

    expect(seen()).toContain(`SessionFunctions.${method}`);
    expect(bypasses).toEqual([]);
  });

  async function resetPassword(client: AuthTestClient, email: string): Promise<void> {
    await client.auth('user/password/reset/token', formFields({ email }));
    const { passwordResetLink } = await auth.emails().nextPasswordReset(email);
    const token = new URL(passwordResetLink).searchParams.get('token');
    await client.auth('user/password/reset', {
      method: 'token',
      token,
      ...formFields({ password: 'another-1-horse' }),
    });
  }

  it.each<[string, (client: AuthTestClient) => Promise<Response>, string[]]>([
    ['refresh', (client) => client.refresh(), ['refreshSession']],
    ['sign-out', (client) => client.signOut(), ['getSession', 'revokeSession']],
    ['the key set', (client) => client.get('/auth/jwt/jwks.json'), ['getJWKS']],
    [
      'the discovery document',
      (client) => client.get('/auth/.well-known/openid-configuration'),
      ['getOpenIdDiscoveryConfiguration'],
    ],
    [
      'a guarded route and the SessionContainer in it',
      (client) => client.get('/session'),
      [
        'getSession',
        'getGlobalClaimValidators',
        'validateClaims',
        'regenerateAccessToken',
        'getSessionInformation',
      ].concat('updateSessionData'),
    ],
    ['SessionContainer.revokeSession', (client) => client.post('/session/revoke', {}), ['revokeSession']],
  ])('of the Session recipe is reached from %s', async (_from, act, methods) => {
    const client = await signedUp();
    recorder.take();

    const response = await act(client);

    expect(response.status).toBeLessThan(300);
    expect(seen()).toEqual(expect.arrayContaining(methods.map((name) => `SessionFunctions.${name}`)));
    expect(bypasses).toEqual([]);
  });

  const merging = ['mergeIntoAccessTokenPayload', 'getSessionInformation', 'updateAccessTokenPayload'];

  it.each<[string, (functions: SessionFunctions, sessionHandle: string) => Promise<unknown>, string[]]>([
    ['fetchAndSetClaim', (functions, sessionHandle) => functions.fetchAndSetClaim({ sessionHandle, claim }), merging],
    [
      'setClaimValue',
      (functions, sessionHandle) => functions.setClaimValue({ sessionHandle, claim, value: 'writer' }),
      merging,
    ],
    ['getClaimValue', (functions, sessionHandle) => functions.getClaimValue({ sessionHandle, claim }), [merging[1]!]],
    ['removeClaim', (functions, sessionHandle) => functions.removeClaim({ sessionHandle, claim }), merging],
  ])('%s reaches the others through this', async (_name, act, methods) => {
    const functions = auth.app.get(SessionFunctions, { strict: false });
    const session = await functions.createNewSession({ userId: 'u', allowUnknownUser: true });
    recorder.take();

    expect(await act(functions, session.getHandle())).toBeTruthy();

    expect(seen()).toEqual(expect.arrayContaining(methods.map((name) => `SessionFunctions.${name}`)));
  });

  it('that detects theft revokes through the override', async () => {
    const functions = auth.app.get(SessionFunctions, { strict: false });
    const { refreshToken } = (
      await functions.createNewSession({ userId: 'u', allowUnknownUser: true })
    ).getAllSessionTokensDangerously();
    const next = await functions.refreshSession({ refreshToken: refreshToken! });
    await functions.refreshSession({ refreshToken: next.getAllSessionTokensDangerously().refreshToken! });
    recorder.take();

    await expect(functions.refreshSession({ refreshToken: refreshToken! })).rejects.toMatchObject({
      code: 'TOKEN_THEFT_DETECTED',
    });
    expect(seen()).toContain('SessionFunctions.revokeSession');
  });
});

describe.each(recipeLists)(
  'Every function of $list, injected by its base class into application code,',
  ({ recipes }) => {
    const functionClasses = recipes.map((recipe) => definitionOf(recipe).functions);
    const everyFunction = functionClasses.flatMap((base) => methodsOf(base.prototype).map((name) => ({ base, name })));
    let auth: AuthApp;
    let injected: Map<Type<object>, Record<string, (input: object) => unknown>>;

    beforeAll(async () => {
      injected = new Map();
      const providers = functionClasses.map((base) => {
        @Injectable()
        class ApplicationService {
          constructor(@Inject(base) functions: Record<string, () => unknown>) {
            injected.set(base, functions);
          }
        }
        return ApplicationService;
      });
      const recipeList = recipes.map((recipe) =>
        recipe.init({
          override: {
            functions: overrideEveryMethod(definitionOf(recipe).functions, (name) => async () => `own ${name}`),
          },
        }),
      );
      const module = AuthModule.forRoot({ appInfo, core: testCore, recipeList });
      auth = around(await startApp('Express', rootModule({ imports: [module], providers })));
    });
    afterAll(() => auth.app.close());

    it('is the overriding one', async () => {
      const answers = everyFunction.map(async ({ base, name }) => [name, await injected.get(base)![name]!({})]);
      expect(await Promise.all(answers)).toEqual(everyFunction.map(({ name }) => [name, `own ${name}`]));
    });

    it('and that is also what app.get gives', async () => {
      const signUp = await auth.app.get(EmailPasswordFunctions).signUp({ email: '', password: '' });
      expect(['own signUp', 'own emailPasswordSignUp']).toContain(signUp);
    });
  },
);
