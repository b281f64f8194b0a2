import type { RemoteEngine } from './engine.js';
import type { CoreClient } from '../remote/core-client.js';
import type { RemoteTenantConfigCore } from '../remote/remote-tenant-config.core.js';
import type { RemoteTenantsCore } from '../remote/remote-tenants.core.js';
import type { RemoteUsersCore } from '../remote/remote-users.core.js';

/** What the parts of our own recipes have besides. */
export interface RemoteCoreEngine extends RemoteEngine {
  readonly client: CoreClient;
  readonly tenants: RemoteTenantConfigCore;
  readonly tenantList: RemoteTenantsCore;
  readonly users: RemoteUsersCore;
}
