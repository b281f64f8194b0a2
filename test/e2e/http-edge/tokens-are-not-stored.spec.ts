import { Controller, Get, Header, Redirect, Res, Sse, StreamableFile } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrimitiveClaim, Session, SessionContainer } from 'latchkey';
import { of } from 'rxjs';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

const plan = new PrimitiveClaim({ key: 'plan', fetchValue: () => 'pro', defaultMaxAgeInSeconds: 0 });
const fresh = { overrideGlobalClaimValidators: () => [plan.validators.hasValue('pro', 0)] };

interface AnyResponse {
  raw?: AnyResponse;
  setHeader(name: string, value: string): void;
  writeHead(status: number, headers: unknown): void;
  end(body: string): void;
}

/** Pages that the application lets caches keep, answered with new tokens of this user. */
@Controller('page')
class PageController {
  @Get('by-decorator')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('CDN-Cache-Control', 'max-age=60')
  byDecorator(@Session(fresh) _session: SessionContainer) {
    return { page: 1 };
  }

  @Get('stream')
  @Header('Cache-Control', 'public, max-age=60')
  stream(@Session(fresh) _session: SessionContainer) {
    return new StreamableFile(Buffer.from('page'));
  }

  @Sse('events')
  @Header('Cache-Control', 'public, max-age=60')
  events(@Session(fresh) _session: SessionContainer) {
    return of({ data: 'page' });
  }

  @Get('redirect')
  @Header('Cache-Control', 'public, max-age=60')
  @Redirect('/elsewhere')
  redirect(@Session(fresh) _session: SessionContainer) {}

  @Get('head/object')
  object(@Session(fresh) _session: SessionContainer, @Res() response: AnyResponse) {
    write(response, { 'cache-CONTROL': 'public', 'x-kept': 'yes' });
  }

  @Get('head/list')
  list(@Session(fresh) _session: SessionContainer, @Res() response: AnyResponse) {
    write(response, ['Cache-Control', 'public', 'x-kept', 'yes']);
  }

  @Get('without-tokens')
  @Header('Cache-Control', 'public, max-age=60')
  withoutTokens(@Session() _session: SessionContainer) {
    return { page: 1 };
  }
}

function write(response: AnyResponse, headers: unknown): void {
  const node = response.raw ?? response;
  node.setHeader('Surrogate-Control', 'max-age=60');
  node.writeHead(200, headers);
  node.end('page');
}

describe.each(frameworks)('An answer with tokens on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { controllers: [PageController] });
  });
  afterAll(() => app.close());

  const caching = ({ headers }: Response) =>
    ['cache-control', 'cdn-cache-control', 'surrogate-control'].map((name) => headers.get(name));

  it.each(['header', 'cookie'] as const)('is kept by no cache, new tokens or cleared ones (%s)', async (mode) => {
    const { client, response } = await app.signedIn(mode);
    const answers = [response, await client.refresh(), await client.signOut()];
    for (const answer of answers) expect(caching(answer)).toEqual(['no-store', null, null]);
  });

  it.each(['by-decorator', 'stream', 'events', 'redirect', 'head/object', 'head/list'])(
    'is kept by no cache, whatever its handler says: %s',
    async (path) => {
      const { client } = await app.signedIn('header');
      const response = await client.get(`/page/${path}`);
      expect(response.headers.has('st-access-token')).toBe(true);
      expect(caching(response)).toEqual(['no-store', null, null]);
      if (path.startsWith('head')) expect(response.headers.get('x-kept')).toBe('yes');
      if (path !== 'redirect') expect(await response.text()).toContain('page');
    },
  );

  it('carries them also where its handler goes past the framework (cookies)', async () => {
    const { client } = await app.signedIn('cookie');
    const response = await client.get('/page/head/object');
    expect(response.headers.getSetCookie().map((cookie) => cookie.slice(0, 15))).toEqual(['sAccessToken=ey']);
  });

  it('is told from one without: that is kept as its handler says', async () => {
    const { client } = await app.signedIn('header');
    expect(caching(await client.get('/page/without-tokens'))).toEqual(['public, max-age=60', null, null]);
  });
});
