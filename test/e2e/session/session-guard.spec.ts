import {
  All,
  Controller,
  Get,
  Injectable,
  Options,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PUBLIC_ACCESS, PublicAccess, Session, SessionContainer, SessionGuard } from 'latchkey';
import { frameworks, onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

/** As an application's roles guard: it relies on the session being there. */
@Injectable()
class NeedsSession implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { session } = context.switchToHttp().getRequest<{ session?: unknown }>();
    return session instanceof SessionContainer && session.getUserId() === 'admin';
  }
}

@Controller('order')
class OrderController {
  @Get('parameter')
  @UseGuards(NeedsSession)
  parameter(@Session() _session: SessionContainer) {
    return { done: true };
  }

  @Get('method-above')
  @Session()
  @UseGuards(NeedsSession)
  above() {
    return { done: true };
  }

  @Get('method-below')
  @UseGuards(NeedsSession)
  @Session()
  below() {
    return { done: true };
  }
}

@Controller('order/class-above')
@Session()
@UseGuards(NeedsSession)
class ClassAboveController {
  @Get()
  get() {
    return { done: true };
  }
}

@Controller('order/class-below')
@UseGuards(NeedsSession)
@Session()
class ClassBelowController extends ClassAboveController {}

@Controller('guarded')
@UseGuards(SessionGuard)
class GuardedController {
  @Get()
  get(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @Get('public')
  @PublicAccess()
  public() {
    return { public: true };
  }
}

@Controller('public')
@PublicAccess()
class PublicController {
  @Get()
  get() {
    return { public: true };
  }

  @Get('but-guarded')
  @Session()
  butGuarded() {
    return { secret: true };
  }

  @Get('but-guarded-by-parameter')
  butGuardedByParameter(@Session() session: SessionContainer) {
    return { secret: session.getUserId() };
  }

  @Get('but-guarded-by-guard')
  @UseGuards(SessionGuard)
  butGuardedByGuard() {
    return { secret: true };
  }
}

@Controller('every')
class EveryMethodController {
  static calls = 0;

  @All()
  @Session()
  all() {
    EveryMethodController.calls++;
    return { secret: true };
  }

  @Options('preflight')
  @PublicAccess()
  preflight() {
    return {};
  }
}

@Controller('plain')
class PlainController {
  @Get()
  get() {
    return { secret: true };
  }
}

describe.each(frameworks)('SessionGuard on %s', (framework) => {
  const controllers = [
    OrderController,
    ClassAboveController,
    ClassBelowController,
    GuardedController,
    PublicController,
    EveryMethodController,
    PlainController,
  ];
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers });
  });
  afterAll(() => app.close());

  test.each([
    '/order/parameter',
    '/order/method-above',
    '/order/method-below',
    '/order/class-above',
    '/order/class-below',
  ])('%s: a guard that relies on the session runs after it', async (path) => {
    expect((await fetch(`${app.url}${path}`)).status).toBe(401);
    expect((await (await app.signedIn('header', { userId: 'ada' })).client.get(path)).status).toBe(403);
    expect((await (await app.signedIn('header', { userId: 'admin' })).client.get(path)).status).toBe(200);
  });

  test('works by @UseGuards, and @PublicAccess() opts a method out', async () => {
    expect((await fetch(`${app.url}/guarded`)).status).toBe(401);
    expect((await fetch(`${app.url}/guarded/public`)).status).toBe(200);
    const { client } = await app.signedIn();
    expect(await (await client.get('/guarded')).json()).toEqual({ userId: 'ada' });
  });

  test.each(['but-guarded', 'but-guarded-by-parameter', 'but-guarded-by-guard'])(
    'a method that asks for a session in a public controller is guarded: %s',
    async (path) => {
      expect((await fetch(`${app.url}/public/${path}`)).status).toBe(401);
      expect((await (await app.signedIn()).client.get(`/public/${path}`)).status).toBe(200);
    },
  );

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'a guarded handler of every method does not run for %s without a session',
    async (method) => {
      const calls = EveryMethodController.calls;
      const { status } = await fetch(`${app.url}/every`, { method });
      expect(EveryMethodController.calls).toBe(calls);
      expect(status).toBe(401);
    },
  );

  describe.each<[string, Provider]>([
    ['useClass', { provide: APP_GUARD, useClass: SessionGuard }],
    ['useExisting', { provide: APP_GUARD, useExisting: SessionGuard }],
  ])('as APP_GUARD by %s', (_form, provider) => {
    let guarded: SessionApp;
    beforeAll(async () => {
      guarded = await startSessionApp(framework, { controllers, providers: [provider] });
    });
    afterAll(() => guarded.close());

    test('every route needs a session', async () => {
      for (const path of ['/plain', '/me', '/order/parameter', '/public/but-guarded']) {
        expect((await fetch(`${guarded.url}${path}`)).status).toBe(401);
      }
      const { client } = await guarded.signedIn('cookie', { userId: 'admin' });
      for (const path of ['/plain', '/me', '/order/parameter', '/public/but-guarded']) {
        expect((await client.get(path)).status).toBe(200);
      }
    });

    test('@PublicAccess() opens methods and classes, before any work is done', async () => {
      for (const path of ['/guarded/public', '/public']) {
        for (const headers of [{}, { authorization: 'Bearer x' }, { cookie: 'sIdRefreshToken=1' }] as object[]) {
          const response = await fetch(`${guarded.url}${path}`, { headers: headers as Record<string, string> });
          expect([response.status, await response.json()]).toEqual([200, { public: true }]);
        }
      }
      expect((await fetch(`${guarded.url}/every/preflight`, { method: 'OPTIONS' })).status).toBe(200);
    });

    test('auth routes stay reachable', async () => {
      expect((await fetch(`${guarded.url}/auth/signout`, { method: 'POST' })).status).toBe(200);
      expect((await fetch(`${guarded.url}/auth/jwt/jwks.json`)).status).toBe(200);
      expect((await fetch(`${guarded.url}/auth/.well-known/openid-configuration`)).status).toBe(200);
      const { client } = await guarded.signedIn('cookie');
      expect((await client.refresh()).status).toBe(200);
      expect((await client.signOut()).status).toBe(200);
    });

    test('what does not exist is still not found', async () => {
      expect((await fetch(`${guarded.url}/nowhere`)).status).toBe(404);
    });
  });
});

/** As an application that comes from passport has it. */
@Injectable()
class KeyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC_ACCESS, places)) return true;
    return context.switchToHttp().getRequest<{ headers: object }>().headers['x-key' as never] === 'right';
  }
}

describe.each(onExpress)("An application's own global guard on %s", (framework) => {
  test('honours @PublicAccess(), which our routes have too', async () => {
    const app = await startSessionApp(framework, {
      controllers: [PublicController, PlainController],
      providers: [{ provide: APP_GUARD, useClass: KeyGuard }],
    });
    try {
      const paths = ['/plain', '/public', '/auth/jwt/jwks.json'];
      const answered = await Promise.all(paths.map((path) => fetch(`${app.url}${path}`)));
      expect(answered.map(({ status }) => status)).toEqual([403, 200, 200]);
      expect((await fetch(`${app.url}/plain`, { headers: { 'x-key': 'right' } })).status).toBe(200);
    } finally {
      await app.close();
    }
  });
});
