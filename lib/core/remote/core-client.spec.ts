import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { freePort } from '../../../test/support/free-port.js';
import { type Script, ScriptedCore } from '../../../test/support/scripted-core.js';
import {
  type AuthError,
  BadInputError,
  ConfigurationError,
  StorageUnavailableError,
  UnknownTenantError,
} from '../auth.error.js';
import { type CoreCall, CoreClient } from './core-client.js';
import type { RemoteCoreOptions } from './remote-core.options.js';

const answer = z.object({ status: z.literal('OK'), value: z.number() });
const GOOD = { body: { status: 'OK', value: 1, more: 'ignored' } };

const get: CoreCall<z.infer<typeof answer>> = { method: 'GET', path: '/hello', answer };
const post: typeof get = { method: 'POST', path: '/recipe/signup', body: { email: 'a@example.com' }, answer };
const repeatable: typeof get = { ...post, isRepeatable: true };

describe('CoreClient', () => {
  const running: ScriptedCore[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((core) => core.close()));
  });

  async function start(script: Script): Promise<ScriptedCore> {
    const core = await ScriptedCore.start(script);
    running.push(core);
    return core;
  }

  const clientOf = (core: ScriptedCore, options: Partial<RemoteCoreOptions> = {}) =>
    new CoreClient({ connectionURI: core.url, timeoutMs: 5000, ...options });

  async function refusal(call: Promise<unknown>): Promise<AuthError> {
    return call.then(
      () => Promise.reject(new Error('The call succeeded, though it was to fail')),
      (error: AuthError) => error,
    );
  }

  /** Answers the first requests as listed, the others well. */
  function inOrder(...first: Script[]): Script {
    return (request, response) => (first.shift() ?? (() => GOOD))(request, response);
  }
  const hangUp: Script = (_request, response) => void response.destroy();

  describe('requests', () => {
    it('carry the key, the version and nothing that was not asked for', async () => {
      const core = await start(() => GOOD);
      const client = clientOf(core, { connectionURI: `${core.url}/appid-shop/`, apiKey: 'secret' });
      await client.call({ ...get, tenantId: 'acme', query: { a: 'x y&z', b: undefined, c: false } });
      await client.call(post);
      const [versions, first, second] = core.seen;
      expect(core.seen).toHaveLength(3);
      expect(versions).toMatchObject({ path: '/appid-shop/apiversion', headers: { 'api-key': 'secret' } });
      expect(versions?.headers).not.toHaveProperty('cdi-version');
      expect(first).toMatchObject({ path: '/appid-shop/acme/hello', headers: { 'cdi-version': '5.6' }, body: '' });
      expect(Object.fromEntries(first!.query)).toEqual({ a: 'x y&z', c: 'false' });
      expect(second).toMatchObject({ path: '/appid-shop/recipe/signup', body: '{"email":"a@example.com"}' });
    });

    it.each(['appid-other', 'APPID-x', 'recipe', 'users', '..', '.', 'a/b', 'a%2Fb', 'a?b', '', 'x'.repeat(65), 'ä'])(
      'never go where the tenant %j would lead them',
      async (tenantId) => {
        const core = await start(() => GOOD);
        await expect(clientOf(core).call({ ...get, tenantId })).rejects.toThrow(UnknownTenantError);
        expect(core.count('/hello')).toBe(0);
        expect(core.seen.every(({ path }) => path === '/apiversion')).toBe(true);
      },
    );
  });

  describe('versions', () => {
    it.each([
      [['5.0', '5.4', '5.2', '6.0'], '5.4'],
      [['2.7', '5.0'], '5.0'],
      [['5.6', '5.5'], '5.6'],
    ])('of %j it speaks %s', async (versions, expected) => {
      const core = await start(() => GOOD);
      core.versions = versions;
      await clientOf(core).call(get);
      expect(core.seen.at(-1)?.headers['cdi-version']).toBe(expected);
    });

    it('are agreed once, however many calls are first', async () => {
      const core = await start(() => GOOD);
      const client = clientOf(core);
      await Promise.all(Array.from({ length: 20 }, () => client.call(get)));
      expect(core.count('/apiversion')).toBe(1);
    });

    it('that are all unknown are a mistake of the configuration', async () => {
      const core = await start(() => GOOD);
      core.versions = ['2.7', '4.0'];
      const error = await refusal(clientOf(core).call(get));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toMatch(/speaks 2\.7, 4\.0, and we speak 5\.6/);
      core.versions = ['5.4'];
      expect(await clientOf(core).call(get)).toEqual({ status: 'OK', value: 1 });
    });

    it('are agreed again when the core has been replaced', async () => {
      const core = await start(({ headers }) =>
        headers['cdi-version'] === '5.3' ? GOOD : { status: 400, body: 'cdi-version 5.6 not supported\n' },
      );
      expect(
        await clientOf(core)
          .call(get)
          .catch((error: AuthError) => error.code),
      ).toBe('BAD_INPUT');
      const client = clientOf(core);
      core.script = () => GOOD;
      await client.call(get);
      core.versions = ['5.3'];
      core.script = ({ headers }) =>
        headers['cdi-version'] === '5.3' ? GOOD : { status: 400, body: 'cdi-version 5.6 not supported\n' };
      expect(await client.call(post)).toEqual({ status: 'OK', value: 1 });
    });
  });

  describe('answers', () => {
    it.each<[string, unknown, string, number, string?]>([
      ['a wrong key', ConfigurationError, 'Invalid API key\n', 401],
      ['a path that is unknown', ConfigurationError, 'Not Found\n', 404],
      ['a method that is', ConfigurationError, 'Method not supported\n', 405],
      ['something forbidden', ConfigurationError, 'Only public tenantId can call this app specific API\n', 403],
      ['bad input', BadInputError, "Field name 'x' is invalid in JSON input\n", 400],
      ['a page of a proxy', StorageUnavailableError, '<html>Bad Request</html>', 400],
      ['an unknown app', ConfigurationError, 'AppId or tenantId not found => …\n', 400],
      ['an unknown tenant', UnknownTenantError, 'AppId or tenantId not found => …\n', 400, 'acme'],
      ['an error of the core', StorageUnavailableError, 'Internal Error\n', 500],
      ['no JSON', StorageUnavailableError, 'Hello\n', 200],
      ['half of it', StorageUnavailableError, '{"status":"OK","val', 200],
      ['nothing', StorageUnavailableError, '', 200],
      ['null', StorageUnavailableError, 'null', 200],
      ['an unknown status', StorageUnavailableError, '{"status":"MAYBE","value":1}', 200],
      ['a member of another type', StorageUnavailableError, '{"status":"OK","value":"1"}', 200],
      ['something deep', StorageUnavailableError, '['.repeat(100_000), 200],
    ])('of %s', async (_what, expected, body, status, ...[tenantId]) => {
      const core = await start(() => ({ status, body }));
      const error = await refusal(clientOf(core, { apiKey: 'secret' }).call({ ...post, tenantId }));
      expect(error).toBeInstanceOf(expected);
      expect(error.message).not.toContain('secret');
      if (status === 401) expect(error.message).toMatch(/^core\.apiKey/);
      if (error instanceof StorageUnavailableError) expect(error.detail).toContain(core.url);
      if (error instanceof BadInputError) expect(error.publicMessage).toBe(body.trim());
    });

    it('that are huge are not read to their end', async () => {
      let written = 0;
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const core = await start(async (_request, response) => {
        response.writeHead(200);
        while (!response.destroyed && written < 200) {
          written++;
          if (!response.write(chunk)) {
            await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
          }
        }
        response.end();
        return undefined;
      });
      const error = await refusal(clientOf(core, { timeoutMs: 60_000 }).call(post));
      expect(error).toBeInstanceOf(StorageUnavailableError);
      expect(error.detail).toMatch(/larger than \d+ bytes/);
      expect(written).toBeLessThan(100);
    });

    it('that lead elsewhere are not followed, nor is the key sent there', async () => {
      const elsewhere = await start(() => GOOD);
      for (const status of [301, 302, 303, 307, 308]) {
        const core = await start(() => ({ status, headers: { location: `${elsewhere.url}/hello` } }));
        const error = await refusal(clientOf(core, { apiKey: 'secret' }).call(get));
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error.detail).toContain(elsewhere.url);
      }
      expect(elsewhere.seen).toEqual([]);
    });
  });

  describe('without an answer', () => {
    it('says which core it is, and recovers when that comes up', async () => {
      const port = await freePort();
      const client = new CoreClient({ connectionURI: `http://127.0.0.1:${port}`, apiKey: 'secret' });
      const error = await refusal(client.call(post));
      expect(error).toBeInstanceOf(StorageUnavailableError);
      expect(error.detail).toContain(`http://127.0.0.1:${port}/apiversion: ECONNREFUSED`);
      running.push(await ScriptedCore.start(() => GOOD, port));
      expect(await client.call(post)).toEqual({ status: 'OK', value: 1 });
    });

    it('gives a slow core up, and does not make a call twice that it may have seen', async () => {
      let stalled = 0;
      const core = await start(({ path }) => (path === post.path ? void stalled++ : GOOD));
      const client = clientOf(core, { timeoutMs: 300 });
      for (const call of [post, repeatable]) {
        const error = await refusal(client.call(call));
        expect(error).toBeInstanceOf(StorageUnavailableError);
        expect(error.detail).toMatch(/no answer within 300 ms/);
      }
      expect(stalled).toBe(2);
      expect(await client.call(get)).toEqual({ status: 'OK', value: 1 });
    });

    it('gives a core up that is slow in the middle of its answer', async () => {
      const core = await start((_request, response) => void response.writeHead(200).write('{"status":'));
      const error = await refusal(clientOf(core, { timeoutMs: 300 }).call(get));
      expect(error.detail).toMatch(/no answer within 300 ms/);
    });

    it('makes a call again after a lost connection, if it does no harm twice', async () => {
      const core = await start(() => GOOD);
      const client = clientOf(core);
      await client.call(get);
      for (const call of [get, repeatable]) {
        core.script = inOrder(hangUp);
        expect(await client.call(call)).toEqual({ status: 'OK', value: 1 });
      }
      core.script = inOrder(hangUp);
      core.seen.length = 0;
      expect(await refusal(client.call(post))).toBeInstanceOf(StorageUnavailableError);
      expect(core.count(post.path)).toBe(1);
    });
  });

  describe('several addresses', () => {
    it('are used in turn', async () => {
      const cores = [await start(() => GOOD), await start(() => GOOD)];
      const client = new CoreClient({ connectionURI: cores.map(({ url }) => url).join(' ; ') });
      for (let call = 0; call < 10; call++) await client.call(post);
      expect(cores.map((core) => core.count(post.path))).toEqual([5, 5]);
    });

    it('replace each other, whatever is called, when one is down', async () => {
      const down = `http://127.0.0.1:${await freePort()}`;
      const up = await start(() => GOOD);
      const client = new CoreClient({ connectionURI: `${down};${up.url}` });
      for (let call = 0; call < 6; call++) expect(await client.call(post)).toMatchObject({ status: 'OK' });
      expect(up.count(post.path)).toBe(6);
    });

    it('replace one that goes away in the middle, and one that says so', async () => {
      const [first, second] = [await start(() => GOOD), await start(() => GOOD)];
      const client = new CoreClient({ connectionURI: `${first.url};${second.url}` });
      await client.call(get);
      for (const trouble of [hangUp, () => ({ status: 503, body: 'Stopping\n' })] satisfies Script[]) {
        first.script = trouble;
        for (let call = 0; call < 4; call++) expect(await client.call(repeatable)).toMatchObject({ status: 'OK' });
      }
    });

    it('are tried one after the other, and all named to be down together', async () => {
      const downs = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
      const error = await refusal(new CoreClient({ connectionURI: downs.join(';') }).call(get));
      expect(error).toBeInstanceOf(StorageUnavailableError);
      expect(error.detail).toContain('ECONNREFUSED');
    });

    it('do not make one call twice that may have arrived', async () => {
      const [first, second] = [await start(() => GOOD), await start(() => GOOD)];
      const client = new CoreClient({ connectionURI: `${first.url};${second.url}` });
      await client.call(get);
      first.script = second.script = ({ path }, response) =>
        path === post.path ? hangUp({} as never, response) : GOOD;
      await refusal(client.call(post));
      expect(first.count(post.path) + second.count(post.path)).toBe(1);
    });
  });

  describe('a busy core', () => {
    const busy: Script = () => ({ status: 429, body: 'Too many requests\n' });

    it('is asked again, since it has not looked at the call', async () => {
      const core = await start(inOrder(busy, busy));
      expect(await clientOf(core).call(post)).toEqual({ status: 'OK', value: 1 });
      expect(core.count(post.path)).toBe(3);
    });

    it('is left in peace in the end', async () => {
      const core = await start(busy);
      const error = await refusal(clientOf(core).call(post));
      expect(error).toBeInstanceOf(StorageUnavailableError);
      expect(error.detail).toContain('429');
      expect(core.count(post.path)).toBe(6);
    });
  });
});
