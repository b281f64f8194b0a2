import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient, refusal } from '../../support/core-service-client.js';

const KEYS = ['the-first-key-of-the-service', 'the-second-key-of-the-service'];
const credentials = { email: 'ada@example.com', password: 'correct-horse-1' };

describe('requests to the core service', () => {
  let service: RunningCoreService;
  let client: CoreServiceClient;
  const withHeaders = (headers: Record<string, string>) => new CoreServiceClient(service.url, headers);

  beforeAll(async () => {
    service = await startCoreService({ apiKeys: KEYS });
    client = withHeaders({ 'api-key': KEYS[0]! });
  });
  afterAll(() => service.close());

  async function userCount(): Promise<unknown> {
    return (await client.get('/users/count?includeAllTenants=true')).json;
  }

  describe('keys', () => {
    it.each([
      ['api-key', KEYS[0]!],
      ['api-key', KEYS[1]!],
      ['authorization', KEYS[1]!],
      ['authorization', `Bearer ${KEYS[0]}`],
    ])('lets in who has one in %s', async (header, key) => {
      expect(await withHeaders({ [header]: key }).get('/apiversion')).toMatchObject({ status: 200 });
    });

    it.each([
      {},
      { 'api-key': '' },
      { 'api-key': KEYS.join(',') },
      { 'api-key': `${KEYS[0]}x` },
      { 'api-key': KEYS[0]!.slice(0, -1) },
      { authorization: 'Bearer ' },
      { authorization: `Basic ${KEYS[0]}` },
      { 'api-key': 'wrong', authorization: `Bearer ${KEYS[0]}` },
    ])('refuses %j, and writes nothing', async (headers) => {
      const before = await userCount();
      const stranger = withHeaders(headers as Record<string, string>);

      for (const answer of [
        await stranger.post('/recipe/signup', { ...credentials, email: 'stranger@example.com' }),
        await stranger.post('/recipe/signup', 'not even JSON'),
        await stranger.get('/apiversion'),
        await stranger.get('/metrics'),
        await stranger.get('/appid-unknown/unknown/users/count'),
      ]) {
        expect(answer).toMatchObject(refusal(401, 'Invalid API key'));
      }
      expect(await userCount()).toEqual(before);
    });

    it('does not ask for one where everybody may look', async () => {
      const anybody = withHeaders({});
      expect(await anybody.get('/hello')).toMatchObject({ status: 200, text: 'Hello\n' });
      expect(await anybody.get('/')).toMatchObject({ status: 200, text: 'Hello\n' });
      expect(await anybody.get('/.well-known/jwks.json')).toMatchObject({ status: 200 });
      expect(await anybody.get('/health')).toMatchObject({ status: 200, json: { status: 'OK' } });
    });
  });

  it('serves without a key what programs of its own machine ask, and tells others so', async () => {
    const keyless = await startCoreService();
    try {
      const keylessClient = new CoreServiceClient(keyless.url);
      expect((await keylessClient.post('/recipe/signup', credentials)).json).toMatchObject({ status: 'OK' });
      const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'content-type': 'text/plain' }];
      for (const headers of foreign) {
        expect(await keylessClient.post('/recipe/signup', credentials, headers)).toMatchObject({
          status: 403,
          json: { status: 'NOT_ALLOWED' },
        });
      }
    } finally {
      await keyless.close();
    }
  });

  describe('paths', () => {
    it.each([
      '/hello',
      '/Hello/',
      '/public/hello',
      '/appid-public/hello',
      '/APPID-PUBLIC/PUBLIC/HELLO',
      '/appid-public/public/',
      '/unknown/hello',
      '/appid-unknown/hello',
    ])('finds %s', async (path) => {
      expect(await client.get(path)).toMatchObject({ status: 200, text: 'Hello\n' });
    });

    it.each([
      '/nothing',
      '/recipe',
      '/recipe/signup/more',
      '/one/two/recipe/signup',
      '/appid-public/public/public/hello',
      '/recipe//signup',
      '/recipe/%73ignup',
      '/te_nant/hello',
      '/-',
      '/..%2fhello',
      '/__proto__',
    ])('does not find %s', async (path) => {
      expect(await client.get(path)).toMatchObject(refusal(404, 'Not Found'));
    });

    it('tells a wrong method from a wrong path', async () => {
      expect(await client.get('/recipe/signup')).toMatchObject(refusal(405, 'Method not supported'));
      expect(await client.send('DELETE', '/public/users')).toMatchObject(refusal(405, 'Method not supported'));
      expect(await client.send('PATCH', '/recipe/session')).toMatchObject(refusal(405, 'Method not supported'));
    });

    it.each([
      ['/unknown/recipe/signup', 'public, unknown'],
      ['/appid-unknown/recipe/signup', 'unknown, public'],
      ['/appid-unknown/other/recipe/signup', 'unknown, other'],
    ])('knows no app or tenant of %s', async (path, pair) => {
      const before = await userCount();
      expect(await client.post(path, credentials)).toMatchObject(
        refusal(
          400,
          'AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and tenantId ' +
            `combination not found: (, ${pair})`,
        ),
      );
      expect(await userCount()).toEqual(before);
    });
  });

  describe('versions', () => {
    it('lists those it speaks', async () => {
      expect(await client.get('/apiversion?apiDomain=http%3A%2F%2Fa&websiteDomain=http%3A%2F%2Fb')).toMatchObject({
        status: 200,
        json: { versions: ['5.0', '5.1', '5.2', '5.3', '5.4', '5.6'] },
      });
    });

    it.each(['4.0', '5.5', '5.7', '5', '5.3.0', 'v5.3', '<b>5.3</b>', ''])('refuses version %j', async (version) => {
      const shown = version.replace(/[<>/]/g, '');
      expect(await client.get('/users/count', { headers: { 'cdi-version': version } })).toMatchObject(
        refusal(400, `cdi-version ${shown} not supported`),
      );
    });

    it('answers each in its own form', async () => {
      await client.post('/recipe/signup', { ...credentials, email: 'versions@example.com' });
      const keysIn = async (headers: Record<string, string>) => {
        const { json } = await client.post(
          '/recipe/signin',
          { ...credentials, email: 'versions@example.com' },
          headers,
        );
        return Object.keys((json as { user: object }).user).sort();
      };
      const old = [
        'emails',
        'id',
        'isPrimaryUser',
        'loginMethods',
        'phoneNumbers',
        'tenantIds',
        'thirdParty',
        'timeJoined',
      ];

      for (const version of ['5.0', '5.1', '5.2']) expect(await keysIn({ 'cdi-version': version })).toEqual(old);
      for (const version of ['5.3', '5.4', '5.6']) {
        expect(await keysIn({ 'cdi-version': version })).toEqual([...old, 'webauthn'].sort());
      }
      expect(await keysIn({})).toContain('webauthn');
    });
  });

  describe('fields', () => {
    it.each([
      [{}, 'email'],
      [{ email: 7, password: 'x' }, 'email'],
      [{ email: null, password: 'x' }, 'email'],
      [{ email: ['a@example.com'], password: 'x' }, 'email'],
      [{ email: 'a@example.com' }, 'password'],
      [{ email: 'a@example.com', password: { length: 12 } }, 'password'],
    ])('names the one that is wrong in %j', async (body, name) => {
      expect(await client.post('/recipe/signup', body)).toMatchObject(
        refusal(400, `Field name '${name}' is invalid in JSON input`),
      );
    });

    it.each(['', '{', '[]', 'null', '"text"', '{"email":"a@example.com"', 'email=a@example.com&password=x'])(
      'cannot read the body %j',
      async (body) => {
        expect(await client.post('/recipe/signup', body)).toMatchObject(refusal(400, 'Invalid Json Input'));
      },
    );

    it('does not take inherited members for fields', async () => {
      const body = '{"__proto__": {"email": "a@example.com", "password": "correct-horse-1"}}';
      expect(await client.post('/recipe/signup', body)).toMatchObject({ status: 400 });
    });

    it('reads JSON whatever it is called', async () => {
      const headers = { 'content-type': 'text/plain' };
      expect(await client.post('/recipe/signin', credentials, headers)).toMatchObject({ status: 200 });
    });

    it('names the one that is missing from the query', async () => {
      expect(await client.get('/recipe/session')).toMatchObject(
        refusal(400, "Field name 'sessionHandle' is missing in GET request"),
      );
      expect(await client.get('/user/id?userid=x')).toMatchObject(
        refusal(400, "Field name 'userId' is missing in GET request"),
      );
      expect(await client.get('/users?limit=many')).toMatchObject(
        refusal(400, "Field name 'limit' must be an int in the GET request"),
      );
    });
  });
});
