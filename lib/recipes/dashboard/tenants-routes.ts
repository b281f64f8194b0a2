import { BadInputError } from '../../core/auth.error.js';
import type { JsonObject } from '../../core/json.types.js';
import { normaliseTenantId } from '../../core/tenant-id.js';
import type { ThirdPartyConfig } from '../../core/third-party.core.js';
import type { ApiCall } from '../../http/api-call.js';
import { DashboardFields, queryText } from './dashboard-fields.js';
import type { DashboardTenantsApi } from './dashboard-tenants.api.js';
import { guardedRoutes } from './guarded-routes.js';

const ofTenant = ({ tenantId }: ApiCall) => ({ tenantId });
const factor = async (call: ApiCall) => {
  const body = await DashboardFields.of(call);
  return { tenantId: call.tenantId, factorId: body.filledText('factorId'), enable: body.flag('enable') };
};
const provider = async (call: ApiCall) => ({
  tenantId: call.tenantId,
  thirdPartyId: await queryText(call, 'thirdPartyId'),
});

export const tenantsRoutes = guardedRoutes<DashboardTenantsApi>({
  tenantsGET: { method: 'GET', path: 'tenants', input: () => ({}) },
  tenantGET: { method: 'GET', path: 'tenant', input: ofTenant },
  tenantPOST: {
    method: 'POST',
    path: 'tenant',
    async input(call) {
      return { tenantId: normaliseTenantId((await DashboardFields.of(call)).filledText('tenantId')) };
    },
    audit: ({ tenantId }) => ({ detail: { tenantId } }),
  },
  tenantDELETE: { method: 'DELETE', path: 'tenant', input: ofTenant },
  tenantFirstFactorPUT: {
    method: 'PUT',
    path: 'tenant/first-factor',
    input: factor,
    audit: ({ factorId, enable }) => ({ detail: { factorId, enable } }),
  },
  tenantSecondaryFactorPUT: { method: 'PUT', path: 'tenant/required-secondary-factor', input: factor },
  tenantCoreConfigPUT: {
    method: 'PUT',
    path: 'tenant/core-config',
    async input(call) {
      const body = await DashboardFields.of(call);
      const value = body.value('value') as JsonObject[string];
      if (value === undefined) throw new BadInputError("Missing required parameter 'value'");
      return { tenantId: call.tenantId, name: body.filledText('name'), value };
    },
    audit: ({ name }) => ({ detail: { name } }),
  },
  thirdPartyConfigGET: { method: 'GET', path: 'thirdparty/config', input: provider },
  thirdPartyConfigPUT: {
    method: 'PUT',
    path: 'thirdparty/config',
    async input(call) {
      const providerConfig = (await DashboardFields.of(call)).value('providerConfig');
      const { thirdPartyId } = Object(providerConfig) as { thirdPartyId?: unknown };
      if (typeof thirdPartyId !== 'string' || thirdPartyId === '') {
        throw new BadInputError("The parameter 'providerConfig' must be an object with a thirdPartyId");
      }
      return { tenantId: call.tenantId, providerConfig: providerConfig as ThirdPartyConfig };
    },
    audit: ({ providerConfig: { thirdPartyId } }) => ({ detail: { thirdPartyId } }),
  },
  thirdPartyConfigDELETE: {
    method: 'DELETE',
    path: 'thirdparty/config',
    input: provider,
    audit: ({ thirdPartyId }) => ({ detail: { thirdPartyId } }),
  },
});
