import { Controller, Get, Req, Res } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  getSessionFromRequest,
  PublicAccess,
  Session,
  SessionContainer,
  Sessions,
  type SessionClaimValidator,
} from 'latchkey';
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

describe.each(onExpress)('What is open by mistake, on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers: [CaughtController, OverridingMethods] });
  });
  afterAll(() => app.close());

  test('A method that overrides a guarded one stays guarded, unless it says something itself', async () => {
    const { client } = await app.signedIn();
    const statuses = async (ask: (path: string) => Promise<Response>) =>
      Promise.all(['silent', 'demanding', 'own', 'open'].map(async (path) => (await ask(path)).status));
    expect(await statuses((path) => fetch(`${app.url}/overriding/${path}`))).toEqual([401, 401, 401, 200]);
    expect(await statuses((path) => client.get(`/overriding/${path}`))).toEqual([200, 403, 200, 200]);
  });

  test('A session that fails a requirement is not left on the request', async () => {
    const { client } = await app.signedIn();
    expect(await (await client.get('/caught')).json()).toEqual({ error: 'INVALID_CLAIMS', isOnRequest: false });
  });
});
