import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../../core/core.js';
import { allowsFirstFactor } from '../../core/first-factors.js';
import type { JsonObject } from '../../core/json.types.js';
import type { Tenant } from '../../core/multitenancy.core.js';
import type { ThirdPartyConfig } from '../../core/third-party.core.js';
import { FIRST_FACTORS } from '../recipe.js';
import type { DashboardApiInput } from './dashboard-access.api.js';
import { DashboardRolesApi } from './dashboard-roles.api.js';
import type { DashboardTenantInput } from './dashboard-users.api.js';

/** The input of methods that switch a factor of a tenant. */
export interface DashboardFactorInput extends DashboardTenantInput {
  /** Such as `emailpassword`. */
  factorId: string;
  enable: boolean;
}

/** The input of `DashboardApi.tenantCoreConfigPUT`. */
export interface TenantCoreConfigPUTInput extends DashboardTenantInput {
  name: string;
  value: JsonObject[string];
}

/** The input of methods that are about a provider of a tenant. */
export interface DashboardProviderInput extends DashboardTenantInput {
  thirdPartyId: string;
}

/** The input of `DashboardApi.thirdPartyConfigPUT`. */
export interface ThirdPartyConfigPUTInput extends DashboardTenantInput {
  providerConfig: ThirdPartyConfig;
}

/** That there is no such tenant. */
export interface DashboardUnknownTenant {
  status: 'UNKNOWN_TENANT_ERROR';
}

/** A tenant as the list shows it. */
export interface ListedTenant {
  tenantId: string;
  /** By what people sign in there. */
  firstFactors: string[];
}

/** A tenant as its page shows it. */
export interface ShownTenant extends ListedTenant {
  thirdParty: { providers: { thirdPartyId: string; name: string }[] };
  requiredSecondaryFactors?: string[];
  /** Always empty: options of the core are not changed by hand here. */
  coreConfig: object[];
  userCount: number;
}

const UNKNOWN_TENANT: DashboardUnknownTenant = { status: 'UNKNOWN_TENANT_ERROR' };

/** Tenants, their factors and providers. */
@Injectable()
export class DashboardTenantsApi extends DashboardRolesApi {
  @Inject(FIRST_FACTORS) protected readonly firstFactors!: readonly string[];

  /** `GET /api/tenants`: all tenants. */
  async tenantsGET(input: DashboardApiInput): Promise<{ status: 'OK'; tenants: ListedTenant[] }> {
    const { userContext } = input;
    const { tenants } = await this.otherRecipes.multitenancy.listAllTenants({ userContext });
    return { status: 'OK', tenants: tenants.map((tenant) => this.listed(tenant)) };
  }

  /** `GET /api/tenant`: the tenant of the path. */
  async tenantGET(
    input: DashboardTenantInput,
  ): Promise<{ status: 'OK'; tenant: ShownTenant } | DashboardUnknownTenant> {
    const tenant = await this.find(input);
    if (tenant === undefined) return UNKNOWN_TENANT;
    const { tenantId, requiredSecondaryFactors, thirdParty } = tenant;
    const providers = thirdParty.providers.map(({ thirdPartyId, name }) => ({
      thirdPartyId,
      name: name ?? thirdPartyId,
    }));
    const userCount = await this.users.getUserCount({ tenantId });
    const shown = {
      ...this.listed(tenant),
      thirdParty: { providers },
      requiredSecondaryFactors,
      coreConfig: [],
      userCount,
    };
    return { status: 'OK', tenant: shown };
  }

  /** `POST /api/tenant`: makes a tenant, to which nobody signs in until a first factor is switched on. */
  async tenantPOST(
    input: DashboardTenantInput,
  ): Promise<
    | { status: 'OK'; createdNew: boolean }
    | { status: 'TENANT_ID_ALREADY_EXISTS_ERROR' }
    | { status: 'INVALID_TENANT_ID_ERROR'; message: string }
  > {
    const { tenantId, userContext } = input;
    if ((await this.find(input)) !== undefined) return { status: 'TENANT_ID_ALREADY_EXISTS_ERROR' };
    try {
      return await this.otherRecipes.multitenancy.createOrUpdateTenant({ tenantId, userContext });
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      return { status: 'INVALID_TENANT_ID_ERROR', message: error.publicMessage };
    }
  }

  /** `DELETE /api/tenant`: the tenant of the path. Its users stay. */
  async tenantDELETE(
    input: DashboardTenantInput,
  ): Promise<{ status: 'OK'; didExist: boolean } | { status: 'CANNOT_DELETE_PUBLIC_TENANT_ERROR' }> {
    const { tenantId, userContext } = input;
    if (tenantId === PUBLIC_TENANT_ID) return { status: 'CANNOT_DELETE_PUBLIC_TENANT_ERROR' };
    return this.otherRecipes.multitenancy.deleteTenant({ tenantId, userContext });
  }

