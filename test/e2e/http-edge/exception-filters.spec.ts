import {
  Catch,
  ConflictException,
  Controller,
  Get,
  HttpException,
  Injectable,
  NotFoundException,
  Scope,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthError, EmailPasswordApi, Session, UnauthorisedError, type SignInPOSTInput } from 'latchkey';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks, type Framework } from '../../support/frameworks.js';

interface SomeResponse {
  status(code: number): { send(body: unknown): unknown };
}

function answer(host: ArgumentsHost, status: number, body: object): void {
  host.switchToHttp().getResponse<SomeResponse>().status(status).send(body);
}

/** What many an application has: whatever comes is a 500 in its own words. */
@Catch()
@Injectable()
class CatchAll implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (error instanceof HttpException) answer(host, error.getStatus(), { by: 'catch-all', message: error.message });
    else answer(host, 500, { by: 'catch-all' });
  }
}

@Catch(UnauthorisedError)
@Injectable()
class ForUnauthorised implements ExceptionFilter<UnauthorisedError> {
  catch(error: UnauthorisedError, host: ArgumentsHost): void {
    answer(host, 499, { by: 'own filter', code: error.code });
  }
}

@Catch(AuthError)
@Injectable()
class ForAuthErrors implements ExceptionFilter<AuthError> {
  catch(error: AuthError, host: ArgumentsHost): void {
    answer(host, 498, { by: 'own filter', code: error.code });
  }
}

class Conflicting extends EmailPasswordApi {
  override async signInPOST(_input: SignInPOSTInput): Promise<never> {
    throw new ConflictException('busy');
  }
}

@Controller('guarded')
class GuardedController {
  @Get()
  @Session()
  read() {
    throw new NotFoundException('reached');
  }
}

type Setting = { configure?: (app: INestApplication) => void; providers?: Provider[] };

function start(framework: Framework, { configure, providers }: Setting): Promise<AuthApp> {
  return startAuthApp(framework, {
    emailPassword: { override: { apis: Conflicting } },
    application: { controllers: [GuardedController], providers },
    configure,
  });
}

async function withApp(framework: Framework, setting: Setting, use: (auth: AuthApp) => Promise<void>) {
  const auth = await start(framework, setting);
  try {
    await use(auth);
  } finally {
    await auth.app.close();
  }
}

const catchAlls: [string, Setting][] = [
  ['by useGlobalFilters', { configure: (app) => void app.useGlobalFilters(new CatchAll()) }],
  [
    "by useGlobalFilters, derived from Nest's own",
    {
      configure: (app) => {
        @Catch()
        class Derived extends BaseExceptionFilter {
          override catch(error: unknown, host: ArgumentsHost): void {
            if (error instanceof HttpException) new CatchAll().catch(error, host);
            else super.catch(error, host);
          }
        }
        app.useGlobalFilters(new Derived(app.get(HttpAdapterHost).httpAdapter));
      },
    },
  ],
  ['by APP_FILTER', { providers: [{ provide: APP_FILTER, useClass: CatchAll }] }],
  ['by APP_FILTER, request-scoped', { providers: [{ provide: APP_FILTER, useClass: CatchAll, scope: Scope.REQUEST }] }],
  [
    'by both',
    {
      configure: (app) => void app.useGlobalFilters(new CatchAll()),
      providers: [{ provide: APP_FILTER, useClass: CatchAll }],
    },
  ],
];

const ownFilters: [string, Setting][] = [
  [
    'by useGlobalFilters, before a catch-all',
    { configure: (app) => void app.useGlobalFilters(new ForUnauthorised(), new CatchAll()) },
  ],
  [
    'by useGlobalFilters, after a catch-all',
    { configure: (app) => void app.useGlobalFilters(new CatchAll(), new ForUnauthorised()) },
  ],
  ['by APP_FILTER', { providers: [{ provide: APP_FILTER, useClass: ForUnauthorised }] }],
  [
    'by APP_FILTER, request-scoped',
    { providers: [{ provide: APP_FILTER, useClass: ForUnauthorised, scope: Scope.REQUEST }] },
  ],
  [
    'by useGlobalFilters, beside a request-scoped catch-all',
    {
      configure: (app) => void app.useGlobalFilters(new ForUnauthorised()),
      providers: [{ provide: APP_FILTER, useClass: CatchAll, scope: Scope.REQUEST }],
    },
  ],
];

describe.each(frameworks)("The application's exception filters on %s", (framework) => {
  describe.each(catchAlls)('a catch-all %s', (_how, setting) => {
    let auth: AuthApp;
    beforeAll(async () => {
      auth = await start(framework, setting);
    });
    afterAll(() => auth.app.close());

    it('leaves the answers of the wire alone', async () => {
      const guarded = await auth.client().get('/guarded');
      const refresh = await auth.client().refresh();
      const badInput = await auth.client().auth('signin', {});

      expect([guarded.status, await guarded.json()]).toEqual([401, { message: 'unauthorised' }]);
      expect([refresh.status, await refresh.json()]).toEqual([401, { message: 'unauthorised' }]);
      expect(refresh.headers.get('front-token')).toBe('remove');
      expect([badInput.status, await badInput.json()]).toEqual([400, { message: 'Missing input param: formFields' }]);
    });

    it('still gets every other exception', async () => {
      const client = auth.client();
      await client.signUp(newEmail(), PASSWORD);
      const guarded = await client.get('/guarded');
      const fromOverride = await client.signIn(newEmail(), PASSWORD);

      expect([guarded.status, await guarded.json()]).toEqual([404, { by: 'catch-all', message: 'reached' }]);
      expect([fromOverride.status, await fromOverride.json()]).toEqual([409, { by: 'catch-all', message: 'busy' }]);
    });
  });

  it.each(ownFilters)('one written for UnauthorisedError wins, %s', async (_how, setting) => {
    await withApp(framework, setting, async (auth) => {
      const guarded = await auth.client().get('/guarded');
      const badInput = await auth.client().auth('signin', {});

      expect([guarded.status, await guarded.json()]).toEqual([499, { by: 'own filter', code: 'UNAUTHORISED' }]);
      expect(badInput.status).toBe(400);
    });
  });

  it('one written for every AuthError wins over all our filters', async () => {
    await withApp(framework, { configure: (app) => void app.useGlobalFilters(new ForAuthErrors()) }, async (auth) => {
      const guarded = await auth.client().get('/guarded');
      const badInput = await auth.client().auth('signin', {});

      expect([guarded.status, await guarded.json()]).toEqual([498, { by: 'own filter', code: 'UNAUTHORISED' }]);
      expect([badInput.status, await badInput.json()]).toEqual([498, { by: 'own filter', code: 'BAD_INPUT' }]);
    });
  });
});
