import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient, refusal } from '../../support/core-service-client.js';
import { TestClock } from '../../support/test-clock.js';

const credentials = { email: ' Ada@Example.com', password: 'correct-horse-1' };
const token = { token: expect.any(String), expiry: expect.any(Number), createdTime: expect.any(Number) };

interface SessionJson {
  session: { handle: string };
  accessToken: { token: string };
  refreshToken: { token: string };
}

describe('routes of the core service', () => {
  let clock: TestClock;
  let service: RunningCoreService;
  let client: CoreServiceClient;

  beforeEach(async () => {
    clock = new TestClock();
    service = await startCoreService({ clock: clock.now });
    client = new CoreServiceClient(service.url);
  });
  afterEach(() => service.close());

  const session = { userDataInJWT: { role: null }, userDataInDatabase: { theme: null }, enableAntiCsrf: false };

  async function startSession(userId = 'ada'): Promise<SessionJson> {
    return (await client.post('/recipe/session', { userId, ...session })).json as SessionJson;
  }

  function refresh(refreshToken: string, version: string) {
    const body = { refreshToken, enableAntiCsrf: false, useDynamicSigningKey: true };
    return client.post('/recipe/session/refresh', body, { 'cdi-version': version }).then(({ json }) => json);
  }

  it('sign-up and sign-in', async () => {
    const { json } = await client.post('/recipe/signup', credentials);
    const { recipeUserId: id } = json as { recipeUserId: string };
    const shared = { tenantIds: ['public'], timeJoined: clock.now() };
    const user = {
      ...shared,
      id,
      isPrimaryUser: false,
      emails: ['ada@example.com'],
      phoneNumbers: [],
      thirdParty: [],
      webauthn: { credentialIds: [] },
      loginMethods: [
        { ...shared, recipeUserId: id, recipeId: 'emailpassword', email: 'ada@example.com', verified: false },
      ],
    };

    expect(json).toEqual({ status: 'OK', user, recipeUserId: id });
    expect((await client.post('/recipe/signin', credentials)).json).toEqual({ status: 'OK', user, recipeUserId: id });
    expect((await client.get(`/user/id?userId=${id}`)).json).toEqual({ status: 'OK', user });
    expect((await client.get('/users')).json).toEqual({ status: 'OK', users: [user] });
    expect((await client.post('/recipe/signup', credentials)).json).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect((await client.get('/user/id?userId=unknown')).json).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    expect((await client.post('/user/remove', { userId: id })).json).toEqual({ status: 'OK' });
    expect((await client.get('/users')).json).toEqual({ status: 'OK', users: [] });
  });

  it('sessions: create, read, verify, change, regenerate', async () => {
    const created = await startSession();
    const { handle } = created.session;
    const shown = { handle, userId: 'ada', recipeUserId: 'ada', userDataInJWT: { role: null }, tenantId: 'public' };
    expect(created).toEqual({ status: 'OK', session: shown, accessToken: token, refreshToken: token });
    expect(created.refreshToken.token).toMatch(/\.V2$/);

    const verify = { accessToken: created.accessToken.token, enableAntiCsrf: false, doAntiCsrfCheck: false };
    expect((await client.post('/recipe/session/verify', verify)).json).toEqual({ status: 'OK', session: shown });
    expect((await client.get(`/recipe/session?sessionHandle=${handle}`)).json).toEqual({
      status: 'OK',
      userDataInDatabase: { theme: null },
      userDataInJWT: { role: null },
      userId: 'ada',
      recipeUserId: 'ada',
      expiry: clock.now() + 8_640_000_000,
      timeCreated: clock.now(),
      sessionHandle: handle,
      tenantId: 'public',
    });

    const put = async (path: string, data: object) => (await client.put(path, { sessionHandle: handle, ...data })).json;
    expect(await put('/recipe/session/data', { userDataInDatabase: { a: 1 } })).toEqual({ status: 'OK' });
    expect(await put('/recipe/jwt/data', { userDataInJWT: { b: 2 } })).toEqual({ status: 'OK' });
    const get = async (path: string) => (await client.get(`${path}?sessionHandle=${handle}`)).json;
    expect(await get('/recipe/session/data')).toEqual({ status: 'OK', userDataInDatabase: { a: 1 } });
    expect(await get('/recipe/jwt/data')).toEqual({ status: 'OK', userDataInJWT: { b: 2 } });

    const regenerate = { accessToken: created.accessToken.token, userDataInJWT: { c: 3 } };
    expect((await client.post('/recipe/session/regenerate', regenerate)).json).toEqual({
      status: 'OK',
      session: { ...shown, userDataInJWT: { c: 3 } },
      accessToken: token,
    });

    expect((await client.post('/recipe/session/remove', { userId: 'ada' })).json).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [handle],
    });
    const gone = { status: 'UNAUTHORISED', message: expect.any(String) };
    expect(await get('/recipe/session')).toEqual(gone);
    expect(await put('/recipe/session/data', { userDataInDatabase: {} })).toEqual(gone);
    expect((await client.post('/recipe/session/regenerate', regenerate)).json).toEqual(gone);
    expect((await client.post('/recipe/session/verify', { ...verify, checkDatabase: true })).json).toEqual(gone);
  });

  it('a session with an anti-CSRF token', async () => {
    const { json } = await client.post('/recipe/session', { userId: 'ada', ...session, enableAntiCsrf: true });
    const { antiCsrfToken, accessToken } = json as SessionJson & { antiCsrfToken: string };
    const verify = async (shown?: string) =>
      (
        await client.post('/recipe/session/verify', {
          accessToken: accessToken.token,
          antiCsrfToken: shown,
          enableAntiCsrf: true,
          doAntiCsrfCheck: true,
        })
      ).json;
    expect(await verify(antiCsrfToken)).toMatchObject({ status: 'OK' });
    expect(await verify('wrong')).toEqual({ status: 'TRY_REFRESH_TOKEN', message: expect.any(String) });
    expect(await verify()).toMatchObject({ status: 'TRY_REFRESH_TOKEN' });
  });

  it.each(['5.4', '5.6'])('a session without an anti-CSRF token gets one by a refresh in %s', async (version) => {
    const { refreshToken } = await startSession();
    const refreshed = async (token: string, antiCsrfToken?: string) => {
      const body = { refreshToken: token, antiCsrfToken, enableAntiCsrf: true, useDynamicSigningKey: true };
      const { json } = await client.post('/recipe/session/refresh', body, { 'cdi-version': version });
      return json as SessionJson & { status: string; antiCsrfToken: string };
    };
    const first = await refreshed(refreshToken.token);
    expect(first).toMatchObject({ status: 'OK', antiCsrfToken: expect.any(String) });
    expect(await refreshed(first.refreshToken.token)).toMatchObject({ status: 'UNAUTHORISED' });
    expect(await refreshed(first.refreshToken.token, first.antiCsrfToken)).toMatchObject({ status: 'OK' });
  });

  it.each(['5.0', '5.3', '5.4'])('refresh in %s: the parent works until its child is used', async (version) => {
    const { refreshToken, session: created } = await startSession();
    const child = (await refresh(refreshToken.token, version)) as SessionJson;
    clock.moveSeconds(3000);
    expect(await refresh(refreshToken.token, version)).toMatchObject({ status: 'OK' });

    const verify = { accessToken: child.accessToken.token, enableAntiCsrf: false, doAntiCsrfCheck: false };
    const seen = await client.post('/recipe/session/verify', verify, { 'cdi-version': version });
    expect(seen.json).toMatchObject({ status: 'OK', accessToken: token });
    expect(await refresh(refreshToken.token, version)).toEqual({
      status: 'TOKEN_THEFT_DETECTED',
      session: { handle: created.handle, userId: 'ada', recipeUserId: 'ada' },
    });
  });

  it('refresh in 5.6: the parent works for the grace period', async () => {
    const { refreshToken } = await startSession();
    const first = (await refresh(refreshToken.token, '5.6')) as SessionJson;
    clock.moveSeconds(29);
    const second = (await refresh(refreshToken.token, '5.6')) as SessionJson;
    expect(second.refreshToken.token).toBe(first.refreshToken.token);

    const verify = { accessToken: second.accessToken.token, enableAntiCsrf: false, doAntiCsrfCheck: false };
    const seen = await client.post('/recipe/session/verify', verify, { 'cdi-version': '5.6' });
    expect(Object.keys(seen.json as object)).toEqual(['status', 'session']);
    clock.moveSeconds(2);
    expect(await refresh(refreshToken.token, '5.6')).toMatchObject({ status: 'TOKEN_THEFT_DETECTED' });
  });

  it('keys and JWTs', async () => {
    const { json, headers } = await client.get('/.well-known/jwks.json');
    const { keys } = json as { keys: Record<string, string>[] };
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    const forDrivers = await client.get('/recipe/jwt/jwks');
    for (const sent of [headers, forDrivers.headers]) {
      expect(sent.get('cache-control')).toBe('max-age=600, must-revalidate');
    }
    expect(forDrivers.json).toEqual({ status: 'OK', keys });

    const jwt = { payload: { a: 1 }, algorithm: 'RS256', jwksDomain: 'http://issuer', validity: 60 };
    const made = (await client.post('/recipe/jwt', jwt)).json as { jwt: string };
    expect(made).toEqual({ status: 'OK', jwt: expect.any(String) });
    const currentDate = new Date(clock.now());
    const { payload, protectedHeader } = await jwtVerify(made.jwt, createLocalJWKSet({ keys } as never), {
      currentDate,
    });
    expect(payload).toMatchObject({ a: 1, iss: 'http://issuer', exp: clock.now() / 1000 + 60 });
    expect(protectedHeader.kid).toMatch(/^s-/);
    expect((await client.post('/recipe/jwt', { ...jwt, algorithm: 'HS256' })).json).toEqual({
      status: 'UNSUPPORTED_ALGORITHM_ERROR',
    });
  });

  it('password reset and import', async () => {
    const { json } = await client.post('/recipe/signup', credentials);
    const { recipeUserId: userId } = json as { recipeUserId: string };
    const email = 'ada@example.com';
    const create = async () =>
      (await client.post('/recipe/user/password/reset/token', { userId, email })).json as { token: string };

    const consume = async (body: object) => (await client.post('/recipe/user/password/reset/token/consume', body)).json;
    const first = await create();
    expect(first).toEqual({ status: 'OK', token: expect.any(String) });
    expect(await consume({ token: first.token })).toEqual({ status: 'OK', userId, email });
    expect(await consume({ token: first.token })).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    const reset = { method: 'token', token: (await create()).token, newPassword: 'another-horse-1' };
    expect((await client.post('/recipe/user/password/reset', reset)).json).toEqual({ status: 'OK', userId });

    const passwordHash = await bcryptOf('correct-horse-1');
    const imported = await client.post('/recipe/user/passwordhash/import', { email: 'bob@example.com', passwordHash });
    expect(imported.json).toEqual({ status: 'OK', user: expect.any(Object), didUserAlreadyExist: false });
    const bob = { email: 'bob@example.com', password: 'correct-horse-1' };
    expect((await client.post('/recipe/signin', bob)).json).toMatchObject({ status: 'OK' });
    const unknown = { email: 'eve@example.com', passwordHash, hashingAlgorithm: 'md5' };
    expect(await client.post('/recipe/user/passwordhash/import', unknown)).toMatchObject({ status: 400 });
  });

  it('finding users: every page, and what cannot be asked', async () => {
    for (const n of [1, 2, 3]) await client.post('/recipe/signup', { ...credentials, email: `${n}@example.com` });
    const first = (await client.get('/users?limit=2&timeJoinedOrder=DESC')).json as { nextPaginationToken: string };
    const rest = await client.get(`/users?limit=2&timeJoinedOrder=DESC&paginationToken=${first.nextPaginationToken}`);
    expect(Object.keys(rest.json as object)).toEqual(['status', 'users']);

    for (const [query, text] of [
      ['limit=501', 'max limit allowed is 500'],
      ['limit=0', 'limit must a positive integer with min value 1'],
      ['paginationToken=forged', 'invalid pagination token'],
      ['timeJoinedOrder=UP', 'timeJoinedOrder can be either ASC OR DESC'],
    ] as const) {
      expect(await client.get(`/users?${query}`)).toMatchObject(refusal(400, text));
    }
    expect((await client.get('/users/count?email=example.com')).json).toEqual({ status: 'OK', count: 3 });
    expect((await client.get('/users/count?email=1;2&provider=')).json).toEqual({ status: 'OK', count: 2 });
    expect((await client.get('/user/search/tags')).json).toEqual({
      status: 'OK',
      tags: ['email', 'phone', 'provider'],
    });
    const found = async (query: string) =>
      ((await client.get(`/users/by-accountinfo?${query}`)).json as { users: unknown[] }).users.length;
    expect(await found('doUnionOfAccountInfo=false&email=1%40EXAMPLE.com')).toBe(1);
    expect(await found('doUnionOfAccountInfo=true&email=1%40example.com&thirdPartyId=g&thirdPartyUserId=1')).toBe(1);
    expect(await found('doUnionOfAccountInfo=false&email=1%40example.com&thirdPartyId=g&thirdPartyUserId=1')).toBe(0);
  });

  it('licenses and features', async () => {
    expect((await client.put('/ee/license', { licenseKey: 'any' })).json).toEqual({ status: 'OK' });
    expect((await client.send('DELETE', '/ee/license')).json).toEqual({ status: 'OK' });
    expect((await client.get('/ee/featureflag')).json).toMatchObject({
      status: 'OK',
      features: expect.arrayContaining(['multi_tenancy', 'account_linking']),
    });
  });
});

async function bcryptOf(password: string): Promise<string> {
  const { hash } = await import('@node-rs/bcrypt');
  return hash(password, { cost: 4 });
}
