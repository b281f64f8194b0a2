import { Controller, Get, Req, Res } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  getSessionFromRequest,
  PublicAccess,
  Session,
  SessionContainer,
  SessionGuard,
  Sessions,
  type SessionClaimValidator,
} from 'latchkey';
import { rootModule } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const refusing: SessionClaimValidator = { id: 'refusing', validate: () => ({ isValid: false, reason: 'no' }) };
const asking = { overrideGlobalClaimValidators: () => [refusing] };

/** As a guard that lets some requests in for another reason. */
@Controller('caught')
class CaughtController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @PublicAccess()
  async caught(@Req() request: unknown, @Res({ passthrough: true }) response: unknown) {
    const error = await this.sessions.getSession(request, response, asking).catch((thrown) => thrown.code);
    return { error, isOnRequest: getSessionFromRequest(request) !== undefined };
  }
}

@Controller('twice')
class TwiceController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  async twice(@Req() request: unknown, @Res({ passthrough: true }) response: unknown, @Session() _session: unknown) {
    await this.sessions.getSession(request, response, asking).catch(() => undefined);
    return { isOnRequest: getSessionFromRequest(request) !== undefined };
  }
}

class GuardedMethods {
  @Get('silent')
  @Session()
  silent() {
    return { reached: true };
  }

  @Get('demanding')
  demanding(@Session(asking) _session?: SessionContainer) {
    return { reached: true };
  }

  @Get('own')
  @Session(asking)
  own() {
    return { reached: true };
  }

  @Get('open')
  @Session()
  open() {
    return { reached: true };
  }
}

@Controller('overriding')
class OverridingMethods extends GuardedMethods {
  @Get('silent')
  override silent() {
    return super.silent();
  }

  @Get('demanding')
  override demanding() {
    return super.demanding();
  }

  @Get('own')
  @Session()
  override own() {
    return super.own();
  }

  @Get('open')
  @PublicAccess()
  override open() {
    return super.open();
  }
}

const Wrapped = (): MethodDecorator => (_target, _key, descriptor: PropertyDescriptor) => {
  const original = descriptor.value as (...input: unknown[]) => unknown;
  descriptor.value = function (this: unknown, ...input: unknown[]) {
    return original.apply(this, input);
  };
};

/** Nest looks for guards before they are put back, and makes only those that it finds in a module. */
@Controller('alone/wrapped')
class AloneAndWrapped {
  @Get()
  @Wrapped()
  @Session()
  wrapped() {
    return { reached: true };
  }
}

@Controller('alone/overriding')
class AloneAndOverriding extends GuardedMethods {
  @Get('silent')
  override silent() {
    return super.silent();
  }
}

describe.each(onExpress)('What is open by mistake, on %s', (framework) => {
  let app: SessionApp;
  let guardsOfWrapped: unknown;
  beforeAll(async () => {
    const alone = [AloneAndWrapped, AloneAndOverriding].map((controller) => rootModule({ controllers: [controller] }));
    app = await startSessionApp(framework, {
      controllers: [CaughtController, TwiceController, OverridingMethods],
      imports: alone,
      // Handlers of gateways are made with the application, before anything else is.
      configure: () => void (guardsOfWrapped = Reflect.getMetadata(GUARDS_METADATA, AloneAndWrapped.prototype.wrapped)),
    });
  });
  afterAll(() => app.close());

  test('A method that overrides a guarded one stays guarded, unless it says something itself', async () => {
    const { client } = await app.signedIn();
    const statuses = async (ask: (path: string) => Promise<Response>) =>
      Promise.all(['silent', 'demanding', 'own', 'open'].map(async (path) => (await ask(path)).status));
    expect(await statuses((path) => fetch(`${app.url}/overriding/${path}`))).toEqual([401, 401, 401, 200]);
    expect(await statuses((path) => client.get(`/overriding/${path}`))).toEqual([200, 403, 200, 200]);
  });

  test('A guard that is put back works where no other route of the module has one', async () => {
    const { client } = await app.signedIn();
    expect(guardsOfWrapped).toEqual([SessionGuard]);
    for (const path of ['/alone/wrapped', '/alone/overriding/silent']) {
      expect((await fetch(`${app.url}${path}`)).status).toBe(401);
      expect((await client.get(path)).status).toBe(200);
    }
  });

  test('A session that fails a requirement is not left on the request', async () => {
    const { client } = await app.signedIn();
    expect(await (await client.get('/caught')).json()).toEqual({ error: 'INVALID_CLAIMS', isOnRequest: false });
    // What the guard has verified before stays.
    expect(await (await client.get('/twice')).json()).toEqual({ isOnRequest: true });
  });
});
