import { z } from 'zod';
import { checkedTenant, MultitenancyCore, type Tenant } from '../multitenancy.core.js';
import type { TenantConfigUpdate } from '../tenant-config.core.js';
import { isTenantId } from '../tenant-id.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import type { RemoteTenantConfigCore } from './remote-tenant-config.core.js';
import type { RemoteTenantsCore } from './remote-tenants.core.js';
import { configOf, listedTenant, tenantAnswer } from './tenant-answer.js';

const found = z.discriminatedUnion('status', [tenantAnswer, statusOf('TENANT_NOT_FOUND_ERROR')]);
const listed = ok.extend({ tenants: z.array(listedTenant) });

export class RemoteMultitenancyCore extends MultitenancyCore {
  constructor(
    private readonly client: CoreClient,
    private readonly tenants: RemoteTenantsCore,
    private readonly configs: RemoteTenantConfigCore,
  ) {
    super();
  }

  async createOrUpdateTenant(input: {
    tenantId: string;
    config?: TenantConfigUpdate;
  }): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { tenantId, config = {} } = input;
    const { createdNew } = await this.configs.put({ tenantId, ...checkedTenant(tenantId, config) });
    return { status: 'OK', createdNew };
  }

  async getTenant(tenantId: string): Promise<Tenant | undefined> {
    if (!isTenantId(tenantId)) return undefined;
    const path = await this.tenants.tenantPath();
    const answer = await this.client.call({ method: 'GET', path, tenantId, answer: found });
    return answer.status === 'OK' ? tenantOf({ tenantId, ...answer }) : undefined;
  }

  async listAllTenants(): Promise<Tenant[]> {
    const path = await this.tenants.listPath();
    const { tenants } = await this.client.call({ method: 'GET', path, answer: listed });
    return tenants.map(tenantOf).sort(byId(({ tenantId }) => tenantId));
  }
}

function tenantOf(answer: z.infer<typeof listedTenant>): Tenant {
  const providers = (answer.thirdParty?.providers ?? []).toSorted(byId(({ thirdPartyId }) => thirdPartyId));
  return { tenantId: answer.tenantId, thirdParty: { providers }, ...configOf(answer) };
}

function byId<T>(idOf: (one: T) => string): (left: T, right: T) => number {
  return (left, right) => (idOf(left) < idOf(right) ? -1 : 1);
}
