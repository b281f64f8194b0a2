import { PUBLIC_TENANT_ID } from '../../lib/core/core.js';
import { MultitenancyCore, type Tenant } from '../../lib/core/multitenancy.core.js';
import type { App } from '../apps/app.js';
import { shownCoreConfig } from '../apps/core-config.js';
import { factorsOf } from './tenant-fields.js';

/** How a tenant is shown: as it is now, or as it was when each login method had a switch of its own. */
export type TenantAnswerForm = 'v1' | 'v2';

export function tenantAnswer(app: App, tenant: Tenant, form: TenantAnswerForm) {
  const { tenantId, thirdParty, firstFactors, requiredSecondaryFactors } = tenant;
  const coreConfig = tenantId === PUBLIC_TENANT_ID ? app.coreConfig : tenant.coreConfig;
  return {
    tenantId,
    ...(form === 'v1' ? legacyMembers(tenant) : { thirdParty }),
    ...(firstFactors === undefined ? {} : { firstFactors }),
    ...(requiredSecondaryFactors === undefined ? {} : { requiredSecondaryFactors }),
    coreConfig: shownCoreConfig(coreConfig),
  };
}

/** Those of all tenants of an app. */
export async function tenantAnswers(app: App, form: TenantAnswerForm) {
  return (await app.core.port(MultitenancyCore).listAllTenants()).map((tenant) => tenantAnswer(app, tenant, form));
}

function legacyMembers({ firstFactors, thirdParty: { providers } }: Tenant) {
  const enabled = (factors: readonly string[]): boolean =>
    firstFactors === undefined || factors.some((factor) => firstFactors.includes(factor));
  return {
    emailPassword: { enabled: enabled(factorsOf.emailPassword) },
    thirdParty: { enabled: enabled(factorsOf.thirdParty), providers },
    passwordless: { enabled: enabled(factorsOf.passwordless) },
  };
}
