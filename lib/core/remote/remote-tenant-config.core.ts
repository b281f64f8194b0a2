import { z } from 'zod';
import { ConfigurationError, UnknownTenantError } from '../auth.error.js';
import { FirstFactors } from '../first-factors.js';
import { TenantConfigCore, type TenantConfig, type TenantConfigUpdate } from '../tenant-config.core.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import type { RemoteTenantsCore } from './remote-tenants.core.js';
import { configOf, tenantAnswer, withSwitches } from './tenant-answer.js';

const found = z.discriminatedUnion('status', [tenantAnswer, statusOf('TENANT_NOT_FOUND_ERROR')]);
const put = ok.extend({ createdNew: z.boolean().optional() });

export class RemoteTenantConfigCore extends TenantConfigCore {
  private readonly firstFactors: FirstFactors;

  constructor(
    private readonly client: CoreClient,
    private readonly tenants: RemoteTenantsCore,
    clock: () => number,
  ) {
    super();
    this.firstFactors = new FirstFactors({ clock, read: (tenantId) => this.firstFactorsOf(tenantId) });
  }

  /**
   * The same check as the embedded core's. A core leaves it to its drivers in part, or as a whole: see
   * `EmbeddedTenantsDependencies`.
   * @throws {UnknownTenantError}
   * @throws {FactorNotAllowedError}
   */
  async assertOffers(tenantId: string, factorId: string): Promise<void> {
    await this.firstFactors.assertAllowed(tenantId, factorId);
  }

  async getTenantConfig(tenantId: string): Promise<TenantConfig> {
    const path = await this.tenants.tenantPath();
    const answer = await this.client.call({ method: 'GET', path, tenantId, answer: found });
    if (answer.status !== 'OK') throw new UnknownTenantError(tenantId);
    return configOf(answer);
  }

  async updateTenantConfig(input: { tenantId: string } & TenantConfigUpdate): Promise<{ status: 'OK' }> {
    const { tenantId } = input;
    if (!(await this.tenants.tenantExists(tenantId))) throw new UnknownTenantError(tenantId);
    await this.put(input);
    return { status: 'OK' };
  }

  /** Makes the tenant, or changes it. */
  async put(input: { tenantId: string } & TenantConfigUpdate): Promise<{ createdNew: boolean }> {
    const path = await this.tenants.tenantPath();
    const body = (await this.client.version()) === '5.0' ? withSwitches(input) : { ...input };
    try {
      const { createdNew = false } = await this.client.call({
        method: 'PUT',
        path,
        body,
        isRepeatable: true,
        answer: put,
      });
      return { createdNew };
    } finally {
      this.firstFactors.forget(input.tenantId);
    }
  }

  /** A core that knows no tenants, or does not tell, forbids by itself what it forbids. */
  private async firstFactorsOf(tenantId: string): Promise<string[] | undefined> {
    try {
      return (await this.getTenantConfig(tenantId)).firstFactors;
    } catch (error) {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    }
  }
}
