import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionRecipe } from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { TenantConfigCore } from '../../../lib/core/tenant-config.core.js';
import { TenantsCore } from '../../../lib/core/tenants.core.js';
import { type AuthApp, newEmail, PASSWORD, startAuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';

const NONE = {
  status: 'OK',
  emailPassword: { enabled: false },
  thirdParty: { enabled: false, providers: [] },
  passwordless: { enabled: false },
  webauthn: { enabled: false },
  firstFactors: [],
};

describe.each(frameworks)('the ways in of a tenant, without ThirdParty, on %s', (framework) => {
  let auth: AuthApp;

  beforeAll(async () => {
    auth = await startAuthApp(framework);
    const core = auth.app.get(Core, { strict: false });
    for (const tenantId of ['acme', 'sso']) await core.port(TenantsCore).createTenant(tenantId);
    await core.port(TenantConfigCore).updateTenantConfig({ tenantId: 'sso', firstFactors: ['thirdparty'] });
  });
  afterAll(() => auth.app.close());

  const list = async (path: string) => {
    const response = await auth.client().get(`/auth${path}/loginmethods`);
    return [response.status, await response.json()];
  };
  const enter = async (tenant: string, path: string) => {
    const formFields = Object.entries({ email: newEmail(), password: PASSWORD }).map(([id, value]) => ({ id, value }));
    return (await auth.client().post(`/auth/${tenant}${path}`, { formFields })).json();
  };

  it('are those of the recipes, as far as the tenant allows them', async () => {
    const byPassword = { ...NONE, emailPassword: { enabled: true }, firstFactors: ['emailpassword'] };
    expect(await list('')).toEqual([200, byPassword]);
    expect(await list('/acme')).toEqual([200, byPassword]);
    expect(await list('/sso')).toEqual([200, NONE]);
    expect((await list('/nowhere'))[0]).toBe(400);
  });

  it('are the only ones that work', async () => {
    const shown = { status: 'GENERAL_ERROR', message: expect.stringContaining('not available') };
    expect(await enter('acme', '/signup')).toMatchObject({ status: 'OK' });
    for (const path of ['/signup', '/signin']) expect(await enter('sso', path)).toEqual(shown);
    const formFields = [{ id: 'email', value: newEmail() }];
    const reset = await auth.client().post('/auth/sso/user/password/reset/token', { formFields });
    expect(await reset.json()).toEqual(shown);
  });
});

it('have no route where no recipe signs people in', async () => {
  const auth = await startAuthApp('Express', { auth: { recipeList: [SessionRecipe.init()] } });
  expect((await auth.client().get('/auth/loginmethods')).status).toBe(404);
  await auth.app.close();
});
