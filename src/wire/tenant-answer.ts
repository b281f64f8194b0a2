import { PUBLIC_TENANT_ID } from '../../lib/core/core.js';
import { type TenantConfig, TenantConfigCore } from '../../lib/core/tenant-config.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import type { App } from '../apps/app.js';
import { shownCoreConfig } from '../apps/core-config.js';
import { factorsOf } from './tenant-fields.js';

/** How a tenant is shown: as it is now, or as it was when each login method had a switch of its own. */
export type TenantAnswerForm = 'v1' | 'v2';

export async function tenantAnswer(app: App, tenantId: string, form: TenantAnswerForm) {
  const { core } = app;
  const config = await core.port(TenantConfigCore).getTenantConfig(tenantId);
  const providers = await core.port(ThirdPartyCore).listThirdPartyConfigs(tenantId);
  const { firstFactors, requiredSecondaryFactors } = config;
  const coreConfig = tenantId === PUBLIC_TENANT_ID ? app.coreConfig : config.coreConfig;
  return {
    tenantId,
    ...(form === 'v1' ? legacyMembers(config, providers) : { thirdParty: { providers } }),
    ...(firstFactors === undefined ? {} : { firstFactors }),
    ...(requiredSecondaryFactors === undefined ? {} : { requiredSecondaryFactors }),
    coreConfig: shownCoreConfig(coreConfig),
  };
}

function legacyMembers({ firstFactors }: TenantConfig, providers: unknown[]) {
  const enabled = (factors: readonly string[]): boolean =>
    firstFactors === undefined || factors.some((factor) => firstFactors.includes(factor));
  return {
    emailPassword: { enabled: enabled(factorsOf.emailPassword) },
    thirdParty: { enabled: enabled(factorsOf.thirdParty), providers },
    passwordless: { enabled: enabled(factorsOf.passwordless) },
  };
}
