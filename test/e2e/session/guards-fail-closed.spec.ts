import { Controller, Get, Req, SetMetadata, UseGuards, type Provider } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  getSessionFromRequest,
  PublicAccess,
  Session,
  SessionApi,
  SessionContainer,
  SessionFunctions,
  SessionGuard,
  type GetSessionInput,
  type SessionClaimValidator,
  type VerifySessionInput,
} from 'latchkey';
import { bootError } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp, type SessionAppOptions } from '../../support/session-app.js';

const EVERYWHERE: Provider = { provide: APP_GUARD, useExisting: SessionGuard };

/** As decorators for caching, retries or transactions: the method becomes another function, without its metadata. */
const Wrapped = (): MethodDecorator => (_target, _key, descriptor: PropertyDescriptor) => {
  const original = descriptor.value as (...input: unknown[]) => unknown;
  descriptor.value = function (this: unknown, ...input: unknown[]) {
    return original.apply(this, input);
  };
};

const refusing = (id: string): SessionClaimValidator => ({ id, validate: () => ({ isValid: false, reason: id }) });
const asking = (id: string) => ({
  overrideGlobalClaimValidators: (validators: SessionClaimValidator[]) => [...validators, refusing(id)],
});

@PublicAccess()
class Open {
  @Get('inherited')
  inherited() {
    return { reached: true };
  }
}

@Controller('guarded-below-open')
@Session()
class GuardedBelowOpen extends Open {}

@Controller('named-below-open')
@UseGuards(SessionGuard)
class NamedBelowOpen extends Open {}

@Controller('silent-below-open')
class SilentBelowOpen extends Open {}

@Session()
class Guarded {
  @Get('inherited')
  inherited() {
    return { reached: true };
  }
}

@Controller('open-below-guarded')
@PublicAccess()
class OpenBelowGuarded extends Guarded {}

@Controller('silent-below-guarded')
class SilentBelowGuarded extends Guarded {}

@Controller('wrapped')
class WrappedController {
  @Get('parameter')
  @Wrapped()
  parameter(@Session({ checkDatabase: true }) session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @Get('method')
  @Wrapped()
  @Session()
  method() {
    return { reached: true };
  }

  @Get('demanding')
  @Wrapped()
  demanding(@Session(asking('lost')) _session: SessionContainer) {
    return { reached: true };
  }
}

/** As a decorator that sets the guards of a method instead of adding to them. */
const OnlyGuardedBy = (...guards: unknown[]) => SetMetadata(GUARDS_METADATA, guards);

@Controller('replaced')
class ReplacedController {
  @Get()
  @OnlyGuardedBy()
  me(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? 'nobody' };
  }
}

@Controller('adding')
@Session(asking('class'))
class AddingController {
  @Get('both')
  @Session(asking('method'))
  both() {}

  @Get('constant')
  @Session({ overrideGlobalClaimValidators: () => [refusing('method')] })
  constant() {}

  @Get('three')
  @Session(asking('method'))
  three(@Session(asking('parameter')) _session: SessionContainer) {}

  @Get('dropped')
  @Session({ ...asking('method'), dropOuterClaimValidators: true })
  dropped() {}

  @Get('nothing-left')
  @Session({ dropOuterClaimValidators: true })
  nothingLeft() {
    return { reached: true };
  }
}

@Controller('adding-below')
@Session(asking('subclass'))
class AddingBelow extends AddingController {}

@Controller('asked')
class AskedController {
  @Get('required')
  @Session()
  required() {
    return { reached: true };
  }

  @Get('optional')
  optional(@Req() request: unknown, @Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? null, isOnRequest: getSessionFromRequest(request) !== undefined };
  }
}

class ForgetfulFunctions extends SessionFunctions {
  override async getSession(input: GetSessionInput) {
    await super.getSession(input);
    return undefined;
  }
}

class ForgetfulApi extends SessionApi {
  override async verifySession() {}
}

class RefusingApi extends SessionApi {
  override async verifySession(input: VerifySessionInput) {
    await super.verifySession(input);
  }
}

