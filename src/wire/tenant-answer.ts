import type { Core } from '../../lib/core/core.js';
import { type TenantConfig, TenantConfigCore } from '../../lib/core/tenant-config.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import { factorsOf } from './tenant-fields.js';

/** How a tenant is shown: as it is now, or as it was when each login method had a switch of its own. */
export type TenantAnswerForm = 'v1' | 'v2';

export async function tenantAnswer(core: Core, tenantId: string, form: TenantAnswerForm) {
  const config = await core.port(TenantConfigCore).getTenantConfig(tenantId);
  const providers = await core.port(ThirdPartyCore).listThirdPartyConfigs(tenantId);
  const { firstFactors, requiredSecondaryFactors, coreConfig } = config;
  return {
    tenantId,
    ...(form === 'v1' ? legacyMembers(config, providers) : { thirdParty: { providers } }),
    ...(firstFactors === undefined ? {} : { firstFactors }),
    ...(requiredSecondaryFactors === undefined ? {} : { requiredSecondaryFactors }),
    coreConfig,
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
