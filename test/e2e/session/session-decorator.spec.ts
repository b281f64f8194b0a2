import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Session, SessionContainer, SessionFunctions } from 'latchkey';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

interface WithSession {
  session?: SessionContainer;
}
const whoIs = (session: SessionContainer | undefined) => ({ userId: session?.getUserId() ?? null });
const demanding = {
  overrideGlobalClaimValidators: () => [{ id: 'never', validate: () => ({ isValid: false as const, reason: 0 }) }],
};

@Controller('open')
class OpenController {
  @Get('unguarded')
  unguarded(@Req() request: WithSession) {
    return whoIs(request.session);
  }

  @Get('by-method')
  @Session()
  byMethod(@Req() request: WithSession) {
    return whoIs(request.session);
  }

  @Get('by-parameter')
  byParameter(@Session() session: SessionContainer) {
    return whoIs(session);
  }

  @Get('optional')
  optional(@Session({ sessionRequired: false }) session?: SessionContainer) {
    return whoIs(session);
  }

  @Get('strict/method')
  @Session({ checkDatabase: true })
  strictMethod(@Session() session: SessionContainer) {
    return whoIs(session);
  }

  @Get('strict/method-with-other-parameter-option')
  @Session({ checkDatabase: true })
  strictMethodOther(@Session({ sessionRequired: true }) session: SessionContainer) {
    return whoIs(session);
  }

  @Get('strict/method-with-undefined-on-parameter')
  @Session({ checkDatabase: true })
  strictMethodUndefined(@Session({ checkDatabase: undefined }) session: SessionContainer) {
    return whoIs(session);
  }

  @Get('strict/parameter')
  strictParameter(@Session({ checkDatabase: true }) session: SessionContainer) {
    return whoIs(session);
  }

  @Get('strict/first-of-two-parameters')
  strictFirst(@Session({ checkDatabase: true }) one: SessionContainer, @Session() _two: SessionContainer) {
    return whoIs(one);
  }

  @Get('strict/second-of-two-parameters')
  strictSecond(
    @Session({ checkDatabase: undefined }) one: SessionContainer,
    @Session({ checkDatabase: true }) _two: SessionContainer,
  ) {
    return whoIs(one);
  }

  @Get('strict/method-decorated-twice')
  @Session()
  @Session({ antiCsrfCheck: true })
  @Session({ checkDatabase: undefined })
  @Session({ checkDatabase: true })
  strictTwice(@Req() request: WithSession) {
    return whoIs(request.session);
  }

  @Get('lax/parameter-over-method')
  @Session({ checkDatabase: true })
  laxParameter(@Session({ checkDatabase: false }) session: SessionContainer) {
    return whoIs(session);
  }
}

@Controller('strict-class')
@Session({ checkDatabase: true, sessionRequired: false })
class StrictController {
  @Get()
  plain(@Req() request: WithSession) {
    return whoIs(request.session);
  }

  @Get('method')
  @Session()
  method(@Req() request: WithSession) {
    return whoIs(request.session);
  }

  @Get('required')
  @Session({ sessionRequired: true })
  required(@Session() session: SessionContainer) {
    return whoIs(session);
  }

  @Post('parameter')
  @HttpCode(200)
  parameter(@Session({ antiCsrfCheck: false }) session: SessionContainer) {
    return whoIs(session);
  }

  @Get('demanding')
  @Session(demanding)
  demanding(@Session({ sessionRequired: true }) session: SessionContainer) {
    return whoIs(session);
  }
}

@Controller('derived')
@Session({ sessionRequired: true })
class DerivedController extends StrictController {}

const declare = () => {
  class Mistaken {
    constructor(@(Session() as ParameterDecorator) readonly session: unknown) {}
  }
  return Mistaken;
};