const controllers = [
  GuardedBelowOpen,
  NamedBelowOpen,
  SilentBelowOpen,
  OpenBelowGuarded,
  SilentBelowGuarded,
  WrappedController,
  ReplacedController,
  AddingController,
  AddingBelow,
  AskedController,
];

describe.each(frameworks)('Guards fail closed on %s:', (framework) => {
  let app: SessionApp;
  const start = (options: SessionAppOptions = {}) => startSessionApp(framework, { controllers, ...options });
  beforeAll(async () => {
    app = await start({ providers: [EVERYWHERE] });
  });
  afterAll(() => app.close());

  const status = async (path: string) => (await fetch(`${app.url}${path}`)).status;

  test('of classes that extend each other, what a class says itself counts, and openness is not inherited', async () => {
    expect(await status('/guarded-below-open/inherited')).toBe(401);
    expect(await status('/named-below-open/inherited')).toBe(401);
    expect(await status('/silent-below-open/inherited')).toBe(401);
    expect(await status('/silent-below-guarded/inherited')).toBe(401);
    expect(await status('/open-below-guarded/inherited')).toBe(200);
  });

  test('@PublicAccess() and @Session() on one target stop the boot', async () => {
    @Controller('contradiction')
    class Contradiction {
      @Get()
      @PublicAccess()
      me(@Session() _session: SessionContainer) {}
    }
    @Controller('contradiction')
    @Session()
    @PublicAccess()
    class ContradictoryClass {}

    expect((await bootError(() => start({ controllers: [Contradiction] }))).message).toContain(
      '@PublicAccess() and @Session() are both on Contradiction.me',
    );
    expect((await bootError(() => start({ controllers: [ContradictoryClass] }))).message).toContain(
      'are both on ContradictoryClass. Remove one',
    );
  });

  test('a decorator that replaces the method does not take the guard away', async () => {
    for (const path of ['parameter', 'method', 'demanding']) expect(await status(`/wrapped/${path}`)).toBe(401);
    const { client, handle } = await app.signedIn('header', { userId: 'grace' });
    expect(await (await client.get('/wrapped/parameter')).json()).toEqual({ userId: 'grace' });
    expect((await client.get('/wrapped/demanding')).status).toBe(403);
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: handle });
    expect((await client.get('/wrapped/parameter')).status).toBe(401);
  });

  test('a parameter whose guard has not run is an error, even where it may be undefined', async () => {
    const unguarded = await start();
    try {
      expect((await fetch(`${unguarded.url}/replaced`)).status).toBe(500);
    } finally {
      await unguarded.close();
    }
  });

  test('claim validators of class, method and parameter add up, and are dropped only where that is said', async () => {
    const { client } = await app.signedIn();
    const failed = async (path: string) => {
      const body = (await (await client.get(path)).json()) as { claimValidationErrors?: { id: string }[] };
      return body.claimValidationErrors?.map(({ id }) => id) ?? body;
    };
    expect(await failed('/adding/both')).toEqual(['class', 'method']);
    expect(await failed('/adding/constant')).toEqual(['class', 'method']);
    expect(await failed('/adding/three')).toEqual(['class', 'method', 'parameter']);
    expect(await failed('/adding/dropped')).toEqual(['method']);
    expect(await failed('/adding/nothing-left')).toEqual({ reached: true });
    expect(await failed('/adding-below/both')).toEqual(['class', 'subclass', 'method']);
  });

  test.each([
    ['getSession of the functions', { functions: ForgetfulFunctions }],
    ['verifySession of the API', { apis: ForgetfulApi }],
    ['verifySession that refuses what it has verified', { apis: RefusingApi }],
  ])('no session from an override of %s is 401 where one is required', async (_what, override) => {
    const forgetful = await start({ session: { override } });
    try {
      const { client } = await forgetful.signedIn();
      const required = await client.get('/asked/required');
      expect([required.status, await required.json()]).toEqual([401, { message: 'unauthorised' }]);
      expect(await (await client.get('/asked/optional')).json()).toEqual({ userId: null, isOnRequest: false });
    } finally {
      await forgetful.close();
    }
  });
});
