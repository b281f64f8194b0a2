import type { Core } from './core.js';
import { TenantConfigCore, type TenantConfigUpdate } from './tenant-config.core.js';
import { TenantsCore } from './tenants.core.js';

/**
 * Makes a tenant, or changes it. In one transaction: of two who each switch another login method off, neither switches
 * one on again, and no tenant is there without its list, when everything would be allowed.
 *
 * @param read the update, by the first factors that are stored
 */
export async function changeTenant(
  core: Pick<Core, 'port' | 'transaction'>,
  tenantId: string,
  read: (firstFactors: string[] | undefined) => TenantConfigUpdate,
): Promise<{ status: 'OK'; createdNew: boolean }> {
  const configs = core.port(TenantConfigCore);
  return core.transaction(async () => {
    const { status, createdNew } = await core.port(TenantsCore).createTenant(tenantId);
    // Changes nothing, and keeps others from changing anything until the end.
    await configs.updateTenantConfig({ tenantId });
    // A new tenant has no way of signing in but those it is given.
    const before = createdNew ? [] : (await configs.getTenantConfig(tenantId)).firstFactors;
    const update = read(before);
    const { firstFactors = createdNew ? [] : undefined } = update;
    await configs.updateTenantConfig({ tenantId, ...update, firstFactors });
    return { status, createdNew };
  });
}
