import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDashboardApp, type DashboardApp } from '../../support/dashboard-app.js';
import { onFastify } from '../../support/frameworks.js';

const unknown = { status: 'UNKNOWN_TENANT_ERROR' };

describe.each(onFastify)('tenants in the dashboard on %s', (framework) => {
  let app: DashboardApp;
  beforeAll(async () => {
    app = await startDashboardApp(framework);
  });
  afterAll(() => app.app.close());
  const ask = async (request: string, body?: unknown) => (await app.ask(request, body)).json;

  it('are made, listed, shown, given a factor and deleted', async () => {
    expect(await ask('POST tenant', { tenantId: ' Acme ' })).toEqual({ status: 'OK', createdNew: true });
    expect(await ask('POST tenant', { tenantId: 'ACME' })).toEqual({ status: 'TENANT_ID_ALREADY_EXISTS_ERROR' });
    expect((await ask('GET tenants')).tenants).toEqual([
      { tenantId: 'acme', firstFactors: [] },
      { tenantId: 'public', firstFactors: ['emailpassword'] },
    ]);
    const factor = (factorId: string, enable: boolean) => ask('PUT /acme/tenant/first-factor', { factorId, enable });
    expect(await factor('emailpassword', true)).toEqual({ status: 'OK' });
    expect(await factor('otp-email', true)).toMatchObject({ status: 'RECIPE_NOT_CONFIGURED_ON_BACKEND_SDK_ERROR' });
    expect((await ask('GET audit?limit=1')).entries).toMatchObject([
      { action: 'tenantFirstFactorPUT', tenantId: 'acme', detail: { factorId: 'emailpassword', enable: true } },
    ]);
    expect((await ask('GET /acme/tenant')).tenant).toEqual({
      tenantId: 'acme',
      firstFactors: ['emailpassword'],
      thirdParty: { providers: [] },
      coreConfig: [],
      userCount: 0,
    });
    expect(await ask('PUT tenant/required-secondary-factor', { factorId: 'totp', enable: true })).toEqual({
      status: 'MFA_NOT_INITIALIZED_ERROR',
    });
    expect(await ask('DELETE /acme/tenant')).toEqual({ status: 'OK', didExist: true });
    expect(await ask('DELETE /acme/tenant')).toEqual({ status: 'OK', didExist: false });
    expect(await ask('DELETE tenant')).toEqual({ status: 'CANNOT_DELETE_PUBLIC_TENANT_ERROR' });
    for (const request of ['GET /acme/tenant', 'GET /acme/thirdparty/config?thirdPartyId=google']) {
      expect(await ask(request)).toEqual(unknown);
    }
    expect(await factor('emailpassword', false)).toEqual(unknown);
  });

  it.each(['a b', '../x', 'recipe', 'ä', 'x'.repeat(65)])('are not called %s', async (tenantId) => {
    expect(await ask('POST tenant', { tenantId })).toMatchObject({ status: 'INVALID_TENANT_ID_ERROR' });
  });

  it('have providers, whose secrets only those see who may change them', async () => {
    const providerConfig = { thirdPartyId: 'google', clients: [{ clientId: 'id', clientSecret: 'a secret' }] };
    expect(await ask('PUT thirdparty/config', { providerConfig })).toEqual({ status: 'OK', createdNew: true });
    expect(await ask('GET thirdparty/config?thirdPartyId=google')).toMatchObject({ status: 'OK', providerConfig });
    const { json } = await app.ask('GET audit?limit=500');
    expect(JSON.stringify(json)).not.toContain('a secret');
    expect((await ask('GET tenant')).tenant.thirdParty.providers).toEqual([{ thirdPartyId: 'google', name: 'google' }]);
    const deleted = await ask('DELETE thirdparty/config?thirdPartyId=google');
    expect(deleted).toEqual({ status: 'OK', didConfigExist: true });
    for (const body of [{}, { providerConfig: 1 }, { providerConfig: {} }]) {
      expect((await app.ask('PUT thirdparty/config', body)).status).toBe(400);
    }
  });
});
