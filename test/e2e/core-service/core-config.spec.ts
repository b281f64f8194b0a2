import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type RunningCoreService, startCoreService } from '../../support/core-service.js';
import { CoreServiceClient, refusal } from '../../support/core-service-client.js';
import { TestClock } from '../../support/test-clock.js';

const session = { userId: 'ada', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
const email = 'ada@example.com';

describe('coreConfig of apps and tenants', () => {
  let clock: TestClock;
  let service: RunningCoreService;
  let client: CoreServiceClient;

  beforeEach(async () => {
    clock = new TestClock();
    service = await startCoreService({ clock: clock.now });
    client = new CoreServiceClient(service.url);
  });
  afterEach(() => service.close());

  const putApp = async (coreConfig: object) =>
    (await client.put('/recipe/multitenancy/app/v2', { appId: 'shop', coreConfig })).json;
  const putTenant = async (tenantId: string, coreConfig: object, version = 'tenant/v2') =>
    (await client.put(`/appid-shop/recipe/multitenancy/${version}`, { tenantId, coreConfig })).json;
  const OK = { status: 'OK', createdNew: expect.any(Boolean) };

  /** @param seconds after which the token is used */
  async function verifiesAfter(seconds: number, tenant: string): Promise<boolean> {
    const path = `/appid-shop/${tenant}/recipe/user/email/verify`;
    const made = (await client.post(`${path}/token`, { userId: `user-${clock.now()}`, email })).json;
    clock.moveSeconds(seconds);
    const used = await client.post(path, { method: 'token', token: (made as { token: string }).token });
    return (used.json as { status: string }).status === 'OK';
  }

  async function resetsAfter(seconds: number, tenant: string): Promise<boolean> {
    const path = `/appid-shop/${tenant}/recipe/user/password/reset`;
    const credentials = { email: `${clock.now()}@example.com`, password: 'correct-horse-1' };
    const signedUp = await client.post(`/appid-shop/${tenant}/recipe/signup`, credentials);
    const { recipeUserId: userId } = signedUp.json as { recipeUserId: string };
    const made = (await client.post(`${path}/token`, { userId, email: credentials.email })).json as { token: string };
    clock.moveSeconds(seconds);
    const used = await client.post(`${path}/token/consume`, { token: made.token });
    return (used.json as { status: string }).status === 'OK';
  }

  it('takes numbers and booleans as texts, and shows an app what it was given, but not its keys', async () => {
    const shown = {
      access_token_validity: '60',
      refresh_token_validity: 2,
      access_token_signing_key_dynamic: 'false',
      unknown_here: 'kept',
    };
    expect(await putApp({ ...shown, api_keys: 'a-key-of-the-shop' })).toEqual({ status: 'OK', createdNew: true });
    const shop = new CoreServiceClient(`${service.url}/appid-shop`, { 'api-key': 'a-key-of-the-shop' });
    const { accessToken } = (await shop.post('/recipe/session', session)).json as { accessToken: { token: string } };
    const { iat, exp } = decodeJwt(accessToken.token);
    expect(exp! - iat!).toBe(60);

    for (const version of ['', '/v2']) {
      const apps = (await client.get(`/recipe/multitenancy/app/list${version}`)).json;
      expect(apps).toMatchObject({
        apps: [
          { tenants: [{ coreConfig: {} }] },
          { appId: 'shop', tenants: [{ tenantId: 'public', coreConfig: shown }] },
        ],
      });
      expect(JSON.stringify(apps)).not.toContain('a-key-of-the-shop');
      const tenants = (await shop.get(`/recipe/multitenancy/tenant/list${version}`)).json;
      expect(tenants).toMatchObject({ tenants: [{ tenantId: 'public', coreConfig: shown }] });
      const tenant = (await shop.get(`/recipe/multitenancy/tenant${version}`)).json;
      expect((tenant as { coreConfig: object }).coreConfig).toEqual(shown);
    }
  });

  it.each([
    ['email_verification_token_lifetime', verifiesAfter],
    ['password_reset_token_lifetime', resetsAfter],
  ] as const)('%s counts for an app, and for a tenant that has its own', async (key, worksAfter) => {
    expect(await putApp({ [key]: '120000' })).toEqual(OK);
    expect(await putTenant('acme', {})).toEqual(OK);
    expect(await worksAfter(119, 'public')).toBe(true);
    expect(await worksAfter(121, 'public')).toBe(false);
    expect(await worksAfter(121, 'acme')).toBe(false);

    // From the next request on.
    expect(await putTenant('acme', { [key]: 240_000 })).toEqual(OK);
    expect(await worksAfter(239, 'acme')).toBe(true);
    expect(await worksAfter(241, 'acme')).toBe(false);
    expect(await worksAfter(121, 'public')).toBe(false);
    expect(await putTenant('acme', { [key]: null })).toEqual(OK);
    expect(await worksAfter(121, 'acme')).toBe(false);

    expect(await putTenant('public', { [key]: 300_000 })).toEqual(OK);
    expect(await worksAfter(299, 'public')).toBe(true);
    expect(await worksAfter(299, 'acme')).toBe(true);
  });

  it('is told as it counts, in the units of the wire', async () => {
    await putApp({ refresh_token_validity: '90', password_reset_token_lifetime: 120_000 });
    await putTenant('acme', { password_reset_token_lifetime: '240000' });
    const configOf = async (path: string) => {
      const { config } = (await client.get(`${path}/recipe/dashboard/tenant/core-config`)).json as {
        config: { key: string; value: unknown; defaultValue: unknown; isDifferentAcrossTenants: boolean }[];
      };
      return Object.fromEntries(config.map(({ key, ...entry }) => [key, entry]));
    };
    const ofApp = { isDifferentAcrossTenants: false };
    const ofTenant = { isDifferentAcrossTenants: true };
    expect(await configOf('')).toMatchObject({
      access_token_validity: { ...ofApp, value: 3600, defaultValue: 3600 },
      refresh_token_validity: { ...ofApp, value: 144_000, defaultValue: 144_000 },
      refresh_token_rotation_grace_period: { ...ofApp, value: 30 },
      access_token_dynamic_signing_key_update_interval: { ...ofApp, value: 168 },
      email_verification_token_lifetime: { ...ofTenant, value: 86_400_000 },
    });
    const shop = { refresh_token_validity: { ...ofApp, value: 90, defaultValue: 144_000 } };
    expect(await configOf('/appid-shop')).toMatchObject({ ...shop, password_reset_token_lifetime: { value: 120_000 } });
    const reset = { ...ofTenant, value: 240_000, defaultValue: 3_600_000 };
    expect(await configOf('/appid-shop/acme')).toMatchObject({ ...shop, password_reset_token_lifetime: reset });
  });

  it('of a tenant is refused where it would have no effect, and nothing is made', async () => {
    await putApp({});
    const refused = { tenantId: 'acme', coreConfig: { refresh_token_validity: 60 } };
    const path = '/appid-shop/recipe/multitenancy/tenant/v2';
    expect(await client.put(path, refused)).toMatchObject(
      refusal(400, "Invalid core config: 'refresh_token_validity' is set for the whole app, not for a tenant"),
    );
    expect((await client.get('/appid-shop/acme/recipe/multitenancy/tenant/v2')).json).toEqual({
      status: 'TENANT_NOT_FOUND_ERROR',
    });
    const ofService = { tenantId: 'public', coreConfig: { refresh_token_validity: 60 } };
    expect(await client.put('/recipe/multitenancy/tenant/v2', ofService)).toMatchObject(
      refusal(403, 'The public app is configured where the service is started'),
    );
  });
});
