import { Inject, Injectable } from '@nestjs/common';
import type { APIOptions } from '../../http/api-call.js';
import type { UserContext } from '../../http/user-context.js';
import type { GeneralErrorResponse } from '../../http/general-error.js';
import { LoginMethodsFunctions, type LoginMethods } from './login-methods.functions.js';

export interface LoginMethodsInput {
  tenantId: string;
  clientType?: string;
  options: APIOptions;
  userContext: UserContext;
}

export type LoginMethodsResult = LoginMethods | GeneralErrorResponse;

/** Where a recipe has an answer of its own to it, such as ThirdParty with its providers, that one is asked. */
@Injectable()
export class LoginMethodsApi {
  @Inject(LoginMethodsFunctions) protected readonly loginMethods!: LoginMethodsFunctions;

  /** `GET /loginmethods`: the ways in that the tenant offers, for clients that draw their buttons by it. */
  async loginMethodsGET({ tenantId, userContext }: LoginMethodsInput): Promise<LoginMethodsResult> {
    return this.loginMethods.getLoginMethods({ tenantId, userContext });
  }
}
