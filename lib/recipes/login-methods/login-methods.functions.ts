import { Inject, Injectable } from '@nestjs/common';
import { TenantConfigCore } from '../../core/tenant-config.core.js';
import type { UserContext } from '../../http/user-context.js';
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

/** Where is read what a tenant allows. */
export abstract class FirstFactorsOfTenants {
  /**
   * @returns undefined where it allows everything
   * @throws {UnknownTenantError}
   */
  abstract of(tenantId: string, userContext: UserContext): Promise<readonly string[] | undefined>;
}

/** As the core keeps it. */
@Injectable()
export class StoredFirstFactors extends FirstFactorsOfTenants {
  @Inject(TenantConfigCore) private readonly tenantConfigCore!: TenantConfigCore;

  override async of(tenantId: string): Promise<string[] | undefined> {
    return (await this.tenantConfigCore.getTenantConfig(tenantId)).firstFactors;
  }
}

/** Knows by which factors people sign in here. */
@Injectable()
export class LoginMethodsFunctions {
  @Inject(FIRST_FACTORS) protected readonly firstFactors!: readonly string[];
  @Inject(FirstFactorsOfTenants) protected readonly ofTenants!: FirstFactorsOfTenants;

  /**
   * In the order in which the tenant names them.
   * @param input.providers what the tenant has of them; asked for only where it allows them
   * @throws {UnknownTenantError}
   */
  async getLoginMethods(input: {
    tenantId: string;
    providers?: () => Promise<{ id: string; name?: string }[]>;
    userContext?: UserContext;
  }): Promise<LoginMethods> {
    const { tenantId, userContext = {} } = input;
    const allowed = (await this.ofTenants.of(tenantId, userContext)) ?? this.firstFactors;
    const firstFactors = [...new Set(allowed)].filter((factorId) => this.firstFactors.includes(factorId));
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
