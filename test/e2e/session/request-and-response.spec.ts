import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BaseRequest, BaseResponse, SessionApi, type SignOutPOSTInput } from 'latchkey';
import { cookiesSet } from '../../support/answers.js';
import { frameworks } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

/** Hands request and response of `POST /auth/signout` to the test. */
@Injectable()
class Inspected extends SessionApi {
  inspect: (request: BaseRequest, response: BaseResponse) => unknown = () => undefined;

  override async signOutPOST({ options }: SignOutPOSTInput): Promise<{ status: 'OK' }> {
    const found = await this.inspect(options.req, options.res);
    return { status: 'OK', found } as { status: 'OK' };
  }
}

describe.each(frameworks)('the request and the response that overrides see on %s', (framework) => {
  let app: SessionApp;
  beforeAll(async () => {
    app = await startSessionApp(framework, { session: { override: { apis: Inspected } } });
  });
  afterAll(() => app.close());

  async function inspect<T>(
    look: (request: BaseRequest, response: BaseResponse) => T | Promise<T>,
    init: RequestInit = {},
    query = '',
  ): Promise<{ response: Response; found: Awaited<T> }> {
    (app.app.get(SessionApi, { strict: false }) as Inspected).inspect = look;
    const response = await fetch(`${app.url}/auth/signout${query}`, { method: 'POST', ...init });
    const { found } = (await response.clone().json()) as { found: Awaited<T> };
    return { response, found };
  }

  describe('BaseRequest', () => {
    test("original is the framework's own request", async () => {
      const { found } = await inspect((request) => ({
        isOurs: request instanceof BaseRequest,
        express: 'app' in request.original && 'res' in request.original,
        fastify: 'raw' in request.original && 'server' in request.original,
      }));
      expect(found).toEqual({ isOurs: true, express: framework === 'Express', fastify: framework === 'Fastify' });
    });

    test('getKeyValueFromQuery decodes one value, and gives nothing for several, none or inherited ones', async () => {
      const keys = ['plain', 'encoded', 'empty', 'twice', 'nested', 'missing', '__proto__', 'constructor', 'toString'];
      const { found } = await inspect(
        async (request) => {
          const values = keys.map(async (key) => [key, (await request.getKeyValueFromQuery(key)) ?? null] as const);
          return Object.fromEntries((await Promise.all(values)).filter(([, value]) => value !== null));
        },
        {},
        '?plain=1&encoded=a%20b%26c%C3%A9&empty=&twice=1&twice=2&nested[a]=1',
      );
      expect(found).toEqual({ plain: '1', encoded: 'a b&cé', empty: '' });
    });

    test.each([['JSON', 'application/json', '{"name":"Zoë","list":[1,null]}', { name: 'Zoë', list: [1, null] }]])(
      'getJSONBody reads %s, as often as it is asked',
      async (_kind, contentType, body, expected) => {
        const { found } = await inspect(
          async (request) => [{ ...((await request.getJSONBody()) as object) }, await request.getJSONBody()],
          { headers: { 'content-type': contentType }, body },
        );
        expect(found).toEqual([expected, expected]);
      },
    );

    test('getJSONBody gives nothing where there is no body', async () => {
      const { found } = await inspect(async (request) =>
        (await request.getJSONBody()) === undefined ? 'none' : 'some',
      );
      expect(found).toBe('none');
    });

    test('getMethod is in lower case, getOriginalURL has the path and the query', async () => {
      const { found } = await inspect((request) => [request.getMethod(), request.getOriginalURL()], {}, '?a=1&b=%20');
      expect(found).toEqual(['post', '/auth/signout?a=1&b=%20']);
    });

    test('getHeaderValue asks without regard to case', async () => {
      const { found } = await inspect(
        (request) => ['x-Custom', 'X-CUSTOM', 'missing'].map((name) => request.getHeaderValue(name) ?? null),
        { headers: { 'X-Custom': 'value' } },
      );
      expect(found).toEqual(['value', 'value', null]);
    });

    test('getCookieValue decodes, and gives the first of several', async () => {
      const cookie = 'plain=1; spaced=a%20b; broken=%E0%A4%A; quoted="q"; equals=a=b; twice=first; twice=second';
      const names = ['plain', 'spaced', 'broken', 'quoted', 'equals', 'twice', 'missing', 'Plain'];
      const { found } = await inspect((request) => names.map((name) => request.getCookieValue(name) ?? null), {
        headers: { cookie },
      });
      expect(found).toEqual(['1', 'a b', '%E0%A4%A', 'q', 'a=b', 'first', null, null]);
    });
  });

  describe('BaseResponse', () => {
    test("original is the framework's own response", async () => {
      const { found } = await inspect((_request, response) => ({
        isOurs: response instanceof BaseResponse,
        express: 'app' in (response.original as object),
        fastify: 'raw' in (response.original as object),
      }));
      expect(found).toEqual({ isOurs: true, express: framework === 'Express', fastify: framework === 'Fastify' });
    });

    test('setHeader replaces, or adds each value once', async () => {
      const { response } = await inspect((_request, answer) => {
        answer.setHeader('x-one', 'a', false);
        answer.setHeader('X-One', 'b', false);
        for (const value of ['a', 'b', 'a']) answer.setHeader('x-list', value, true);
        answer.setHeader('x-gone', 'a', false);
        answer.removeHeader('X-Gone');
      });
      expect(response.headers.get('x-one')).toBe('b');
      expect(response.headers.get('x-list')).toBe('a, b');
      expect(response.headers.has('x-gone')).toBe(false);
    });

    test('setHeader refuses values that would begin another header', async () => {
      const { response, found } = await inspect((_request, answer) => {
        try {
          answer.setHeader('x-evil', 'a\r\nset-cookie: b=c', false);
          return 'taken';
        } catch {
          return 'refused';
        }
      });
      expect(found).toBe('refused');
      expect(cookiesSet(response)).toEqual([]);
    });

    test('setCookie writes every attribute', async () => {
      const expires = Date.UTC(2040, 0, 1);
      const { response } = await inspect((_request, answer) => {
        answer.setCookie('full', 'a b;c', 'example.com', true, true, expires, '/some', 'strict');
        answer.setCookie('bare', '', undefined, false, false, 0, '/', 'none');
      });
      expect(cookiesSet(response)).toEqual([
        {
          name: 'full',
          value: 'a b;c',
          domain: 'example.com',
          secure: true,
          httpOnly: true,
          expires: new Date(expires),
          path: '/some',
          sameSite: 'strict',
        },
        { name: 'bare', value: '', expires: new Date(0), path: '/', sameSite: 'none' },
      ]);
    });

    test('setCookie keeps one cookie for each name, domain and path', async () => {
      const { response } = await inspect((_request, answer) => {
        const set = (value: string, domain: string | undefined, path: string) =>
          answer.setCookie('c', value, domain, true, true, Date.UTC(2040, 0, 1), path, 'lax');
        set('first', undefined, '/');
        set('other path', undefined, '/sub');
        set('other domain', 'example.com', '/');
        set('second', undefined, '/');
      });
      const values = cookiesSet(response).map(({ value }) => value);
      expect(values.sort()).toEqual(['other domain', 'other path', 'second']);
    });

    test('setCookie leaves alone what the application set itself', async () => {
      const { response } = await inspect((_request, answer) => {
        const { original } = answer as BaseResponse<{ header(name: string, value: string): unknown }>;
        original.header('set-cookie', 'mine=1; Path=/');
        answer.setCookie('ours', '2', undefined, true, true, Date.UTC(2040, 0, 1), '/', 'lax');
      });
      expect(cookiesSet(response).map(({ name }) => name)).toEqual(['mine', 'ours']);
    });

    test('setStatusCode and sendJSONResponse decide the answer; the first body wins', async () => {
      const seen: boolean[] = [];
      const { response } = await inspect((_request, answer) => {
        seen.push(answer.isSent);
        answer.setStatusCode(418);
        answer.sendJSONResponse({ own: 'é', status: 'TEAPOT' });
        answer.sendJSONResponse({ own: 'later' });
        answer.setHeader('x-after', 'still', false);
        seen.push(answer.isSent);
      });
      expect(seen).toEqual([false, true]);
      expect(response.status).toBe(418);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('x-after')).toBe('still');
      expect(await response.json()).toEqual({ own: 'é', status: 'TEAPOT' });
    });
  });
});
