import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnknownTenantError } from '../../lib/core/auth.error.js';
import type { Core } from '../../lib/core/core.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import { TenantConfigCore } from '../../lib/core/tenant-config.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { lentSchema, type LentSchema } from '../support/kept-schemas.js';
import { cheapPasswordHasher } from './cores.js';

/** Kept by the core service for its drivers; the remote core has no use for them. */
describe.each(['SQLite', 'PostgreSQL'])('configurations of tenants on %s', (database) => {
  let lent: LentSchema;
  let core: Core;
  let configs: TenantConfigCore;

  beforeEach(async () => {
    lent = lentSchema();
    const inPostgres = { postgres: lent.pools[0], schema: lent.schema };
    const options = database === 'SQLite' ? { sqlite: ':memory:' } : inPostgres;
    core = await createEmbeddedCore(options, { passwordHasher: cheapPasswordHasher });
    configs = core.port(TenantConfigCore);
    await core.port(TenantsCore).createTenant('acme');
  });
  afterEach(async () => {
    await core.close();
    await lent.giveBack();
  });

  it('are empty at first', async () => {
    expect(await configs.getTenantConfig('acme')).toEqual({ coreConfig: {} });
  });

  it('change in what is given, and null takes away', async () => {
    await configs.updateTenantConfig({ tenantId: 'acme', firstFactors: ['emailpassword'], coreConfig: { a: 1, b: 2 } });
    await configs.updateTenantConfig({ tenantId: 'acme', requiredSecondaryFactors: ['totp'], coreConfig: { a: null } });
    expect(await configs.getTenantConfig('acme')).toEqual({
      firstFactors: ['emailpassword'],
      requiredSecondaryFactors: ['totp'],
      coreConfig: { b: 2 },
    });
    await configs.updateTenantConfig({ tenantId: 'acme', firstFactors: [], requiredSecondaryFactors: null });
    expect(await configs.getTenantConfig('acme')).toEqual({ firstFactors: [], coreConfig: { b: 2 } });
    expect(await configs.getTenantConfig('public')).toEqual({ coreConfig: {} });
  });

  it('keep every one of several changes at once', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `key-${n}`);
    await Promise.all(
      names.map((name) => configs.updateTenantConfig({ tenantId: 'acme', coreConfig: { [name]: true } })),
    );
    expect(Object.keys((await configs.getTenantConfig('acme')).coreConfig).sort()).toEqual(names);
  });

  it('go with their tenants', async () => {
    await configs.updateTenantConfig({ tenantId: 'acme', firstFactors: [] });
    await core.port(TenantsCore).deleteTenant('acme');
    await expect(configs.updateTenantConfig({ tenantId: 'acme', firstFactors: [] })).rejects.toThrow(
      UnknownTenantError,
    );
    await core.port(TenantsCore).createTenant('acme');
    expect(await configs.getTenantConfig('acme')).toEqual({ coreConfig: {} });
  });
});
