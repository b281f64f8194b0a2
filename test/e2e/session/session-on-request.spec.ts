import { Controller, Get, Req, type INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getSessionFromRequest, Session, SessionContainer } from 'latchkey';
import { frameworks, type Framework } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

interface WithSession {
  session?: unknown;
}

@Controller('request')
class RequestController {
  @Get('guarded')
  @Session()
  guarded(@Req() { session }: WithSession) {
    return { isOurs: session instanceof SessionContainer, userId: (session as SessionContainer).getUserId() };
  }

  @Get('asked')
  @Session()
  viaRequest(@Req() request: WithSession) {
    return { userId: getSessionFromRequest(request)?.getUserId() };
  }

  @Get('optional')
  optional(@Req() { session }: WithSession, @Session({ sessionRequired: false }) parameter?: SessionContainer) {
    return { onRequest: session ?? null, parameter: parameter?.getUserId() ?? null, given: parameter !== undefined };
  }

  @Get('required')
  required(@Session() parameter: SessionContainer) {
    return { parameter: parameter.getUserId() };
  }
}

const foreignSession = () => ({ userId: 'mallory', getUserId: () => 'mallory' });

/** What express-session and its like do: an object of their own at the same place, for every request. */
function addForeignSessions(app: INestApplication, framework: Framework): void {
  if (framework === 'Express') {
    app.use((request: WithSession, _response: unknown, next: () => void) => {
      request.session = foreignSession();
      next();
    });
    return;
  }
  const fastify = app.getHttpAdapter().getInstance() as {
    decorateRequest(name: string, value: null): void;
    addHook(name: string, hook: (request: WithSession) => Promise<void>): void;
  };
  fastify.decorateRequest('session', null);
  fastify.addHook('onRequest', async (request) => {
    request.session = foreignSession();
  });
}

/** As cookie-session and @fastify/secure-session do: a getter, without or with a setter that takes only their own. */
function reserveSession(app: INestApplication, framework: Framework): void {
  if (framework === 'Express') {
    app.use((request: object, _response: unknown, next: () => void) => {
      const set = () => {
        throw new Error('That is no session of this library');
      };
      Object.defineProperty(request, 'session', { get: () => undefined, set, configurable: true });
      next();
    });
    return;
  }
  const fastify = app.getHttpAdapter().getInstance() as {
    decorateRequest(name: string, property: { getter: () => undefined }): void;
  };
  fastify.decorateRequest('session', { getter: () => undefined });
}

describe.each(frameworks)('the session on the request of %s', (framework) => {
  let app: SessionApp;
  let beside: SessionApp;
  beforeAll(async () => {
    const controllers = [RequestController];
    app = await startSessionApp(framework, { controllers });
    beside = await startSessionApp(framework, {
      controllers,
      configure: (nest) => addForeignSessions(nest, framework),
    });
  });
  afterAll(() => Promise.all([app.close(), beside.close()]));

  test('is the one that was verified', async () => {
    const { client } = await app.signedIn('header', { userId: 'grace' });
    expect(await (await client.get('/request/guarded')).json()).toEqual({ isOurs: true, userId: 'grace' });
  });

  test('is not there without one', async () => {
    const answer = await (await fetch(`${app.url}/request/optional`)).json();
    expect(answer).toEqual({ onRequest: null, parameter: null, given: false });
  });

  test('is not put into a place that a library has reserved and left empty', async () => {
    const reserving = await startSessionApp(framework, {
      controllers: [RequestController],
      configure: (nest) => reserveSession(nest, framework),
    });
    try {
      const { client } = await reserving.signedIn('header', { userId: 'grace' });
      expect(await (await client.get('/request/asked')).json()).toEqual({ userId: 'grace' });
      expect(await (await client.get('/request/required')).json()).toEqual({ parameter: 'grace' });
    } finally {
      await reserving.close();
    }
  });

  test('belongs to this request alone', async () => {
    const clients = await Promise.all(
      ['a', 'b', 'c', 'd'].map((userId) => app.signedIn('header', { userId }).then(({ client }) => client)),
    );
    const rounds = Array.from({ length: 40 }, (_, at) => clients[at % 4]!);
    const answers = await Promise.all(rounds.map(async (client) => (await client.get('/request/guarded')).json()));
    expect(answers).toEqual(rounds.map((_, at) => ({ isOurs: true, userId: 'abcd'[at % 4] })));
  });

  describe('beside a library that puts a session of its own there', () => {
    test('a foreign session opens nothing', async () => {
      expect((await fetch(`${beside.url}/request/guarded`)).status).toBe(401);
      expect((await fetch(`${beside.url}/request/required`)).status).toBe(401);
    });

    test('a foreign session never reaches a @Session() parameter', async () => {
      const answer = await (await fetch(`${beside.url}/request/optional`)).json();
      expect(answer).toEqual({ onRequest: { userId: 'mallory' }, parameter: null, given: false });
    });

    test('the foreign one stays, and ours is found beside it', async () => {
      const { client } = await beside.signedIn('cookie', { userId: 'grace' });
      expect(await (await client.get('/request/guarded')).json()).toEqual({ isOurs: false, userId: 'mallory' });
      expect(await (await client.get('/request/asked')).json()).toEqual({ userId: 'grace' });
      expect(await (await client.get('/request/required')).json()).toEqual({ parameter: 'grace' });
    });
  });
});