  /** `PUT /api/tenant/first-factor`: whether people sign in by a factor. */
  async tenantFirstFactorPUT(
    input: DashboardFactorInput,
  ): Promise<
    | { status: 'OK' }
    | { status: 'RECIPE_NOT_CONFIGURED_ON_BACKEND_SDK_ERROR'; message: string }
    | DashboardUnknownTenant
  > {
    const { tenantId, factorId, enable, userContext } = input;
    if (enable && !this.firstFactors.includes(factorId)) {
      const message = `No recipe of this application signs people in by ${factorId}`;
      return { status: 'RECIPE_NOT_CONFIGURED_ON_BACKEND_SDK_ERROR', message };
    }
    const tenant = await this.find(input);
    if (tenant === undefined) return UNKNOWN_TENANT;
    const others = this.listed(tenant).firstFactors.filter((each) => each !== factorId);
    const firstFactors = enable ? [...others, factorId] : others;
    await this.otherRecipes.multitenancy.createOrUpdateTenant({ tenantId, config: { firstFactors }, userContext });
    return { status: 'OK' };
  }

  /** `PUT /api/tenant/required-secondary-factor`: no recipe asks for a second factor here yet. */
  async tenantSecondaryFactorPUT(_input: DashboardFactorInput): Promise<{ status: 'MFA_NOT_INITIALIZED_ERROR' }> {
    return { status: 'MFA_NOT_INITIALIZED_ERROR' };
  }

  /** `PUT /api/tenant/core-config`: a member of the tenant's configuration of the core. */
  async tenantCoreConfigPUT(
    input: TenantCoreConfigPUTInput,
  ): Promise<{ status: 'OK' } | DashboardUnknownTenant | { status: 'INVALID_CONFIG_ERROR'; message: string }> {
    const { tenantId, name, value, userContext } = input;
    if ((await this.find(input)) === undefined) return UNKNOWN_TENANT;
    try {
      const config = { coreConfig: { [name]: value } };
      await this.otherRecipes.multitenancy.createOrUpdateTenant({ tenantId, config, userContext });
      return { status: 'OK' };
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      return { status: 'INVALID_CONFIG_ERROR', message: error.publicMessage };
    }
  }

  /** `GET /api/thirdparty/config`: a provider of the tenant, with its secrets for those who may change them. */
  async thirdPartyConfigGET(
    input: DashboardProviderInput,
  ): Promise<{ status: 'OK'; providerConfig: ThirdPartyConfig } | DashboardUnknownTenant> {
    const { thirdPartyId, actor } = input;
    const tenant = await this.find(input);
    if (tenant === undefined) return UNKNOWN_TENANT;
    const found = tenant.thirdParty.providers.find((provider) => provider.thirdPartyId === thirdPartyId);
    const providerConfig = { ...found, thirdPartyId };
    return { status: 'OK', providerConfig: actor.mayWrite ? providerConfig : withoutSecrets(providerConfig) };
  }

  /** `PUT /api/thirdparty/config`: gives the tenant a provider of its own, or changes it. */
  async thirdPartyConfigPUT(
    input: ThirdPartyConfigPUTInput,
  ): Promise<{ status: 'OK'; createdNew: boolean } | DashboardUnknownTenant> {
    const { tenantId, providerConfig: config, userContext } = input;
    if ((await this.find(input)) === undefined) return UNKNOWN_TENANT;
    return this.otherRecipes.multitenancy.createOrUpdateThirdPartyConfig({ tenantId, config, userContext });
  }

  /** `DELETE /api/thirdparty/config`: takes a provider of its own away from the tenant. */
  async thirdPartyConfigDELETE(
    input: DashboardProviderInput,
  ): Promise<{ status: 'OK'; didConfigExist: boolean } | DashboardUnknownTenant> {
    const { tenantId, thirdPartyId, userContext } = input;
    if ((await this.find(input)) === undefined) return UNKNOWN_TENANT;
    return this.otherRecipes.multitenancy.deleteThirdPartyConfig({ tenantId, thirdPartyId, userContext });
  }

  private find({ tenantId, userContext }: DashboardTenantInput): Promise<Tenant | undefined> {
    return this.otherRecipes.multitenancy.getTenant({ tenantId, userContext });
  }

  private listed({ tenantId, firstFactors: allowed }: Tenant): ListedTenant {
    return { tenantId, firstFactors: this.firstFactors.filter((factorId) => allowsFirstFactor(allowed, factorId)) };
  }
}

function withoutSecrets({ clients, ...config }: ThirdPartyConfig): ThirdPartyConfig {
  return { ...config, clients: clients?.map(({ clientId, clientType, scope }) => ({ clientId, clientType, scope })) };
}
