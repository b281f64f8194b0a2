import { Controller, Get, type Type } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import {
  CurrentUser,
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  Session,
  SessionRecipe,
  UserRolesRecipe,
  type Recipe,
  type SessionDecoratorOptions,
  type User,
} from 'latchkey';
import { authModule, bootError, rootModule, startAuthApp, newEmail, PASSWORD } from '../../support/auth-app.js';
import { onFastify, startApp } from '../../support/frameworks.js';

const lists = { permissions: { 'invoices:read': 'See invoices' }, roles: { accountant: ['invoices:read'] } };

describe.each(onFastify)('what @Session() asks for, at boot on %s', (framework) => {
  const boot = (controller: Type, ...recipes: Recipe[]) =>
    startApp(
      framework,
      rootModule({
        imports: [authModule({ auth: { recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init(), ...recipes] } })],
        controllers: [controller],
      }),
    );

  function onMethod(options: object): Type {
    @Controller('invoices')
    class InvoicesController {
      @Get()
      @Session(options as SessionDecoratorOptions)
      list() {}
    }
    return InvoicesController;
  }

  function onClass(options: object): Type {
    @Controller('invoices')
    @Session(options as SessionDecoratorOptions)
    class InvoicesController {
      @Get()
      list() {}
    }
    return InvoicesController;
  }

  function onParameter(options: object): Type {
    @Controller('invoices')
    class InvoicesController {
      @Get()
      list(@CurrentUser(options as SessionDecoratorOptions) user: User) {
        return user.id;
      }
    }
    return InvoicesController;
  }

  it.each([
    ['a method', onMethod, 'InvoicesController.list'],
    ['a class', onClass, 'InvoicesController'],
    ['a parameter', onParameter, 'InvoicesController.list'],
  ])('needs the recipe: on %s', async (_, place, name) => {
    const error = await bootError(() => boot(place({ roles: ['accountant'] })));
    expect(error.message).toBe(
      `${name}: @Session({ roles }). It needs UserRolesRecipe, without which nobody would be refused. ` +
        'Add UserRolesRecipe.init() to recipeList.',
    );
    // The line of the decorator.
    expect(error.stack!.split('\n')[1]).toMatch(/decorator-boot\.spec\.[jt]s/);
    const verification = await bootError(() => boot(place({ requireEmailVerification: true })));
    expect(verification.message).toContain('Add EmailVerificationRecipe.init() to recipeList.');
  });

  it.each<[object, string]>([
    [{ permissions: ['invoices:raed'] }, 'permissions names "invoices:raed", which is not in permissions of UserRoles'],
    [{ permissions: { anyOf: ['invoices:read', 'x'] } }, 'permissions names "x", which is not in permissions'],
    [{ roles: ['acountant'] }, 'roles names "acountant", which is not in roles of UserRolesRecipe.init'],
    [{ roles: [] }, 'roles names none, so that everybody with a session would be let in'],
    [{ roles: { allOf: [] } }, 'roles names none'],
    [{ roles: ['accountant', 'accountant'] }, 'Write { anyOf: ["accountant","accountant"] } or { allOf:'],
    [{ roles: 'accountant' }, 'roles is "accountant". Give'],
    [{ roles: { someOf: ['accountant'] } }, 'roles is {"someOf":["accountant"]}. Give'],
    [{ roles: { anyOf: ['accountant'], allOf: ['accountant'] } }, 'roles is {'],
    [{ roles: null }, 'roles is null. Give'],
    [{ roles: [5] }, 'roles is [5]. Give'],
    [{ rolls: ['accountant'] }, 'There is no such option'],
    [{ requireEmailVerification: false }, 'can only be true'],
    [{ roles: ['accountant'], sessionRequired: false }, 'lets requests in without a session'],
  ])('is refused: %j', async (options, message) => {
    const recipes = () => [UserRolesRecipe.init(lists), EmailVerificationRecipe.init({ mode: 'OPTIONAL' })];
    const error = await bootError(() => boot(onMethod(options), ...recipes()));
    expect(error.message).toContain('InvoicesController.list: ');
    expect(error.message).toContain(message);
    expect(error.stack!.split('\n')[1]).toMatch(/decorator-boot\.spec\.[jt]s/);
  });

  it('is refused where the method opens what its class asks for', async () => {
    @Controller('invoices')
    @Session({ roles: ['accountant'] })
    class InvoicesController {
      @Get()
      @Session({ sessionRequired: false })
      list() {}
    }
    const error = await bootError(() => boot(InvoicesController, UserRolesRecipe.init()));
    expect(error.message).toContain('InvoicesController.list: @Session() asks for roles, and lets requests in without');
  });

  it('is any permission where the application lists none', async () => {
    const { app } = await boot(onMethod({ permissions: ['whatever'] }), UserRolesRecipe.init());
    await app.close();
  });

  it('is refused where a property has no parameter', () => {
    expect(() => {
      class Misplaced {
        @(Session('userId') as unknown as MethodDecorator)
        list() {}
      }
      return Misplaced;
    }).toThrow("@Session('userId') of Misplaced is not on a parameter");
  });

  it('is a verified email', async () => {
    @Controller('news')
    class NewsController {
      @Get()
      @Session({ requireEmailVerification: true })
      news() {
        return 'news';
      }
    }
    const recipeList = [
      SessionRecipe.init(),
      EmailPasswordRecipe.init(),
      EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
    ];
    const app = await startAuthApp(framework, { auth: { recipeList }, application: { controllers: [NewsController] } });
    try {
      const client = app.client();
      const email = newEmail();
      await client.signUp(email, PASSWORD);
      expect((await client.get('/news')).status).toBe(403);
      await client.auth('user/email/verify/token', {});
      const { emailVerifyLink } = await app.emails().nextEmailVerification(email);
      await client.auth('user/email/verify', { token: new URL(emailVerifyLink).searchParams.get('token') });
      expect((await client.get('/news')).status).toBe(200);
    } finally {
      await app.app.close();
    }
  });
});
