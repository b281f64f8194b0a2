import {
  Controller,
  Get,
  Injectable,
  Req,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AnyOf,
  getSessionFromRequest,
  PublicAccess,
  Session,
  SessionApi,
  SessionContainer,
  SessionGuard,
  type SessionClaimValidator,
  type VerifySessionInput,
} from 'latchkey';
import { of } from 'rxjs';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

type Headers = Record<string, string>;
const headersOf = (context: ExecutionContext) => context.switchToHttp().getRequest<{ headers: Headers }>().headers;

@Injectable()
class Keys {
  readonly right = 'right';
}

/** No provider of any module: it is made where it is used, as by `@UseGuards(ApiKeyGuard)`. */
@Injectable()
class ApiKeyGuard implements CanActivate {
  constructor(private readonly keys: Keys) {}

  canActivate(context: ExecutionContext): boolean {
    const key = headersOf(context)['x-key'];
    if (key === 'wrong') throw new UnauthorizedException('wrong key');
    return key === this.keys.right;
  }
}

@Injectable()
class LateKeyGuard extends ApiKeyGuard {
  override canActivate(context: ExecutionContext) {
    return Promise.resolve().then(() => super.canActivate(context)) as never;
  }
}

@Injectable()
class ObservedKeyGuard extends ApiKeyGuard {
  override canActivate(context: ExecutionContext) {
    return of(super.canActivate(context)) as never;
  }
}

@Injectable()
class AdministratorGuard extends SessionGuard {
  override async canActivate(context: ExecutionContext) {
    await super.canActivate(context);
    return getSessionFromRequest(context.switchToHttp().getRequest())?.getUserId() === 'admin';
  }
}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('The key store is down');
  }
}

const found = (request: unknown) => ({ userId: getSessionFromRequest(request)?.getUserId() ?? null });
const refusing: SessionClaimValidator = { id: 'never', validate: () => ({ isValid: false, reason: 'never' }) };

@Controller('any')
class AnyController {
  @Get('plain')
  @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
  plain(@Req() request: unknown) {
    return found(request);
  }

  @Get('late')
  @UseGuards(AnyOf(LateKeyGuard, SessionGuard))
  late(@Req() request: unknown) {
    return found(request);
  }

  @Get('observed')
  @UseGuards(AnyOf(AnyOf(ObservedKeyGuard, FailingGuard), SessionGuard))
  observed(@Req() request: unknown) {
    return found(request);
  }

  @Get('optional')
  @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
  optional(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? null };
  }

  @Get('optional-key-first')
  @UseGuards(AnyOf(ApiKeyGuard, SessionGuard))
  optionalKeyFirst(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? null };
  }

  @Get('administrators')
  @UseGuards(AnyOf(AdministratorGuard, ApiKeyGuard))
  administrators(@Req() request: unknown, @Session({ sessionRequired: false }) session?: SessionContainer) {
    return { ...found(request), parameter: session?.getUserId() ?? null };
  }

  @Get('claimed')
  @UseGuards(AnyOf(ApiKeyGuard, SessionGuard))
  @Session({ sessionRequired: false, overrideGlobalClaimValidators: () => [refusing] })
  claimed(@Req() request: unknown) {
    return found(request);
  }
}

@Controller('class')
@UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
class ClassController {
  @Get()
  plain(@Req() request: unknown) {
    return found(request);
  }

  @Get('required')
  required(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @Get('optional')
  optional(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? null };
  }

  @Get('open')
  @PublicAccess()
  open() {
    return { open: true };
  }
}

@Controller('open')
@PublicAccess()
class OpenController {
  @Get('but-guarded')
  @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
  butGuarded() {
    return { userId: null };
  }
}

const UNAUTHORISED = [401, { message: 'unauthorised' }];
const TRY_REFRESH = [401, { message: 'try refresh token' }];
/** A cookie of an older kind of session, which is refreshed first. */
const BAD_SESSION = { cookie: 'sIdRefreshToken=1' };
const RIGHT_KEY = { 'x-key': 'right' };
const WRONG_KEY = { 'x-key': 'wrong' };
const ADA = [200, { userId: 'ada' }];
const NOBODY = [200, { userId: null }];

