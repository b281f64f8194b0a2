import {
  Controller,
  Get,
  Injectable,
  Req,
  Res,
  type INestApplication,
  type MiddlewareConsumer,
  type NestMiddleware,
} from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthError, getSessionFromRequest, PrimitiveClaim, Sessions, UnauthorisedError } from 'latchkey';
import { authModule, newEmail, PASSWORD, rootModule } from '../../support/auth-app.js';
import { frameworks, startApp, type Framework } from '../../support/frameworks.js';
import { AuthTestClient } from 'latchkey/testing';
import { RecordedLog } from '../../support/recorded-log.js';
import type { ServerResponse } from 'node:http';

const plan = new PrimitiveClaim({ key: 'plan', fetchValue: () => 'pro', defaultMaxAgeInSeconds: 0 });

/** On Fastify, Nest gives middleware the request and the response of Node. */
@Injectable()
class NeedsSession implements NestMiddleware {
  constructor(private readonly sessions: Sessions) {}

  async use(request: unknown, response: unknown, next: () => void): Promise<void> {
    const overrideGlobalClaimValidators = () => [plan.validators.hasValue('pro', 0)];
    await this.sessions.getSession(request, response, { overrideGlobalClaimValidators });
    next();
  }
}

/** Node's own response below that of a framework. */
const nodeOf = (response: { raw?: ServerResponse }) => response.raw ?? (response as ServerResponse);

@Controller()
class FailingController {
  @Get('behind-middleware/who')
  who(@Req() request: { raw?: unknown }) {
    return { userId: getSessionFromRequest(request.raw ?? request)?.getUserId() };
  }

  @Get('fails/unsent')
  unsent() {
    throw new UnauthorisedError();
  }

  @Get('fails/under-way')
  underWay(@Res({ passthrough: true }) response: { raw?: ServerResponse }) {
    nodeOf(response).writeHead(200, { 'content-type': 'text/plain' });
    nodeOf(response).write('begun');
    throw new UnauthorisedError();
  }

  @Get('fails/hijacked')
  hijacked(@Res({ passthrough: true }) response: { raw?: ServerResponse; hijack?: () => void }) {
    response.hijack?.();
    throw new UnauthorisedError();
  }

  @Get('fails/sent')
  sent(@Res({ passthrough: true }) response: { raw?: ServerResponse }) {
    nodeOf(response).end('all of it');
    throw new UnauthorisedError();
  }

  @Get('fails/twice')
  twice() {
    throw new AuthError('CONFIGURATION', 'our secret');
  }
}

async function start(framework: Framework, logger: RecordedLog): Promise<{ app: INestApplication; url: string }> {
  const module = rootModule({
    imports: [
      authModule({
        session: {
          errorHandlers: {
            onUnauthorised: (_message, request) => {
              if (request.getHeaderValue('x-fail') !== undefined)
                throw new Error('the handler fails, code=SECRET\n[Nest] 1 LOG forged');
            },
          },
        },
      }),
    ],
    controllers: [FailingController],
  });
  const root = module.module as { prototype: object };
  Object.defineProperty(root.prototype, 'configure', {
    value: (consumer: MiddlewareConsumer) => consumer.apply(NeedsSession).forRoutes('behind-middleware/*path'),
  });
  return startApp(framework, module, { logger });
}

describe.each(frameworks)('Errors end their answer on %s', (framework) => {
  let app: INestApplication;
  let url: string;
  const logger = new RecordedLog();
  const lost: unknown[] = [];
  const note = (error: unknown) => void lost.push(error);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    ({ app, url } = await start(framework, logger));
  });
  afterAll(async () => {
    await app.close();
    process.off('unhandledRejection', note);
    expect(lost).toEqual([]);
  });

  const get = async (path: string, headers = {}) => {
    const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(5000) });
    return { status: response.status, body: await response.text(), type: response.headers.get('content-type') };
  };

  it('in middleware of Nest', async () => {
    const { status, body, type } = await get('/behind-middleware/who');
    expect([status, JSON.parse(body), type]).toEqual([
      401,
      { message: 'unauthorised' },
      'application/json; charset=utf-8',
    ]);
  });

  it.each(['header', 'cookie'] as const)('and tokens that middleware writes reach the client (%s)', async (mode) => {
    const client = new AuthTestClient({ url, transferMethod: mode });
    await client.signUp(newEmail(), PASSWORD);
    const response = await client.get('/behind-middleware/who');
    expect(await response.json()).toEqual({ userId: expect.any(String) });
    expect(response.headers.has('front-token')).toBe(true);
    expect(response.headers.get('cache-control')).toBe('no-store');
    if (mode === 'cookie') expect(response.headers.getSetCookie()[0]).toMatch(/^sAccessToken=ey/);
  });

  it.each(['unsent', 'hijacked'])('where it is %s, with what the error means', async (path) => {
    const { status, body } = await get(`/fails/${path}`);
    expect([status, JSON.parse(body)]).toEqual([401, { message: 'unauthorised' }]);
  });

  it('where it is under way, by breaking off: nobody takes it for the whole', async () => {
    await expect(get('/fails/under-way')).rejects.toThrow();
  });

  it('where it is sent, by nothing more', async () => {
    expect(await get('/fails/sent')).toMatchObject({ status: 200, body: 'all of it' });
  });

  it("with a 500 where the application's error handler fails, and where the fault is ours", async () => {
    for (const [path, headers] of [
      ['/fails/unsent', { 'x-fail': '1' }],
      ['/behind-middleware/who', { 'x-fail': '1' }],
      ['/fails/twice', {}],
    ] as const) {
      const { status, body } = await get(path, headers);
      expect([status, JSON.parse(body)]).toEqual([500, { message: 'Internal server error' }]);
    }
    const failures = logger.errors().filter((text) => text.startsWith('Answering'));
    const line =
      /^Answering UNAUTHORISED failed: Error: the handler fails, code=\[hidden\] \[Nest\] 1 LOG forged {5}at /;
    expect(failures).toEqual([expect.stringMatching(line), expect.stringMatching(line)]);
  });
});
