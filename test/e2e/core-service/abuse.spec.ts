import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient, refusal } from '../../support/core-service-client.js';
import { sendRaw } from '../../support/raw-request.js';

const credentials = { email: 'ada@example.com', password: 'correct-horse-1' };
const MIB = 1_048_576;

describe('the core service under abuse', () => {
  let service: RunningCoreService;
  /** Waits for nobody; on a busy machine it would hang up on good requests as well. */
  let impatient: RunningCoreService;
  let client: CoreServiceClient;

  beforeAll(async () => {
    service = await startCoreService();
    impatient = await startCoreService({ headersTimeoutMs: 500, requestTimeoutMs: 1000 });
    client = new CoreServiceClient(service.url);
    await client.put('/recipe/multitenancy/app/v2', { appId: 'one' });
  });
  afterAll(async () => {
    // Whatever was sent below, nothing of it was written.
    const clients = [client, new CoreServiceClient(impatient.url)];
    const counts = clients.map(async (each) => (await each.get('/users/count?includeAllTenants=true')).json);
    const found = await Promise.all(counts).finally(() => Promise.all([service.close(), impatient.close()]));
    for (const json of found) expect(json).toEqual({ status: 'OK', count: 0 });
  });

  /** What comes back until the server hangs up. */
  function sendSlowly(parts: string[], to = impatient): Promise<string> {
    const { hostname, port } = new URL(to.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => parts.forEach((part) => socket.write(part)));
      let received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(received));
    });
  }

  it('refuses a body that is too large, announced or not', async () => {
    const body = JSON.stringify({ ...credentials, more: 'x'.repeat(MIB) });
    const path = '/recipe/signup';
    const announced = await sendRaw(service.url, { path, body });
    expect(announced).toMatchObject({ status: 413, text: 'Request body is too large\n' });
    const chunked = await sendRaw(service.url, { path, body, headers: { 'transfer-encoding': 'chunked' } });
    expect(chunked).toMatchObject({ status: 413, text: 'Request body is too large\n' });
  });

  it('refuses JSON that is nested too deeply', async () => {
    const nested = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const body = `{"userId":"ada","userDataInJWT":${nested},"userDataInDatabase":{},"enableAntiCsrf":false}`;
    expect(await client.post('/recipe/session', body)).toMatchObject({ status: 400 });
  });

  it('does not wait for a head that does not come', async () => {
    expect(await sendSlowly(['POST /recipe/signup HTTP/1.1\r\nhost: x\r\nx-a'])).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('does not wait for a body that does not come', async () => {
    const head =
      'POST /recipe/signup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 62\r\n\r\n';
    expect(await sendSlowly([head, JSON.stringify(credentials).slice(0, -1)])).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('answers others while many connections are held open', async () => {
    const held = Array.from({ length: 100 }, () => sendSlowly(['GET /hello HTTP/1.1\r\n']));
    expect(await new CoreServiceClient(impatient.url).get('/hello')).toMatchObject({ status: 200 });
    expect((await Promise.all(held)).every((answer) => answer.startsWith('HTTP/1.1 408'))).toBe(true);
  });

  it.each([
    ['a head that is no HTTP', 'HELLO\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'two lengths',
      'POST /recipe/signup HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{"a":1',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length and chunks',
      'POST /recipe/signup HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a head that is too large',
      `GET /hello HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
  ])('refuses %s', async (_, text, answer) => {
    expect(await sendSlowly([text], service)).toMatch(answer);
  });

  it.each([
    ['/recipe/multitenancy/tenant/v2', { tenantId: '../x' }, /can only contain letters, numbers and hyphens/],
    ['/recipe/multitenancy/tenant/v2', { tenantId: '' }, /can only contain letters, numbers and hyphens/],
    ['/recipe/multitenancy/tenant/v2', { tenantId: 'appid-x' }, /must not start with 'appid-'/],
    ['/recipe/multitenancy/tenant/v2', { tenantId: 'recipe' }, /Cannot use 'recipe' as a tenantId/],
    ['/recipe/multitenancy/tenant/v2', { tenantId: 'x'.repeat(65) }, /tenantId must be 1 to 64/],
    ['/recipe/multitenancy/app/v2', { appId: 'x/../y' }, /can only contain letters, numbers and hyphens/],
    ['/recipe/multitenancy/app/v2', { appId: 'x'.repeat(37) }, /appId must be 1 to 36/],
    ['/recipe/multitenancy/app/v2', { appId: 'a', coreConfig: [] }, /Field name 'coreConfig' is invalid/],
    ['/recipe/multitenancy/app/v2', { appId: 'a', coreConfig: { access_token_validity: -1 } }, /access_token_validity/],
    [
      '/recipe/multitenancy/app/v2',
      { appId: 'a', coreConfig: { access_token_validity: 'soon' } },
      /access_token_validity/,
    ],
    ['/recipe/multitenancy/app/v2', { appId: 'a', coreConfig: { refresh_token_validity: 1 } }, /strictly greater/],
    ['/recipe/multitenancy/app/v2', { appId: 'a', coreConfig: { api_keys: 7 } }, /api_keys/],
    [
      '/recipe/multitenancy/app/v2',
      { appId: 'a', coreConfig: { access_token_signing_key_dynamic: 'yes' } },
      /^Invalid core config: 'access_token_signing_key_dynamic' must be true or false$/m,
    ],
    [
      '/recipe/multitenancy/tenant/v2',
      { tenantId: 'a', coreConfig: { access_token_validity: 60 } },
      /^Invalid core config: 'access_token_validity' is set for the whole app, not for a tenant$/m,
    ],
    ['/recipe/multitenancy/tenant/v2', { tenantId: 'a', coreConfig: { api_keys: 'a' } }, /for the whole app/],
    [
      '/recipe/multitenancy/tenant/v2',
      { tenantId: 'a', coreConfig: { '<b>constructor': 1 } },
      /^Invalid core config: Invalid config key: bconstructor$/m,
    ],
    [
      '/recipe/multitenancy/tenant/v2',
      { tenantId: 'a', coreConfig: { email_verification_token_lifetime: 'soon' } },
      /^Invalid core config: 'email_verification_token_lifetime' must be a number greater than 0, at most 2592000000$/m,
    ],
  ])('PUT %s %j', async (path, body, message) => {
    expect(await client.put(path, body)).toMatchObject({ status: 400, text: expect.stringMatching(message) });
    expect((await client.get('/recipe/multitenancy/tenant/list/v2')).json).toMatchObject({
      tenants: [{ tenantId: 'public' }],
    });
    expect((await client.get('/recipe/multitenancy/app/list/v2')).json).toMatchObject({
      apps: [{ appId: 'public' }, { appId: 'one' }],
    });
  });

  it.each([
    [{ userDataInJWT: { sub: 'eve' } }, 'The user payload contains protected field'],
    [{ userDataInJWT: [] }, "Field name 'userDataInJWT' is invalid in JSON input"],
    [{ userDataInJWT: null }, "Field name 'userDataInJWT' is invalid in JSON input"],
    [{ enableAntiCsrf: 'true' }, "Field name 'enableAntiCsrf' is invalid in JSON input"],
    [{ useDynamicSigningKey: 1 }, "Field name 'useDynamicSigningKey' is invalid in JSON input"],
  ])('makes no session of %j', async (members, text) => {
    const session = { userId: 'ada', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
    expect(await client.post('/recipe/session', { ...session, ...members })).toMatchObject(refusal(400, text));
    expect((await client.get('/recipe/session/user?userId=ada')).json).toEqual({ status: 'OK', sessionHandles: [] });
  });

  it('makes one app and one tenant of many requests at once', async () => {
    const put = async (path: string, body: object) =>
      ((await client.put(path, body)).json as { createdNew: boolean }).createdNew;
    const many = (path: string, body: object) => Promise.all(Array.from({ length: 8 }, () => put(path, body)));

    expect((await many('/recipe/multitenancy/app/v2', { appId: 'same' })).filter(Boolean)).toHaveLength(1);
    expect((await many('/appid-same/recipe/multitenancy/tenant/v2', { tenantId: 't' })).filter(Boolean)).toHaveLength(
      1,
    );
    await client.post('/appid-same/recipe/multitenancy/tenant/remove', { tenantId: 't' });
    expect((await client.post('/recipe/multitenancy/app/remove', { appId: 'same' })).json).toMatchObject({
      didExist: true,
    });
  });

  it('keeps the labels of its metrics few, whatever is asked for', async () => {
    for (let n = 0; n < 20; n += 1) {
      await client.get(`/made-up-${n}`);
      await client.get(`/appid-made-up-${n}/hello`);
      await client.get(`/tenant-${n}/hello?${n}`);
    }
    const { text, contentType } = await client.get('/metrics');
    expect(contentType).toMatch(/^text\/plain/);
    expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="-"[^}]*status="404"[^}]*\} \d+/);
    expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/hello"[^}]*\} \d+/);
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toMatch(/made-up|tenant-\d/);
  });
});