describe.each(frameworks)('@Session() on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    const controllers = [OpenController, StrictController, DerivedController];
    // So that `checkDatabase` is all that tells.
    app = await startSessionApp(framework, { controllers, core: { revocationFeed: false } });
  });
  afterAll(() => app.close());

  const anonymous = (path: string, method = 'GET') => fetch(`${app.url}${path}`, { method });
  /** A client whose access token is good, and whose session has ended. */
  async function revoked() {
    const { client, handle } = await app.signedIn('header');
    await app.app.get(SessionFunctions, { strict: false }).revokeSession({ sessionHandle: handle });
    return client;
  }

  test.each(['/open/by-method', '/open/by-parameter', '/open/strict/parameter', '/strict-class/required'])(
    '%s needs a session and hands it over',
    async (path) => {
      expect((await anonymous(path)).status).toBe(401);
      const { client } = await app.signedIn('header', { userId: 'grace' });
      expect(await (await client.get(path)).json()).toEqual({ userId: 'grace' });
    },
  );

  test('where it does not stand, nothing is verified', async () => {
    const { client } = await app.signedIn();
    expect(await (await client.get('/open/unguarded')).json()).toEqual({ userId: null });
  });

  describe('sessionRequired: false', () => {
    test('lets requests without a session through, with no session', async () => {
      for (const path of ['/open/optional', '/strict-class', '/strict-class/method']) {
        const response = await anonymous(path);
        expect([response.status, await response.json()]).toEqual([200, { userId: null }]);
      }
    });

    test('takes a foreign token for no session, with and without a look at the database', async () => {
      for (const path of ['/open/optional', '/strict-class']) {
        const response = await fetch(`${app.url}${path}`, { headers: { authorization: 'Bearer opaque' } });
        expect([response.status, await response.json()]).toEqual([200, { userId: null }]);
      }
    });

    test('still asks for a refresh where the token only has to be refreshed', async () => {
      const { client } = await app.signedIn();
      const forged = `${client.tokens.accessToken!.slice(0, -20)}${'A'.repeat(20)}`;
      const response = await client.get('/open/optional', { headers: { authorization: `Bearer ${forged}` } });
      expect([response.status, await response.json()]).toEqual([401, { message: 'try refresh token' }]);
    });

    test('still hands over a good one', async () => {
      const { client } = await app.signedIn('cookie');
      expect(await (await client.get('/open/optional')).json()).toEqual({ userId: 'ada' });
    });
  });

  describe('checkDatabase', () => {
    test('without it, and without a feed, a revocation is not seen until the token expires', async () => {
      const client = await revoked();
      for (const path of [
        '/open/by-method',
        '/open/by-parameter',
        '/open/optional',
        '/open/lax/parameter-over-method',
      ]) {
        expect((await client.get(path)).status).toBe(200);
      }
    });

    test.each([
      '/open/strict/method',
      '/open/strict/method-with-other-parameter-option',
      '/open/strict/method-with-undefined-on-parameter',
      '/open/strict/parameter',
      '/open/strict/first-of-two-parameters',
      '/open/strict/second-of-two-parameters',
      '/open/strict/method-decorated-twice',
      '/strict-class/required',
      '/derived/required',
    ])('at %s it is seen at once', async (path) => {
      const { client } = await app.signedIn();
      expect((await client.get(path)).status).toBe(200);
      const response = await (await revoked()).get(path);
      expect([response.status, await response.json()]).toEqual([401, { message: 'unauthorised' }]);
    });

    test.each(['/strict-class', '/strict-class/method', '/derived', '/derived/method'])(
      'on the class it also counts at %s, which gives other options or none',
      async (path) => {
        expect(await (await (await app.signedIn()).client.get(path)).json()).toEqual({ userId: 'ada' });
        const response = await (await revoked()).get(path);
        const isRequired = path.startsWith('/derived');
        expect([response.status, await response.json()]).toEqual(
          isRequired ? [401, { message: 'unauthorised' }] : [200, { userId: null }],
        );
      },
    );

    test('on the class it also counts for a parameter that gives another option', async () => {
      const response = await (await revoked()).post('/strict-class/parameter', {});
      expect([response.status, await response.json()]).toEqual([200, { userId: null }]);
    });
  });

  test('a subclass of a guarded controller adds to its options', async () => {
    expect((await anonymous('/strict-class')).status).toBe(200);
    expect((await anonymous('/derived')).status).toBe(401);
  });

  test('requirements on the method and options on the parameter both count', async () => {
    expect((await anonymous('/strict-class/demanding')).status).toBe(401);
    const { client } = await app.signedIn();
    expect((await client.get('/strict-class/demanding')).status).toBe(403);
  });

  test('on a constructor parameter it is refused with the fix', () => {
    expect(declare).toThrow(/constructor parameter of Mistaken.*route handler/);
  });
});