describe.each(frameworks)('AnyOf(SessionGuard, ApiKeyGuard) on %s', (framework) => {
  const controllers = [AnyController, ClassController, OpenController];
  let app: SessionApp;
  let everywhere: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers, providers: [Keys] });
    everywhere = await startSessionApp(framework, {
      controllers: [ClassController],
      providers: [Keys, { provide: APP_GUARD, useClass: AnyOf(SessionGuard, ApiKeyGuard) }],
    });
  });
  afterAll(() => Promise.all([app.close(), everywhere.close()]));

  async function answer(path: string, headers: Headers = {}, { url } = app) {
    const response = await fetch(`${url}${path}`, { headers });
    return [response.status, await response.json()];
  }

  async function signedIn(path: string, headers: Headers = {}, { userId = 'ada', to = app } = {}) {
    const { client } = await to.signedIn('header', { userId });
    const response = await client.get(path, { headers });
    return [response.status, await response.json()];
  }

  test.each(['plain', 'late', 'optional', 'optional-key-first'])(
    'lets in by a session or a key, whichever is good, and else answers as the guard of sessions: %s',
    async (route) => {
      const path = `/any/${route}`;
      expect(await signedIn(path)).toEqual(ADA);
      expect(await answer(path, RIGHT_KEY)).toEqual(NOBODY);
      expect(await answer(path, { ...BAD_SESSION, ...RIGHT_KEY })).toEqual(NOBODY);
      expect(await answer(path)).toEqual(UNAUTHORISED);
      expect(await answer(path, WRONG_KEY)).toEqual(UNAUTHORISED);
      expect(await answer(path, BAD_SESSION)).toEqual(TRY_REFRESH);
      expect(await answer(path, { ...BAD_SESSION, ...WRONG_KEY })).toEqual(TRY_REFRESH);
    },
  );

  test('takes a wrong key for no reason to refuse a session', async () => {
    expect(await signedIn('/any/plain', WRONG_KEY)).toEqual(ADA);
    expect(await signedIn('/any/late', WRONG_KEY)).toEqual(ADA);
  });

  test('takes Observables, and tells of what has failed unless the client can refresh', async () => {
    expect(await answer('/any/observed', RIGHT_KEY)).toEqual(NOBODY);
    expect(await signedIn('/any/observed')).toEqual(ADA);
    expect((await answer('/any/observed'))[0]).toBe(500);
    expect(await answer('/any/observed', BAD_SESSION)).toEqual(TRY_REFRESH);
  });

  test('gives nobody a session that a guard has refused', async () => {
    const path = '/any/administrators';
    expect(await signedIn(path, {}, { userId: 'admin' })).toEqual([200, { userId: 'admin', parameter: 'admin' }]);
    expect((await signedIn(path))[0]).toBe(403);
    expect(await signedIn(path, RIGHT_KEY)).toEqual([200, { userId: null, parameter: null }]);
  });

  test('answers with the claims that are missing, and a key needs none', async () => {
    const [status, body] = await signedIn('/any/claimed');
    expect([status, body]).toEqual([403, expect.objectContaining({ message: 'invalid claim' })]);
    expect(await signedIn('/any/claimed', RIGHT_KEY)).toEqual(NOBODY);
  });

  test.each([
    ['on a class', () => app],
    ['as APP_GUARD', () => everywhere],
  ])('%s, and a @Session() parameter that requires a session gets one or refuses', async (_where, running) => {
    const at = running();
    expect(await answer('/class', RIGHT_KEY, at)).toEqual(NOBODY);
    expect(await answer('/class', {}, at)).toEqual(UNAUTHORISED);
    expect(await signedIn('/class', {}, { to: at })).toEqual(ADA);
    expect(await answer('/class/required', RIGHT_KEY, at)).toEqual(UNAUTHORISED);
    expect(await signedIn('/class/required', RIGHT_KEY, { to: at })).toEqual(ADA);
    expect(await answer('/class/optional', { ...BAD_SESSION, ...RIGHT_KEY }, at)).toEqual(NOBODY);
    expect(await answer('/class/optional', {}, at)).toEqual(UNAUTHORISED);
    expect(await answer('/class/open', {}, at)).toEqual([200, { open: true }]);
    expect((await answer('/auth/jwt/jwks.json', {}, at))[0]).toBe(200);
  });

  test('guards a method of an open class', async () => {
    expect(await answer('/open/but-guarded')).toEqual(UNAUTHORISED);
    expect(await answer('/open/but-guarded', RIGHT_KEY)).toEqual(NOBODY);
  });

  test('asks nobody else when an override has answered', async () => {
    class AnswersItself extends SessionApi {
      override async verifySession({ options }: VerifySessionInput) {
        options.res.setStatusCode(418);
        options.res.sendJSONResponse({ own: true });
      }
    }
    const ownApp = await startSessionApp(framework, {
      controllers: [AnyController],
      providers: [Keys],
      session: { override: { apis: AnswersItself } },
    });
    try {
      expect(await answer('/any/plain', RIGHT_KEY, ownApp)).toEqual([418, { own: true }]);
    } finally {
      await ownApp.close();
    }
  });

  test('opens a route to others under a global SessionGuard, which still refuses a bad session', async () => {
    const guarded = await startSessionApp(framework, {
      controllers: [AnyController],
      providers: [Keys, { provide: APP_GUARD, useExisting: SessionGuard }],
    });
    try {
      expect(await answer('/any/optional', RIGHT_KEY, guarded)).toEqual(NOBODY);
      expect(await answer('/any/optional', {}, guarded)).toEqual(UNAUTHORISED);
      expect(await answer('/any/plain', RIGHT_KEY, guarded)).toEqual(UNAUTHORISED);
      expect(await answer('/any/optional', { ...BAD_SESSION, ...RIGHT_KEY }, guarded)).toEqual(TRY_REFRESH);
      expect(await signedIn('/any/optional', {}, { to: guarded })).toEqual(ADA);
    } finally {
      await guarded.close();
    }
  });
});
