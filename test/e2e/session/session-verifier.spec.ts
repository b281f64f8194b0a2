import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  Req,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ConfigurationError,
  getSessionFromRequest,
  PublicAccess,
  Session,
  SessionApi,
  SessionContainer,
  SessionFunctions,
  SessionVerifier,
  type GetSessionInput,
  type SessionClaimValidator,
  type SessionRequirements,
  type VerifySessionInput,
} from 'latchkey';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

/** What the application's guard was told, by the name of the handler. */
const requirementsByMethod = new Map<string, SessionRequirements>();
let verifications = 0;

/** Of an application that lets a partner in by a key, and others by a session. */
@Injectable()
class PartnerOrSession implements CanActivate {
  constructor(private readonly verifier: SessionVerifier) {}

  async canActivate(context: ExecutionContext) {
    const requirements = this.verifier.requirementsOf(context);
    requirementsByMethod.set(
      context.getHandler().name,
      structuredClone({ ...requirements, options: flagsOf(requirements) }),
    );
    // Its own copy: what it does to it must not open the route.
    Object.assign(requirements.options, { sessionRequired: false });
    if (this.verifier.isPublic(context)) return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-partner'] === 'right') return true;
    await this.verifier.verify(context);
    return true;
  }
}

const flagsOf = ({ options: { sessionRequired, checkDatabase } }: SessionRequirements) => ({
  sessionRequired,
  checkDatabase,
});

@Injectable()
class LetsRefusedIn implements CanActivate {
  constructor(private readonly verifier: SessionVerifier) {}

  async canActivate(context: ExecutionContext) {
    await this.verifier.verify(context).catch(() => undefined);
    return true;
  }
}

const refusing: SessionClaimValidator = { id: 'never', validate: () => ({ isValid: false, reason: 'never' }) };

@Controller('own')
class OwnController {
  @Get()
  plain(@Req() request: unknown) {
    return { userId: getSessionFromRequest(request)?.getUserId() ?? null };
  }

  @Get('parameter')
  parameter(@Session({ checkDatabase: true }) session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @Get('optional')
  optional(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return { userId: session?.getUserId() ?? null };
  }

  @Get('claimed')
  @Session({ overrideGlobalClaimValidators: () => [refusing] })
  claimed() {}
}

@Controller('open')
@PublicAccess()
class OpenController {
  @Get()
  open() {
    return { open: true };
  }

  @Get('but-guarded')
  butGuarded(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

@Controller('below-open')
class BelowOpenController extends OpenController {}

@Controller('caught')
@UseGuards(LetsRefusedIn)
class CaughtController {
  @Get()
  caught(@Req() request: { session?: unknown }) {
    return { found: getSessionFromRequest(request) ?? request.session ?? null };
  }
}

class CountingFunctions extends SessionFunctions {
  override async getSession(input: GetSessionInput) {
    verifications++;
    return super.getSession(input);
  }
}

class RefusesAfterwards extends SessionApi {
  override async verifySession(input: VerifySessionInput) {
    await super.verifySession(input);
    throw new ForbiddenException('banned');
  }
}

describe.each(frameworks)("An application's own guard with SessionVerifier on %s", (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, {
      controllers: [OwnController, OpenController, BelowOpenController],
      providers: [{ provide: APP_GUARD, useClass: PartnerOrSession }],
      session: { override: { functions: CountingFunctions } },
    });
  });
  afterAll(() => app.close());

  const answer = async (response: Response | Promise<Response>) => {
    const { status } = await response;
    return [status, await (await response).json()];
  };

  test('answers as SessionGuard does', async () => {
    // A cookie of an older kind of session, which is refreshed first.
    const old = { headers: { cookie: 'sIdRefreshToken=1' } };
    expect(await answer(fetch(`${app.url}/own`))).toEqual([401, { message: 'unauthorised' }]);
    expect(await answer(fetch(`${app.url}/own`, old))).toEqual([401, { message: 'try refresh token' }]);
    const { client } = await app.signedIn('cookie');
    expect(await answer(client.get('/own'))).toEqual([200, { userId: 'ada' }]);
    expect(await answer(client.get('/own/claimed'))).toEqual([
      403,
      { message: 'invalid claim', claimValidationErrors: [{ id: 'never', reason: 'never' }] },
    ]);
  });

  test('verifies once for a @Session() parameter, by what it asks for', async () => {
    const { client, handle } = await app.signedIn();
    verifications = 0;
    expect(await answer(client.get('/own/parameter'))).toEqual([200, { userId: 'ada' }]);
    expect(verifications).toBe(1);
    await app.app.get(SessionFunctions).revokeSession({ sessionHandle: handle });
    expect((await client.get('/own/parameter')).status).toBe(401);
    expect(await answer(fetch(`${app.url}/own/optional`))).toEqual([200, { userId: null }]);
  });

  test('lets others in, and a @Session() parameter still needs a session', async () => {
    const partner = { headers: { 'x-partner': 'right' } };
    expect(await answer(fetch(`${app.url}/own`, partner))).toEqual([200, { userId: null }]);
    expect(await answer(fetch(`${app.url}/own/parameter`, partner))).toEqual([401, { message: 'unauthorised' }]);
  });

  test('knows what is public: neither a class below an open one, nor a method that asks for a session', async () => {
    const paths = ['/open', '/open/but-guarded', '/below-open', '/auth/jwt/jwks.json'];
    const answered = await Promise.all(paths.map((path) => fetch(`${app.url}${path}`)));
    expect(answered.map(({ status }) => status)).toEqual([200, 401, 401, 200]);
  });

  test('knows what a route asks for, and cannot change it', async () => {
    for (const path of ['', '/parameter', '/optional', '/optional', '']) await fetch(`${app.url}/own${path}`);
    await fetch(`${app.url}/open`);
    expect(Object.fromEntries(requirementsByMethod)).toMatchObject({
      plain: { isPublic: false, options: {} },
      parameter: { isPublic: false, options: { checkDatabase: true } },
      optional: { isPublic: false, options: { sessionRequired: false } },
      open: { isPublic: true },
    });
    expect((await fetch(`${app.url}/own`)).status).toBe(401);
  });

  test('a session that an override has refused is not on the request', async () => {
    const refusing = await startSessionApp(framework, {
      controllers: [CaughtController],
      session: { override: { apis: RefusesAfterwards } },
    });
    try {
      const { client } = await refusing.signedIn();
      expect(await answer(client.get('/caught'))).toEqual([200, { found: null }]);
    } finally {
      await refusing.close();
    }
  });

  test('a call without a request is told what to give', async () => {
    const verifier = app.app.get(SessionVerifier);
    class Gateway {
      onMessage() {}
    }
    const context = { getClass: () => Gateway, getHandler: () => Gateway.prototype.onMessage, getType: () => 'ws' };
    const verified = verifier.verify(context as unknown as ExecutionContext);
    await expect(verified).rejects.toThrow(ConfigurationError);
    await expect(verified).rejects.toThrow(/Gateway\.onMessage.*'ws'.*Give verify\(context, \{ request, response \}\)/);
    await expect(verified).rejects.toThrow(/Add WebSocketTransport\.init\(\) of 'latchkey\/websockets' to transports/);
  });
});
