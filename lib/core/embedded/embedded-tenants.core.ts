import { BadInputError, UnknownTenantError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import { TenantsCore } from '../tenants.core.js';
import type { AuthDatabase } from './storage/auth-database.js';
import { TenantsStorage } from './storage/tenants.storage.js';

/** What fits into a path segment and a session handle. */
const TENANT_ID = /^[a-zA-Z0-9-]{1,64}$/;

export class EmbeddedTenantsCore extends TenantsCore {
  private readonly storage: TenantsStorage;
  /** Tenants are never deleted, so one that was seen stays. */
  private readonly known = new Set([PUBLIC_TENANT_ID]);

  constructor(private readonly database: AuthDatabase) {
    super();
    this.storage = new TenantsStorage(database);
  }

  async tenantExists(tenantId: string): Promise<boolean> {
    if (this.known.has(tenantId)) return true;
    if (!TENANT_ID.test(tenantId)) return false;
    if (!(await this.storage.exists(tenantId))) return false;
    await this.remember(tenantId);
    return true;
  }

  async createTenant(tenantId: string): Promise<{ status: 'OK'; createdNew: boolean }> {
    if (!TENANT_ID.test(tenantId)) {
      throw new BadInputError('tenantId must be 1 to 64 letters, digits and hyphens');
    }
    const createdNew = await this.storage.insert(tenantId);
    await this.remember(tenantId);
    return { status: 'OK', createdNew };
  }

  async listTenants(): Promise<string[]> {
    return this.storage.list();
  }

  /** @throws {UnknownTenantError} */
  async assertExists(tenantId: string): Promise<void> {
    if (!(await this.tenantExists(tenantId))) throw new UnknownTenantError(tenantId);
  }

  /** Not before the commit: a transaction that is rolled back takes its tenant with it. */
  private async remember(tenantId: string): Promise<void> {
    await this.database.afterCommit(() => {
      this.known.add(tenantId);
    });
  }
}
