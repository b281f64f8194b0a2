import { z } from 'zod';
import { ConfigurationError, UnknownTenantError } from '../auth.error.js';
import type { JsonObject } from '../json.types.js';
import { FirstFactors } from '../first-factors.js';
import { TenantConfigCore, type TenantConfig, type TenantConfigUpdate } from '../tenant-config.core.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import type { RemoteTenantsCore } from './remote-tenants.core.js';

const enabled = z.object({ enabled: z.boolean() });
const factors = z.array(z.string()).nullish();
const found = z.discriminatedUnion('status', [
  ok.extend({
    firstFactors: factors,
    requiredSecondaryFactors: factors,
    coreConfig: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null).optional(),
    emailPassword: enabled.optional(),
    thirdParty: z.looseObject({ enabled: z.boolean().optional() }).optional(),
    passwordless: enabled.optional(),
  }),
  statusOf('TENANT_NOT_FOUND_ERROR'),
]);
const updated = ok;

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
    const { firstFactors, requiredSecondaryFactors, coreConfig = {} } = answer;
    const allowed = firstFactors ?? enabledFactors(answer);
    return {
      ...(allowed === undefined ? {} : { firstFactors: allowed }),
      ...(requiredSecondaryFactors == null ? {} : { requiredSecondaryFactors }),
      coreConfig,
    };
  }

  async updateTenantConfig(input: { tenantId: string } & TenantConfigUpdate): Promise<{ status: 'OK' }> {
    const { tenantId } = input;
    if (!(await this.tenants.tenantExists(tenantId))) throw new UnknownTenantError(tenantId);
    const path = await this.tenants.tenantPath();
    await this.client.call({ method: 'PUT', path, body: { ...input }, isRepeatable: true, answer: updated });
    this.firstFactors.forget(tenantId);
    return { status: 'OK' };
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

/** The first version of the wire has a switch for each login method. @returns undefined where all are on */
function enabledFactors(answer: Extract<z.infer<typeof found>, { status: 'OK' }>): string[] | undefined {
  const { emailPassword, thirdParty, passwordless } = answer;
  if ([emailPassword, thirdParty, passwordless].every(isOn)) return undefined;
  return [
    ...(isOn(emailPassword) ? ['emailpassword'] : []),
    ...(isOn(thirdParty) ? ['thirdparty'] : []),
    ...(isOn(passwordless) ? ['otp-email', 'otp-phone', 'link-email', 'link-phone'] : []),
  ];
}

function isOn(method: { enabled?: boolean } | undefined): boolean {
  return method?.enabled !== false;
}
