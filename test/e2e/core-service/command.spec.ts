import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { openStorage } from '../../../lib/core/embedded/storage/open-storage.js';
import { UserListStorage } from '../../../lib/core/embedded/storage/user-list.storage.js';
import { childScript } from '../../support/child-script.js';
import { CoreServiceClient } from '../../support/core-service-client.js';
import { CoreServiceProcess } from '../../support/core-service-process.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

const KEY = 'the-key-of-this-service-1';
const credentials = { email: 'ada@example.com', password: 'correct-horse-1' };

describe('latchkey core', () => {
  let script: string;
  let folder: TemporaryFolder;
  const running: CoreServiceProcess[] = [];

  beforeAll(() => {
    script = childScript('latchkey-cli');
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.end('SIGKILL')));
    await folder.remove();
  });

  function start(environment: Record<string, string> = {}, args: string[] = []): CoreServiceProcess {
    const database = { LATCHKEY_DATABASE: `sqlite:${folder.path('auth.sqlite')}` };
    const service = new CoreServiceProcess(script, { ...database, ...environment }, args);
    running.push(service);
    return service;
  }

  it('serves, notes requests by their ids and without what is secret, and answers what was begun before it ends', async () => {
    const service = start({ LATCHKEY_API_KEYS: `other-key-of-this-service,${KEY}` });
    const client = new CoreServiceClient(await service.url(), { 'api-key': KEY });
    const signUp = await client.post('/recipe/signup?note=secret-query', credentials, { 'x-request-id': 'request-7' });
    expect(signUp).toMatchObject({ status: 200, json: { status: 'OK' } });
    expect(signUp.headers.get('x-request-id')).toBe('request-7');

    expect(await service.lineWith(({ requestId }) => requestId === 'request-7')).toMatchObject({
      level: 'log',
      message: 'request',
      method: 'POST',
      route: '/recipe/signup',
      status: 200,
      durationMs: expect.any(Number),
      appId: 'public',
      tenantId: 'public',
    });
    // What could forge a line of the log is no id.
    for (const id of ['', 'a b', '{"level":"error"}', 'x'.repeat(65)]) {
      const { headers } = await client.get('/hello', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }

    // What was begun is answered before it ends.
    const answers = [1, 2, 3, 4].map((n) =>
      client.post('/recipe/signup', { ...credentials, email: `${n}@example.com` }),
    );
    await Promise.race(answers);
    const ended = service.end();

    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(service.output).not.toMatch(/correct-horse|[a1-4]@example|secret-query|key-of-this-service/);
    expect(service.log.filter(({ level }) => level === 'warn')).toEqual([]);

    const database = await openStorage({ sqlite: folder.path('auth.sqlite') });
    const served = statuses.filter((status) => status === 200).length;
    expect(await new UserListStorage(database).count({})).toBe(1 + served);
    await database.close();
  }, 90_000);

  it('makes a key where others may reach it, says where, and keeps it', async () => {
    const database = folder.path('shared.sqlite');
    const settings = { HOST: '0.0.0.0', LATCHKEY_DATABASE: `sqlite:${database}` };
    const open = start(settings);
    await open.lineWith(({ message }) => message === `An API key was made. It is in ${database}.key`);
    expect(statSync(`${database}.key`).mode & 0o777).toBe(0o600);
    const key = readFileSync(`${database}.key`, 'utf8').trim();
    const url = await open.url();
    expect(await new CoreServiceClient(url).get('/users/count')).toMatchObject({ status: 401 });
    expect(await new CoreServiceClient(url, { 'api-key': key }).get('/users/count')).toMatchObject({ status: 200 });
    await start(settings).lineWith(({ message }) => message === `The API key is in ${database}.key`);
    expect(readFileSync(`${database}.key`, 'utf8').trim()).toBe(key);
  });

  it('is configured by a file, over which the environment wins, and warns of a key that may be guessed', async () => {
    const file = folder.path('core.json');
    const database = `sqlite:${folder.path('from-file.sqlite')}`;
    writeFileSync(
      file,
      JSON.stringify({ apiKeys: [KEY, 'guessable'], accessTokenLifetimeSeconds: 60, logLevel: 'warn', database }),
    );
    const service = start({ LATCHKEY_DATABASE: '', LATCHKEY_LOG_LEVEL: 'log' }, ['--config', file]);
    const url = await service.url();
    const client = new CoreServiceClient(url, { 'api-key': KEY });

    expect(await new CoreServiceClient(url).get('/apiversion')).toMatchObject({ status: 401 });
    const session = { userId: 'ada', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
    const { accessToken } = (await client.post('/recipe/session', session)).json as {
      accessToken: { expiry: number; createdTime: number };
    };
    expect(accessToken.expiry - accessToken.createdTime).toBeLessThanOrEqual(60_000);
    expect((await client.get('/config?pid=1')).json).toEqual({ status: 'NOT_ALLOWED' });
    const { pid } = service.log[0]!;
    expect((await client.get(`/config?pid=${String(pid)}`)).json).toEqual({ status: 'OK', path: file });
    const { message } = await service.lineWith(({ level }) => level === 'warn');
    expect(message).toMatch(/shorter than 20 characters/);
    expect(service.output).not.toContain('guessable');
  });

  // What else may be wrong is in settings.spec.ts.
  it.each([
    [{ LATCHKEY_DATABASE: 'postgres://u:secret@127.0.0.1:1/d' }, /nothing listens at 127\.0\.0\.1:1/],
    [{ HOST: '203.0.113.1' }, /^Core service: it cannot listen at 203\.0\.113\.1:0 .* Set HOST and PORT/],
    [{ LATCHKEY_CONFIG: '/nowhere/core.json' }, /the file \/nowhere\/core\.json cannot be read/],
  ])('says what is wrong with %j', async (environment, message) => {
    const service = start(environment as Record<string, string>);
    expect(await service.ended).toEqual({ code: 1, signal: null });
    const words = service.output.split('\n').find((line) => message.test(line));
    expect(words ?? service.output).toMatch(message);
    expect(service.output).not.toContain('secret');
  });
});
