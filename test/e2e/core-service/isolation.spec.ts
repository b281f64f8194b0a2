import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import type { EmbeddedDatabaseOptions } from '../../../lib/core/embedded/storage/database.options.js';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient, refusal } from '../../support/core-service-client.js';
import { type PostgresSchema, postgresSchema } from '../../support/postgres-schema.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

const credentials = { email: 'ada@example.com', password: 'correct-horse-1' };
const newSession = { userDataInJWT: {}, userDataInDatabase: { secret: 1 }, enableAntiCsrf: false };
const ONLY_PUBLIC = refusal(403, 'Only public tenantId can call this app specific API');

interface SessionJson {
  session: { handle: string };
  accessToken: { token: string };
  refreshToken: { token: string };
}

describe.each(['SQLite', 'PostgreSQL'])('apps and tenants of the core service on %s', (database) => {
  let folder: TemporaryFolder;
  let postgres: PostgresSchema;
  let service: RunningCoreService;
  let client: CoreServiceClient;

  beforeEach(async () => {
    folder = await temporaryFolder();
    postgres = postgresSchema();
    service = await startCoreService({ database: databaseOptions() });
    client = new CoreServiceClient(service.url);
  });
  afterEach(async () => {
    await service.close();
    await postgres.query(`drop schema if exists ${postgres.schema}_app_one, ${postgres.schema}_app_two cascade`);
    await postgres.drop();
    await folder.remove();
  });

  function databaseOptions(): EmbeddedDatabaseOptions {
    if (database === 'SQLite') return { sqlite: folder.path('auth.sqlite') };
    return { postgres: { connectionString: postgres.url, max: 4 }, schema: postgres.schema };
  }

  const putApp = async (appId: string, coreConfig = {}) =>
    (await client.put('/recipe/multitenancy/app/v2', { appId, coreConfig })).json;
  const putTenant = async (tenantId: string, app = '') =>
    (await client.put(`${app}/recipe/multitenancy/tenant/v2`, { tenantId })).json;

  async function storageOf(appId: string): Promise<boolean> {
    if (database === 'SQLite') return existsSync(folder.path(`auth.app-${appId}.sqlite`));
    const schema = `${postgres.schema}_app_${appId}`;
    const rows = await postgres.query('select 1 from information_schema.schemata where schema_name = $1', [schema]);
    return rows.length === 1;
  }

  async function startSession(prefix: string, userId = 'ada'): Promise<SessionJson> {
    const { status, json } = await client.post(`${prefix}/recipe/session`, { userId, ...newSession });
    expect(status).toBe(200);
    return json as SessionJson;
  }

  it('keeps apps apart: users, sessions, keys', async () => {
    expect(await putApp('one')).toEqual({ status: 'OK', createdNew: true });
    expect(await putApp('one')).toEqual({ status: 'OK', createdNew: false });
    await putApp('two');
    expect(await client.post('/appid-one/recipe/signup', credentials)).toMatchObject({ json: { status: 'OK' } });

    for (const other of ['', '/appid-two']) {
      expect((await client.post(`${other}/recipe/signin`, credentials)).json).toEqual({
        status: 'WRONG_CREDENTIALS_ERROR',
      });
      expect((await client.get(`${other}/users/count`)).json).toEqual({ status: 'OK', count: 0 });
    }

    const { session, accessToken, refreshToken } = await startSession('/appid-one');
    const { token } = accessToken;
    const verify = { accessToken: token, enableAntiCsrf: false, doAntiCsrfCheck: false };
    expect((await client.post('/appid-one/recipe/session/verify', verify)).json).toMatchObject({ status: 'OK' });
    expect((await client.post('/appid-two/recipe/session/verify', verify)).json).toMatchObject({
      status: 'TRY_REFRESH_TOKEN',
    });
    expect(
      (
        await client.post('/appid-two/recipe/session/refresh', {
          refreshToken: refreshToken.token,
          enableAntiCsrf: false,
        })
      ).json,
    ).toMatchObject({ status: 'UNAUTHORISED' });
    expect((await client.get(`/recipe/session?sessionHandle=${session.handle}`)).json).toMatchObject({
      status: 'UNAUTHORISED',
    });
    expect((await client.post('/appid-two/recipe/session/remove', { sessionHandles: [session.handle] })).json).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [],
    });

    const keys = await Promise.all(
      ['', '/appid-one', '/appid-two'].map((app) => client.get(`${app}/.well-known/jwks.json`)),
    );
    const kids = keys.flatMap(({ json }) => (json as { keys: { kid: string }[] }).keys.map(({ kid }) => kid));
    expect(new Set(kids).size).toBe(kids.length);
  });

  it('removes an app with all that is in it', async () => {
    await putApp('one');
    await client.post('/appid-one/recipe/signup', credentials);
    expect(await storageOf('one')).toBe(true);

    const remove = () => client.post('/recipe/multitenancy/app/remove', { appId: 'one' });
    expect((await remove()).json).toEqual({ status: 'OK', didExist: true });
    expect((await remove()).json).toEqual({ status: 'OK', didExist: false });
    expect(await storageOf('one')).toBe(false);
    expect(await client.post('/appid-one/recipe/signin', credentials)).toMatchObject({ status: 400 });

    await putApp('one');
    expect((await client.get('/appid-one/users/count')).json).toEqual({ status: 'OK', count: 0 });
  });

  it('keeps what an app holds when its configuration changes and when the service starts again', async () => {
    await putApp('one');
    await client.post('/appid-one/recipe/signup', credentials);
    await putApp('one', { access_token_validity: '120' });
    const { accessToken } = await startSession('/appid-one');
    expect((accessToken as unknown as { expiry: number }).expiry - Date.now()).toBeLessThanOrEqual(120_000);

    await service.close();
    service = await startCoreService({ database: databaseOptions() });
    client = new CoreServiceClient(service.url);
    expect((await client.post('/appid-one/recipe/signin', credentials)).json).toMatchObject({ status: 'OK' });
    expect((await client.get('/recipe/multitenancy/app/list/v2')).json).toMatchObject({
      status: 'OK',
      apps: [{ appId: 'public' }, { appId: 'one', tenants: [{ tenantId: 'public' }] }],
    });
  });

  it('lets nobody manage apps from within one', async () => {
    await putApp('one');
    expect(await client.put('/appid-one/recipe/multitenancy/app/v2', { appId: 'two' })).toMatchObject({ status: 403 });
    expect(await client.post('/appid-one/recipe/multitenancy/app/remove', { appId: 'one' })).toMatchObject({
      status: 403,
    });
    expect(await client.post('/recipe/multitenancy/app/remove', { appId: 'public' })).toMatchObject({ status: 403 });
    await putTenant('acme', '/appid-one');
    expect(await client.post('/recipe/multitenancy/app/remove', { appId: 'one' })).toMatchObject({ status: 403 });
    expect(await storageOf('one')).toBe(true);
    expect((await client.get('/appid-two/users/count')).status).toBe(400);
  });

  it('keeps tenants apart', async () => {
    await putTenant('acme');
    await putTenant('globex');
    await client.post('/acme/recipe/signup', credentials);
    const { session } = await startSession('/acme');
    const { handle } = session;
    expect(handle).toMatch(/_acme$/);

    expect((await client.post('/globex/recipe/signin', credentials)).json).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
    expect((await client.get('/globex/users')).json).toEqual({ status: 'OK', users: [] });
    expect(
      (await client.get(`/globex/users/by-accountinfo?email=${credentials.email}&doUnionOfAccountInfo=true`)).json,
    ).toEqual({ status: 'OK', users: [] });
    expect((await client.get('/globex/recipe/session/user?userId=ada&fetchAcrossAllTenants=false')).json).toEqual({
      status: 'OK',
      sessionHandles: [],
    });
    expect((await client.get(`/globex/recipe/jwt/data?sessionHandle=${handle}`)).json).toMatchObject({
      status: 'UNAUTHORISED',
    });
    const claims = { sessionHandle: handle, userDataInJWT: { role: 'admin' } };
    expect((await client.put('/globex/recipe/jwt/data', claims)).json).toMatchObject({ status: 'UNAUTHORISED' });
    const revoked = async (path: string, body: object) => (await client.post(path, body)).json;
    expect(await revoked('/globex/recipe/session/remove', { sessionHandles: [handle] })).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [],
    });
    expect(await revoked('/globex/recipe/session/remove', { userId: 'ada', revokeAcrossAllTenants: false })).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [],
    });

    expect((await client.get(`/recipe/session?sessionHandle=${handle}`)).json).toMatchObject({
      status: 'OK',
      tenantId: 'acme',
      userDataInJWT: {},
    });
    expect(await revoked('/acme/recipe/session/remove', { sessionHandles: [handle] })).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [handle],
    });
  });

  it('switches no way in on again that another change at the same time, or an earlier one, has switched off', async () => {
    const off = ['emailPasswordEnabled', 'thirdPartyEnabled', 'passwordlessEnabled'].map((name) => ({ [name]: false }));
    await client.put('/recipe/multitenancy/tenant/v2', { tenantId: 'acme', firstFactors: null });
    await putApp('one');
    for (const change of off) {
      await client.put('/recipe/multitenancy/app', { appId: 'one', ...change });
    }
    await Promise.all(off.map((change) => client.put('/recipe/multitenancy/tenant', { tenantId: 'acme', ...change })));
    for (const prefix of ['/acme', '/appid-one']) {
      const { json } = await client.get(`${prefix}/recipe/multitenancy/tenant/v2`);
      expect(json).toMatchObject({ status: 'OK', firstFactors: [] });
    }
  });

  // A database is only asked for the app and its settings here, which the tests above prove on each.
  if (database !== 'SQLite') return;

  it("asks for an app's own keys", async () => {
    await putApp('one', { api_keys: 'the-key-of-this-app-1, the-key-of-this-app-2' });
    const count = (key: string) => client.get('/appid-one/users/count', { headers: { 'api-key': key } });

    expect(await client.get('/appid-one/users/count')).toMatchObject(refusal(401, 'Invalid API key'));
    expect(await count('the-key-of-this-app-3')).toMatchObject(refusal(401, 'Invalid API key'));
    expect(await count('the-key-of-this-app-2')).toMatchObject({ status: 200 });
    expect(await client.get('/users/count')).toMatchObject({ status: 200 });
  });

  it('answers for the whole app from the public tenant only', async () => {
    await putTenant('acme');
    for (const [method, path, body] of [
      ['GET', '/acme/user/id?userId=x', undefined],
      ['GET', '/acme/recipe/session?sessionHandle=x', undefined],
      ['POST', '/acme/user/remove', { userId: 'x' }],
      ['POST', '/acme/recipe/session/verify', {}],
      ['POST', '/acme/recipe/session/refresh', {}],
      ['PUT', '/acme/recipe/user', {}],
      ['PUT', '/acme/recipe/user/metadata', {}],
      ['POST', '/acme/recipe/userid/map', {}],
      ['PUT', '/acme/recipe/multitenancy/tenant/v2', { tenantId: 'more' }],
      ['POST', '/acme/recipe/multitenancy/tenant/remove', { tenantId: 'acme' }],
      ['GET', '/acme/recipe/multitenancy/app/list/v2', undefined],
      ['POST', '/acme/recipe/session/remove', { userId: 'x', revokeAcrossAllTenants: true }],
      ['GET', '/acme/recipe/session/user?userId=x', undefined],
    ] as const) {
      expect({ path, ...(await client.send(method, path, { body })) }).toMatchObject({ path, ...ONLY_PUBLIC });
    }
  });
});
