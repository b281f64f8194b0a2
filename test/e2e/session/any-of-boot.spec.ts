import {
  Controller,
  Get,
  Injectable,
  Scope,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { describe, expect, test } from '@jest/globals';
import { AnyOf, Session, SessionContainer, SessionGuard } from 'latchkey';
import { bootError } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const keyOf = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-key'];

class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return keyOf(context) === 'right';
  }
}

describe.each(onFastify)('AnyOf at boot, on %s', (framework) => {
  @Injectable({ scope: Scope.REQUEST })
  class PerRequestGuard implements CanActivate {
    private isUsed = false;

    canActivate(context: ExecutionContext): boolean {
      if (this.isUsed) throw new Error('It was made for another request');
      this.isUsed = true;
      return keyOf(context) === 'right';
    }
  }

  @Controller('scoped')
  @UseGuards(AnyOf(PerRequestGuard, SessionGuard))
  class ScopedController {
    @Get()
    get() {
      return { reached: true };
    }
  }

  const boot = (controller: new () => object, ...providers: (new () => object)[]) =>
    startSessionApp(framework, { controllers: [controller], providers });
  const messageOf = async (work: () => unknown) => (await bootError(async () => work() as SessionApp)).message;

  test('takes guards that Nest makes for each request from the providers, and wants them there', async () => {
    const app = await boot(ScopedController, PerRequestGuard);
    try {
      const statuses = ['right', 'wrong', 'right'].map(async (key) => {
        const { status } = await fetch(`${app.url}/scoped`, { headers: { 'x-key': key } });
        return status;
      });
      expect(await Promise.all(statuses)).toEqual([200, 401, 200]);
    } finally {
      await app.close();
    }
    expect(await messageOf(() => boot(ScopedController))).toContain(
      'AnyOf(PerRequestGuard, SessionGuard): PerRequestGuard is request-scoped',
    );
  });

  test('stops the boot beside a @Session() that nobody but a session could pass', async () => {
    @Controller('contradiction')
    class Contradiction {
      @Get()
      @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
      get(@Session() _session: SessionContainer) {}
    }
    @Controller('contradiction')
    @Session({ checkDatabase: true })
    @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
    class ContradictoryClass {}

    expect(await messageOf(() => boot(Contradiction))).toMatch(
      /AnyOf\(SessionGuard, ApiKeyGuard\) and @Session\(\) are both on Contradiction\.get.*sessionRequired: false/,
    );
    expect(await messageOf(() => boot(ContradictoryClass))).toContain('are both on ContradictoryClass:');
  });

  test('stops the boot where the function that it guarded was replaced, since the route would be open', async () => {
    const Replaced = (): MethodDecorator => (_target, _key, descriptor: PropertyDescriptor) => {
      const original = descriptor.value as (...input: unknown[]) => unknown;
      descriptor.value = function (this: unknown, ...input: unknown[]) {
        return original.apply(this, input);
      };
    };
    class Guarded {
      @Get()
      @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
      get(@Session({ sessionRequired: false }) _session?: SessionContainer) {}
    }
    @Controller('overriding')
    class Overriding extends Guarded {
      @Get()
      override get() {}
    }
    @Controller('wrapped')
    class Wrapped {
      @Get()
      @Replaced()
      @UseGuards(AnyOf(SessionGuard, ApiKeyGuard))
      get(@Session({ sessionRequired: false }) _session?: SessionContainer) {}
    }
    expect(await messageOf(() => boot(Overriding))).toContain('Overriding.get takes the place of a method that AnyOf(');
    expect(await messageOf(() => boot(Wrapped))).toContain('Wrapped.get takes the place of a method that AnyOf(');
  });

  test('wants classes of guards', async () => {
    const wrong: [unknown[], string][] = [
      [[], 'AnyOf() has no guards'],
      [[SessionGuard, undefined], 'AnyOf: guard 2 is undefined. Files that import each other'],
      [[new ApiKeyGuard()], 'AnyOf: guard 1 is an object of ApiKeyGuard. Give the class'],
      [[SetMetadata], 'AnyOf: guard 1 is SetMetadata, which has no method canActivate'],
    ];
    for (const [guards, message] of wrong) {
      expect(await messageOf(() => AnyOf(...(guards as [typeof SessionGuard])))).toContain(message);
    }
  });
});
