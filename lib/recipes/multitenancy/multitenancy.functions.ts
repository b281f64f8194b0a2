import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../../core/core.js';
import { MultitenancyCore, type Tenant } from '../../core/multitenancy.core.js';
import type { TenantConfigUpdate } from '../../core/tenant-config.core.js';
import { normaliseTenantId } from '../../core/tenant-id.js';
import { type AddLoginMethodToTenantResult, TenantsCore } from '../../core/tenants.core.js';
import { INVALID_THIRD_PARTY_CONFIG, type ThirdPartyConfig, ThirdPartyCore } from '../../core/third-party.core.js';
import type { UserContext } from '../../http/user-context.js';

interface WithUserContext {
  userContext?: UserContext;
}

/** The input of functions that are about one tenant. */
export interface TenantInput extends WithUserContext {
  /** 1 to 64 letters, digits and hyphens; case does not count. */
  tenantId: string;
}

/** The input of `MultitenancyFunctions.getTenantId`. */
export interface GetTenantIdInput extends WithUserContext {
  /** From the path of the request, in lower case; `public` where it names none. */
  tenantIdFromFrontend: string;
}

/** The input of `MultitenancyFunctions.createOrUpdateTenant`. */
export interface CreateOrUpdateTenantInput extends TenantInput {
  /** What is left out stays as it is; a new tenant has no first factors without it. `null` takes away. */
  config?: TenantConfigUpdate;
}

interface WithTenant extends WithUserContext {
  /** @default 'public' */
  tenantId?: string;
}

/** The input of `MultitenancyFunctions.createOrUpdateThirdPartyConfig`. */
export interface CreateOrUpdateThirdPartyConfigInput extends WithTenant {
  config: ThirdPartyConfig;
  /** Whether to keep a configuration that cannot work. @default false */
  skipValidation?: boolean;
}

/** The input of `MultitenancyFunctions.deleteThirdPartyConfig`. */
export interface DeleteThirdPartyConfigInput extends WithTenant {
  thirdPartyId: string;
}

/** The input of `MultitenancyFunctions.associateUserToTenant` and `disassociateUserFromTenant`. */
export interface TenantMemberInput extends WithTenant {
  /** The id of a login method: a user may be in a tenant by one of them only. */
  recipeUserId: string;
}

/**
 * What the Multitenancy recipe can do. Override any of it by a subclass.
 *
 * Each throws `BadInputError` for an id that is no text. Where the tenant has to be there and is not, or is deleted meanwhile, it
 * throws `UnknownTenantError`.
 */
@Injectable()
export class MultitenancyFunctions {
  @Inject(MultitenancyCore) protected readonly multitenancyCore!: MultitenancyCore;
  @Inject(TenantsCore) protected readonly tenantsCore!: TenantsCore;
  @Inject(ThirdPartyCore) protected readonly thirdPartyCore!: ThirdPartyCore;

  /**
   * Which tenant a request means. Every route of ours that is a tenant's asks it, and so does `@Session({ tenant: 'from-path' })`.
   * Override it to find the tenant elsewhere, such as in the host name: `getRequestFromUserContext(input.userContext)`.
   */
  async getTenantId({ tenantIdFromFrontend }: GetTenantIdInput): Promise<string> {
    return tenantIdFromFrontend;
  }

  /**
   * Makes a tenant, or changes it. The change counts at once in this process, and within 5 seconds in others.
   * @throws {BadInputError} an id that no tenant can have, or a configuration that cannot work
   */
  async createOrUpdateTenant(input: CreateOrUpdateTenantInput): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { tenantId, config } = input;
    return this.multitenancyCore.createOrUpdateTenant({ tenantId: normaliseTenantId(tenantId), config });
  }

  /**
   * Deletes a tenant with its configuration, its providers, its sessions, its links and queued messages, and who has which role in
   * it. Its users stay, also those who are in no tenant then.
   * @throws {BadInputError} it is `public`
   */
  async deleteTenant({ tenantId }: TenantInput): Promise<{ status: 'OK'; didExist: boolean }> {
    return this.tenantsCore.deleteTenant(normaliseTenantId(tenantId));
  }

  /** @returns undefined where there is no such tenant */
  async getTenant({ tenantId }: TenantInput): Promise<({ status: 'OK' } & Tenant) | undefined> {
    const tenant = await this.multitenancyCore.getTenant(normaliseTenantId(tenantId));
    return tenant && { status: 'OK', ...tenant };
  }

  /** All of them, `public` as well, in the order of their ids. */
  async listAllTenants(_input?: WithUserContext): Promise<{ status: 'OK'; tenants: Tenant[] }> {
    return { status: 'OK', tenants: await this.multitenancyCore.listAllTenants() };
  }

  /**
   * Replaces what a tenant has for the provider of `config.thirdPartyId`. ThirdParty reads it before the providers of its options.
   * @throws {BadInputError} it cannot work, as the message says; not with `skipValidation`
   */
  async createOrUpdateThirdPartyConfig(
    input: CreateOrUpdateThirdPartyConfigInput,
  ): Promise<{ status: 'OK'; createdNew: boolean }> {
    const { tenantId = PUBLIC_TENANT_ID, config, skipValidation } = input;
    const result = await this.thirdPartyCore.createOrUpdateThirdPartyConfig({
      tenantId: normaliseTenantId(tenantId),
      config,
      skipValidation,
    });
    // A caller who ignores the status must not take this for success: nobody could sign in.
    if (result.status !== 'OK') throw new BadInputError(INVALID_THIRD_PARTY_CONFIG + result.reason);
    return result;
  }

  /** Takes away what the tenant has for the provider; one of the options of ThirdParty stays. */
  async deleteThirdPartyConfig(input: DeleteThirdPartyConfigInput): Promise<{ status: 'OK'; didConfigExist: boolean }> {
    const { tenantId = PUBLIC_TENANT_ID, thirdPartyId } = input;
    return this.thirdPartyCore.deleteThirdPartyConfig({ tenantId: normaliseTenantId(tenantId), thirdPartyId });
  }

  /** Lets a user sign in to one more tenant by a login method, unless another user has its email or the like there. */
  async associateUserToTenant(input: TenantMemberInput): Promise<AddLoginMethodToTenantResult> {
    const { tenantId = PUBLIC_TENANT_ID, recipeUserId } = input;
    return this.tenantsCore.addLoginMethodToTenant({ tenantId: normaliseTenantId(tenantId), recipeUserId });
  }

  /** Takes a login method out of a tenant, and ends its sessions there. The user stays, also without any tenant. */
  async disassociateUserFromTenant(input: TenantMemberInput): Promise<{ status: 'OK'; wasAssociated: boolean }> {
    const { tenantId = PUBLIC_TENANT_ID, recipeUserId } = input;
    return this.tenantsCore.removeLoginMethodFromTenant({ tenantId: normaliseTenantId(tenantId), recipeUserId });
  }
}
