import { z } from 'zod';
import { BadInputError, UnknownTenantError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import { isTenantId } from '../tenant-id.js';
import { type AddLoginMethodToTenantResult, TenantsCore } from '../tenants.core.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';

const found = statusOf('OK', 'TENANT_NOT_FOUND_ERROR');
const created = ok.extend({ createdNew: z.boolean() });
const listed = ok.extend({ tenants: z.array(z.object({ tenantId: z.string() })) });
const deleted = ok.extend({ didExist: z.boolean() });
const removed = ok.extend({ wasAssociated: z.boolean() });
const added = z.union([
  ok.extend({ wasAlreadyAssociated: z.boolean() }),
  statusOf('UNKNOWN_USER_ID_ERROR'),
  z.object({ status: z.templateLiteral([z.string(), '_ALREADY_EXISTS_ERROR']) }),
  statusOf('ASSOCIATION_NOT_ALLOWED_ERROR').extend({ reason: z.string() }),
]);

export class RemoteTenantsCore extends TenantsCore {
  constructor(private readonly client: CoreClient) {
    super();
  }

  async tenantExists(tenantId: string): Promise<boolean> {
    if (!isTenantId(tenantId)) return false;
    const path = await this.tenantPath();
    try {
      const { status } = await this.client.call({ method: 'GET', path, tenantId, answer: found });
      return status === 'OK';
    } catch (error) {
      if (error instanceof UnknownTenantError) return false;
      throw error;
    }
  }

  async createTenant(tenantId: string): Promise<{ status: 'OK'; createdNew: boolean }> {
    if (!isTenantId(tenantId)) {
      throw new BadInputError('tenantId must be 1 to 64 letters, digits and hyphens, and no word of the core');
    }
    // What follows would change how one that is there lets its users in.
    if (await this.tenantExists(tenantId)) return { status: 'OK', createdNew: false };
    const path = await this.tenantPath();
    const body = { tenantId, ...(await this.everyWayIn()) };
    return this.client.call({ method: 'PUT', path, body, answer: created });
  }

  async listTenants(): Promise<string[]> {
    const path = await this.listPath();
    const { tenants } = await this.client.call({ method: 'GET', path, answer: listed });
    return tenants.map(({ tenantId }) => tenantId).sort();
  }

  async deleteTenant(tenantId: string): Promise<{ status: 'OK'; didExist: boolean }> {
    if (String(tenantId).toLowerCase() === PUBLIC_TENANT_ID) throw new BadInputError('Cannot delete public tenant');
    if (!isTenantId(tenantId)) return { status: 'OK', didExist: false };
    const path = '/recipe/multitenancy/tenant/remove';
    return this.client.call({ method: 'POST', path, body: { tenantId }, isRepeatable: true, answer: deleted });
  }

  async addLoginMethodToTenant(input: {
    tenantId: string;
    recipeUserId: string;
  }): Promise<AddLoginMethodToTenantResult> {
    const { tenantId, recipeUserId } = input;
    const path = '/recipe/multitenancy/tenant/user';
    const body = { recipeUserId };
    const result = await this.client.call({ method: 'POST', path, tenantId, body, isRepeatable: true, answer: added });
    // Of linked accounts only, where the name belongs to another user of the tenant.
    return result.status === 'ASSOCIATION_NOT_ALLOWED_ERROR' ? { status: 'EMAIL_ALREADY_EXISTS_ERROR' } : result;
  }

  async removeLoginMethodFromTenant(input: {
    tenantId: string;
    recipeUserId: string;
  }): Promise<{ status: 'OK'; wasAssociated: boolean }> {
    const { tenantId, recipeUserId } = input;
    const path = '/recipe/multitenancy/tenant/user/remove';
    const body = { recipeUserId };
    return this.client.call({ method: 'POST', path, tenantId, body, isRepeatable: true, answer: removed });
  }

  private async isFirstVersion(): Promise<boolean> {
    return (await this.client.version()) === '5.0';
  }

  /** Of what is known about one tenant. */
  async tenantPath(): Promise<string> {
    return (await this.isFirstVersion()) ? '/recipe/multitenancy/tenant' : '/recipe/multitenancy/tenant/v2';
  }

  /** Of what is known about all of them. */
  async listPath(): Promise<string> {
    const path = '/recipe/multitenancy/tenant/list';
    return (await this.isFirstVersion()) ? path : `${path}/v2`;
  }

  /** A tenant is made with no way to sign in, unless asked for otherwise; the recipes are ours to choose. */
  private async everyWayIn(): Promise<object> {
    return (await this.isFirstVersion())
      ? { emailPasswordEnabled: true, thirdPartyEnabled: true, passwordlessEnabled: true }
      : { firstFactors: null };
  }
}
