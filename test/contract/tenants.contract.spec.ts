import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadInputError } from '../../lib/core/auth.error.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { cores, type CoreUnderTest, persistentCores } from './cores.js';

describe.each(cores)('tenants: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let tenants: TenantsCore;

  beforeAll(async () => {
    tested = await create();
    tenants = tested.core.port(TenantsCore);
  });
  afterAll(() => tested.close());

  it('has the public tenant from the start', async () => {
    expect(await tenants.tenantExists('public')).toBe(true);
    expect(await tenants.listTenants()).toEqual(['public']);
    expect(await tenants.createTenant('public')).toEqual({ status: 'OK', createdNew: false });
  });

  it('creates a tenant once, however many ask for it at a time', async () => {
    expect(await tenants.tenantExists('acme')).toBe(false);
    const results = await Promise.all(Array.from({ length: 10 }, () => tenants.createTenant('acme')));
    expect(results.filter((result) => result.createdNew)).toHaveLength(1);
    expect(await tenants.tenantExists('acme')).toBe(true);
    expect(await tenants.listTenants()).toEqual(['acme', 'public']);
  });

  it.each(['', 'a.b', 'a_b', 'a/b', 'ä', '..', "'", 'x'.repeat(65)])('refuses the tenant id %j', async (tenantId) => {
    await expect(tenants.createTenant(tenantId)).rejects.toThrow(BadInputError);
    expect(await tenants.tenantExists(tenantId)).toBe(false);
  });
});

describe.each(persistentCores)('tenants, several processes: $name', ({ create }) => {
  it('sees a tenant that another process has made', async () => {
    const tested = await create();
    try {
      const here = tested.core.port(TenantsCore);
      const there = (await tested.openAnother()).port(TenantsCore);
      expect(await there.tenantExists('late')).toBe(false);
      await here.createTenant('late');
      expect(await there.tenantExists('late')).toBe(true);
    } finally {
      await tested.close();
    }
  });
});
