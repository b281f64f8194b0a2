import { Inject, Injectable } from '@nestjs/common';
import { UnknownTenantError } from '../../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../../core/core.js';
import { OverrideError } from '../../http/override.error.js';
import { TenantOfRequest } from '../../http/tenant-of-request.js';
import { getRequestFromUserContext, type UserContext } from '../../http/user-context.js';
import { FirstFactorsOfTenants } from '../login-methods/index.js';
import { MultitenancyFunctions } from './multitenancy.functions.js';

/** As `getTenantId` says. */
@Injectable()
export class TenantByFunction extends TenantOfRequest {
  /** Whether the application finds tenants elsewhere than in the path. Known before tracing puts a method around each. */
  readonly isOverridden: boolean;

  constructor(@Inject(MultitenancyFunctions) private readonly functions: MultitenancyFunctions) {
    super();
    this.isOverridden = functions.getTenantId !== MultitenancyFunctions.prototype.getTenantId;
  }

  /** @throws {OverrideError} an override returned no id */
  override async find(tenantIdFromFrontend: string, userContext: UserContext): Promise<string> {
    const tenantId: unknown = await this.functions.getTenantId({ tenantIdFromFrontend, userContext });
    if (typeof tenantId === 'string' && tenantId.trim() !== '') return tenantId.trim().toLowerCase();
    throw new OverrideError(
      `${this.functions.constructor.name}.getTenantId returned ${JSON.stringify(tenantId)}. Return the id of a tenant, such as ` +
        'input.tenantIdFromFrontend.',
    );
  }

  /**
   * Of a request to a route of the application.
   * @param fromPath undefined where the route has no `:tenantId`
   */
  ofRoute(fromPath: string | undefined, userContext: UserContext): Promise<string> | string | undefined {
    return this.isOverridden ? this.find(fromPath ?? PUBLIC_TENANT_ID, userContext) : fromPath;
  }
}

/** @returns undefined where the route has no `:tenantId`, and on what is no HTTP route */
export function tenantInPath(userContext: UserContext): string | undefined {
  const original = getRequestFromUserContext(userContext)?.original as { params?: { tenantId?: unknown } } | undefined;
  const tenantId = original?.params?.tenantId;
  return typeof tenantId === 'string' && tenantId !== '' ? tenantId.toLowerCase() : undefined;
}

/** As `getTenant` says, so that an override of it counts for `loginmethods`. */
@Injectable()
export class FirstFactorsByFunction extends FirstFactorsOfTenants {
  @Inject(MultitenancyFunctions) private readonly functions!: MultitenancyFunctions;

  override async of(tenantId: string, userContext: UserContext): Promise<readonly string[] | undefined> {
    const tenant = await this.functions.getTenant({ tenantId, userContext });
    if (tenant === undefined) throw new UnknownTenantError(tenantId);
    return tenant.firstFactors;
  }
}
