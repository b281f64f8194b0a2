import { Controller, Get, Injectable, Req, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { describe, expect, test } from '@jest/globals';
import { AnyOf, getSessionFromRequest, Session, SessionContainer, SessionGuard } from 'latchkey';
import { fakeSession } from 'latchkey/testing';
import { authModule, rootModule } from '../../support/auth-app.js';
import { frameworks, onExpress, onFastify, type Framework } from '../../support/frameworks.js';

@Controller('guarded')
class GuardedController {
  @Get('required')
  required(@Session() session: SessionContainer, @Req() request: object) {
    return { userId: session.getUserId(), isFound: getSessionFromRequest(request) === session };
  }

  @Get('optional')
  optional(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? 'nobody' };
  }

  @Get('without-parameter')
  @Session()
  withoutParameter() {
    return { reached: true };
  }
}

/** Behind a decorator that replaces the method, where the guard is put back at boot. */
@Controller('wrapped')
class WrappedController {
  @Get()
  @((_target: object, _key: string | symbol, descriptor: PropertyDescriptor) => {
    const original = descriptor.value as Function;
    descriptor.value = function (this: unknown, ...input: unknown[]) {
      return original.apply(this, input) as unknown;
    };
  })
  wrapped(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

class NobodyGuard implements CanActivate {
  canActivate() {
    return false;
  }
}

const SessionOrNobody = AnyOf(SessionGuard, NobodyGuard);

@Controller('alternatives')
@UseGuards(SessionOrNobody)
class AlternativesController {
  @Get()
  optional(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? 'nobody' };
  }
}

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<{ session?: unknown }>();

const letting = (session?: () => unknown) => ({
  canActivate(context: ExecutionContext) {
    if (session !== undefined) requestOf(context).session = session();
    return true;
  },
});

@Injectable()
class LetsAnnIn implements CanActivate {
  async canActivate(context: ExecutionContext) {
    requestOf(context).session = fakeSession({ userId: 'ann' });
    return true;
  }
}

class Lenient extends SessionGuard {
  override async canActivate(context: ExecutionContext) {
    return super.canActivate(context);
  }
}

async function answers(
  framework: Framework,
  replace: (builder: TestingModuleBuilder) => TestingModuleBuilder,
  paths: string[],
  isGlobal = false,
) {
  const providers = isGlobal ? [{ provide: APP_GUARD, useExisting: SessionGuard }] : [];
  const controllers = [GuardedController, WrappedController, AlternativesController];
  const builder = Test.createTestingModule({
    imports: [rootModule({ imports: [authModule()], controllers, providers })],
  });
  const module = await replace(builder).compile();
  const adapter = framework === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = module.createNestApplication(adapter as never, { logger: false });
  await app.listen(0, '127.0.0.1');
  try {
    const url = await app.getUrl();
    const responses = paths.map(async (path) => {
      const response = await fetch(`${url}/${path}`);
      return [response.status, (await response.json()) as { userId?: string; message?: string }] as const;
    });
    return await Promise.all(responses);
  } finally {
    await app.close();
  }
}

type OverrideBy = ReturnType<TestingModuleBuilder['overrideGuard']>;
const byValue = (guard: CanActivate) => (builder: TestingModuleBuilder) =>
  builder.overrideGuard(SessionGuard).useValue(guard);
const EVERY_ROUTE = ['guarded/required', 'guarded/optional', 'wrapped'];
const ANN_EVERYWHERE = [
  [200, { userId: 'ann', isFound: true }],
  [200, { userId: 'ann' }],
  [200, { userId: 'ann' }],
];

describe.each(frameworks)('A test replaces SessionGuard, %s', (framework) => {
  test('and the parameter is the session that its guard has put on the request', async () => {
    const guard = letting(() => fakeSession({ userId: 'ann' }));
    expect(await answers(framework, byValue(guard), EVERY_ROUTE)).toEqual(ANN_EVERYWHERE);
  });

  test('and is told what to write where its guard has put none there', async () => {
    const paths = ['guarded/without-parameter', 'guarded/optional', 'guarded/required'];
    const [bare, optional, required] = await answers(framework, byValue(letting()), paths);
    expect(bare).toEqual([200, { reached: true }]);
    expect(optional).toEqual([200, { userId: 'nobody' }]);
    expect(required![0]).toBe(500);
    expect(required![1].message).toMatch(
      /^GuardedController\.required has a @Session\(\) parameter.* is undefined\..*fakeSession/,
    );
  });
});

describe.each(onExpress)('A replaced SessionGuard, %s', (framework) => {
  test.each<[string, (builder: TestingModuleBuilder) => OverrideBy]>([
    ['AnyOf it and others by overrideGuard', (builder) => builder.overrideGuard(SessionOrNobody)],
    ['the guard in AnyOf by overrideProvider', (builder) => builder.overrideProvider(SessionGuard)],
  ])('may be %s', async (_what, override) => {
    const guard = letting(() => fakeSession({ userId: 'ann' }));
    const replace = (builder: TestingModuleBuilder) => override(builder).useValue(guard);
    expect(await answers(framework, replace, ['alternatives'])).toEqual([[200, { userId: 'ann' }]]);
  });

  test('may be a class', async () => {
    const replace = (builder: TestingModuleBuilder) => builder.overrideGuard(SessionGuard).useClass(LetsAnnIn);
    expect(await answers(framework, replace, EVERY_ROUTE)).toEqual(ANN_EVERYWHERE);
  });

  test('may give as much of a session as the handler asks for', async () => {
    const guard = letting(() => ({ getUserId: () => 'ann' }));
    expect(await answers(framework, byValue(guard), EVERY_ROUTE)).toEqual(ANN_EVERYWHERE);
  });

  test('gives no parameter what is no session', async () => {
    const [[status, body]] = (await answers(framework, byValue(letting(() => ({ cookie: {} }))), [
      'guarded/required',
    ])) as [[number, { message: string }]];
    expect([status, body.message]).toEqual([500, expect.stringContaining('request.session is something else')]);
  });
});

describe.each(onFastify)('A replaced SessionGuard, %s', (framework) => {
  test('may be replaced as a provider, also where it is global', async () => {
    const guard = letting(() => fakeSession({ userId: 'ann' }));
    const replace = (builder: TestingModuleBuilder) => builder.overrideProvider(SessionGuard).useValue(guard);
    expect(await answers(framework, replace, EVERY_ROUTE, true)).toEqual(ANN_EVERYWHERE);
  });

  test('that refuses lets nobody in', async () => {
    const replaced = await answers(framework, byValue({ canActivate: () => false }), EVERY_ROUTE);
    expect(replaced.map(([status]) => status)).toEqual([403, 403, 403]);
  });

  test('that extends ours still verifies', async () => {
    const replace = (builder: TestingModuleBuilder) => builder.overrideGuard(SessionGuard).useClass(Lenient);
    expect((await answers(framework, replace, EVERY_ROUTE)).map(([status]) => status)).toEqual([401, 200, 401]);
  });
});
