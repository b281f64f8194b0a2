import { Inject, Injectable } from '@nestjs/common';
import { allowsFirstFactor } from '../../core/first-factors.js';
import { TenantConfigCore } from '../../core/tenant-config.core.js';
import { FIRST_FACTORS } from '../recipe.js';

/** What `GET /loginmethods` answers: the ways in that a tenant offers. */
export interface LoginMethods {
  status: 'OK';
  emailPassword: { enabled: boolean };
  thirdParty: { enabled: boolean; providers: { id: string; name?: string }[] };
  passwordless: { enabled: boolean };
  webauthn: { enabled: boolean };
  /** Ids of factors, such as `emailpassword`; those of recipes in `recipeList` that the tenant allows. */
  firstFactors: string[];
}

/** Knows by which factors people sign in here. */
@Injectable()
export class LoginMethodsFunctions {
  @Inject(FIRST_FACTORS) protected readonly firstFactors!: readonly string[];
  @Inject(TenantConfigCore) protected readonly tenantConfigCore!: TenantConfigCore;

  /**
   * @param input.providers what the tenant has of them; asked for only where it allows them
   * @throws {UnknownTenantError}
   */
  async getLoginMethods(input: {
    tenantId: string;
    providers?: () => Promise<{ id: string; name?: string }[]>;
  }): Promise<LoginMethods> {
    const config = await this.tenantConfigCore.getTenantConfig(input.tenantId);
    const firstFactors = this.firstFactors.filter((factorId) => allowsFirstFactor(config.firstFactors, factorId));
    const offersProviders = firstFactors.includes('thirdparty');
    return {
      status: 'OK',
      emailPassword: { enabled: firstFactors.includes('emailpassword') },
      thirdParty: {
        enabled: offersProviders,
        providers: offersProviders ? ((await input.providers?.()) ?? []) : [],
      },
      passwordless: { enabled: firstFactors.some((factorId) => /^(otp|link)-(email|phone)$/.test(factorId)) },
      webauthn: { enabled: firstFactors.includes('webauthn') },
      firstFactors,
    };
  }
}
