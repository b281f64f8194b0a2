import { Inject, Injectable } from '@nestjs/common';
import type { APIOptions } from '../../http/api-call.js';
import type { GeneralErrorResponse } from '../../http/general-error.js';
import type { UserContext } from '../../http/user-context.js';
import {
  FORMER_LOGIN_METHODS,
  type FormerLoginMethods,
  LoginMethodsFunctions,
  type LoginMethods,
} from '../login-methods/index.js';
import type { MultitenancyFunctions } from './multitenancy.functions.js';
import type { MultitenancyConfig } from './multitenancy.options.js';

/** The options that methods of `MultitenancyApi` receive. */
export type MultitenancyAPIOptions = APIOptions<MultitenancyFunctions, MultitenancyConfig>;

/** The input of `MultitenancyApi.loginMethodsGET`. */
export interface TenantLoginMethodsGETInput {
  tenantId: string;
  /** Which client of the providers, where they have several. */
  clientType?: string;
  options: MultitenancyAPIOptions;
  userContext: UserContext;
}

/** What clients ask of the Multitenancy recipe. Override it by a subclass. */
@Injectable()
export class MultitenancyApi {
  @Inject(LoginMethodsFunctions) protected readonly loginMethods!: LoginMethodsFunctions;
  @Inject(FORMER_LOGIN_METHODS) private readonly formerLoginMethods!: FormerLoginMethods | undefined;

  /**
   * `GET /loginmethods`: the ways in that the tenant offers, for clients that draw their buttons by it. Where ThirdParty is in
   * `recipeList`, its own method of that name adds the providers, so that an override of it is seen as well.
   */
  async loginMethodsGET(input: TenantLoginMethodsGETInput): Promise<LoginMethods | GeneralErrorResponse> {
    if (this.formerLoginMethods !== undefined) return this.formerLoginMethods(input);
    const { tenantId, userContext } = input;
    return this.loginMethods.getLoginMethods({ tenantId, userContext });
  }
}
