import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../../core/auth.error.js';
import { MultitenancyCore, type Tenant } from '../../core/multitenancy.core.js';
import type { TenantConfigUpdate } from '../../core/tenant-config.core.js';
import { TenantsCore } from '../../core/tenants.core.js';
import { INVALID_THIRD_PARTY_CONFIG, ThirdPartyCore, type ThirdPartyConfig } from '../../core/third-party.core.js';
import type { UserContext } from '../../http/user-context.js';
import { OtherRecipes } from './other-recipes.js';

/** The input of functions that are about a tenant. */
export interface DashboardTenantFunctionInput {
  tenantId: string;
  userContext: UserContext;
}

/** The input of `DashboardFunctions.createOrUpdateTenant`. */
export interface DashboardTenantChange extends DashboardTenantFunctionInput {
  config?: TenantConfigUpdate;
}

/** The input of `DashboardFunctions.createOrUpdateThirdPartyConfig`. */
export interface DashboardProviderChange extends DashboardTenantFunctionInput {
  config: ThirdPartyConfig;
}

/** What the dashboard does with tenants: by the functions of MultitenancyRecipe where the application lists it. */
@Injectable()
export class DashboardTenantFunctions {
  @Inject(MultitenancyCore) protected readonly multitenancyCore!: MultitenancyCore;
  @Inject(TenantsCore) protected readonly tenantsCore!: TenantsCore;
  @Inject(ThirdPartyCore) protected readonly thirdPartyCore!: ThirdPartyCore;

  @Inject(OtherRecipes) protected readonly otherRecipes!: OtherRecipes;

  /** All tenants, in the order of their ids. */
  async listAllTenants({ userContext }: { userContext: UserContext }): Promise<Tenant[]> {
    const { multitenancy } = this.otherRecipes;
    if (multitenancy !== undefined) return (await multitenancy.listAllTenants({ userContext })).tenants;
    return this.multitenancyCore.listAllTenants();
  }

  /** @returns undefined where there is no such tenant */
  async getTenant(input: DashboardTenantFunctionInput): Promise<Tenant | undefined> {
    const { multitenancy } = this.otherRecipes;
    return multitenancy === undefined ? this.multitenancyCore.getTenant(input.tenantId) : multitenancy.getTenant(input);
  }

  /** @throws {BadInputError} an id that no tenant can have, or a configuration that cannot work */
  async createOrUpdateTenant(input: DashboardTenantChange): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { tenantId, config } = input;
    const { multitenancy } = this.otherRecipes;
    if (multitenancy !== undefined) return multitenancy.createOrUpdateTenant(input);
    return this.multitenancyCore.createOrUpdateTenant({ tenantId, config });
  }

  /** @throws {BadInputError} it is `public` */
  async deleteTenant(input: DashboardTenantFunctionInput): Promise<{ status: 'OK'; didExist: boolean }> {
    const { multitenancy } = this.otherRecipes;
    return multitenancy === undefined
      ? this.tenantsCore.deleteTenant(input.tenantId)
      : multitenancy.deleteTenant(input);
  }

  /** @throws {BadInputError} it cannot work, as the message says */
  async createOrUpdateThirdPartyConfig(input: DashboardProviderChange): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { tenantId, config } = input;
    const { multitenancy } = this.otherRecipes;
    if (multitenancy !== undefined) return multitenancy.createOrUpdateThirdPartyConfig(input);
    const result = await this.thirdPartyCore.createOrUpdateThirdPartyConfig({ tenantId, config });
    // As MultitenancyFunctions has it: pages show the message of a 400, and know no such status.
    if (result.status !== 'OK') throw new BadInputError(INVALID_THIRD_PARTY_CONFIG + result.reason);
    return result;
  }

  /** Takes a provider of its own away from a tenant. */
  async deleteThirdPartyConfig(
    input: DashboardTenantFunctionInput & { thirdPartyId: string },
  ): Promise<{ status: 'OK'; didConfigExist: boolean }> {
    const { tenantId, thirdPartyId } = input;
    const { multitenancy } = this.otherRecipes;
    if (multitenancy !== undefined) return multitenancy.deleteThirdPartyConfig(input);
    return this.thirdPartyCore.deleteThirdPartyConfig({ tenantId, thirdPartyId });
  }
}
