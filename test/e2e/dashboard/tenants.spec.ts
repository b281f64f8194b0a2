import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EmailPasswordRecipe,
  getRequestFromUserContext,
  MultitenancyFunctions,
  MultitenancyRecipe,
  type UserContext,
} from 'latchkey';
import { API_KEY, startDashboardApp, type DashboardApp } from '../../support/dashboard-app.js';
import { frameworks, onExpress } from '../../support/frameworks.js';

const withoutKey = { providerConfig: { thirdPartyId: 'apple', clients: [{ clientId: 'id' }] } };
const refused = { status: 400, json: { message: expect.stringMatching(/^Invalid third party config: \w+/) } };
const unknown = { status: 'UNKNOWN_TENANT_ERROR' };

describe.each(frameworks)('tenants in the dashboard on %s', (framework) => {
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
      expect(await app.ask('PUT thirdparty/config', body)).toMatchObject({ status: 400 });
    }
    expect(await app.ask('PUT thirdparty/config', withoutKey)).toMatchObject(refused);
  });
});

describe.each(onExpress)('tenants in the dashboard beside MultitenancyRecipe on %s', (framework) => {
  const seen: unknown[] = [];
  function note(method: string, { tenantId, userContext }: { tenantId?: string; userContext?: UserContext }): void {
    seen.push([method, tenantId, getRequestFromUserContext(userContext)?.getMethod()]);
  }

  class Watched extends MultitenancyFunctions {
    override async listAllTenants(input?: Parameters<MultitenancyFunctions['listAllTenants']>[0]) {
      note('listAllTenants', { ...input });
      return super.listAllTenants(input);
    }
    override async getTenant(input: Parameters<MultitenancyFunctions['getTenant']>[0]) {
      note('getTenant', input);
      return super.getTenant(input);
    }
    override async createOrUpdateTenant(input: Parameters<MultitenancyFunctions['createOrUpdateTenant']>[0]) {
      note('createOrUpdateTenant', input);
      return super.createOrUpdateTenant(input);
    }
    override async deleteTenant(input: Parameters<MultitenancyFunctions['deleteTenant']>[0]) {
      note('deleteTenant', input);
      return super.deleteTenant(input);
    }
    override async createOrUpdateThirdPartyConfig(
      input: Parameters<MultitenancyFunctions['createOrUpdateThirdPartyConfig']>[0],
    ) {
      note('createOrUpdateThirdPartyConfig', input);
      return super.createOrUpdateThirdPartyConfig(input);
    }
    override async deleteThirdPartyConfig(input: Parameters<MultitenancyFunctions['deleteThirdPartyConfig']>[0]) {
      note('deleteThirdPartyConfig', input);
      return super.deleteThirdPartyConfig(input);
    }
  }

  it('go through its overridden functions, with the request', async () => {
    const app = await startDashboardApp(framework, {
      dashboard: { apiKey: API_KEY },
      others: [EmailPasswordRecipe.init(), MultitenancyRecipe.init({ override: { functions: Watched } })],
    });
    /** @returns the answer, and what was called for it */
    async function ask(request: string, body?: unknown): Promise<{ status: number; json: unknown; calls: unknown[] }> {
      const { status, json } = await app.ask(request, body);
      return { status, json, calls: seen.splice(0) };
    }
    const find = (method: string) => ['getTenant', 'acme', method];
    try {
      expect(await ask('POST tenant', { tenantId: 'acme' })).toEqual({
        status: 200,
        json: { status: 'OK', createdNew: true },
        calls: [find('post'), ['createOrUpdateTenant', 'acme', 'post']],
      });
      expect(await ask('GET tenants')).toMatchObject({
        json: { tenants: [{ tenantId: 'acme', firstFactors: [] }, { tenantId: 'public' }] },
        calls: [['listAllTenants', undefined, 'get']],
      });
      const factor = { factorId: 'emailpassword', enable: true };
      expect(await ask('PUT /acme/tenant/first-factor', factor)).toMatchObject({
        json: { status: 'OK' },
        calls: [find('put'), ['createOrUpdateTenant', 'acme', 'put']],
      });
      const providerConfig = { thirdPartyId: 'google', clients: [{ clientId: 'id' }] };
      expect(await ask('PUT /acme/thirdparty/config', { providerConfig })).toMatchObject({
        json: { status: 'OK', createdNew: true },
        calls: [find('put'), ['createOrUpdateThirdPartyConfig', 'acme', 'put']],
      });
      expect(await ask('PUT /acme/thirdparty/config', withoutKey)).toMatchObject(refused);
      expect(await ask('DELETE /acme/thirdparty/config?thirdPartyId=google')).toMatchObject({
        json: { status: 'OK', didConfigExist: true },
        calls: [find('delete'), ['deleteThirdPartyConfig', 'acme', 'delete']],
      });
      expect(await ask('DELETE /acme/tenant')).toEqual({
        status: 200,
        json: { status: 'OK', didExist: true },
        calls: [['deleteTenant', 'acme', 'delete']],
      });
      expect(await ask('POST tenant', { tenantId: 'a b' })).toMatchObject({
        json: { status: 'INVALID_TENANT_ID_ERROR' },
      });
    } finally {
      await app.app.close();
    }
  });
});
