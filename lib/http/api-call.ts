import type { InjectionToken } from '@nestjs/common';
import type { BaseRequest } from './base-request.js';
import type { BaseResponse } from './base-response.js';
import type { UserContext } from './user-context.js';

/** What every API method receives beside its own inputs. */
export interface APIOptions<Functions = unknown, Config = unknown> {
  /** The recipe's functions, overrides included. */
  recipeImplementation: Functions;
  /** The recipe's options with their defaults. */
  config: Config;
  /** Such as `session`. */
  recipeId: string;
  /** As in `AuthModule.forRoot`. */
  isInServerlessEnv: boolean;
  /** The request, in one form for both frameworks. */
  req: BaseRequest;
  /** The answer, in one form for both frameworks. */
  res: BaseResponse;
}

/** One request on its way to an API method. */
export interface ApiCall {
  /** The request, in one form for both frameworks. */
  request: BaseRequest;
  /** The answer, in one form for both frameworks. */
  response: BaseResponse;
  userContext: UserContext;
  /** From the path, or as `MultitenancyFunctions.getTenantId` finds it, lower-cased; `public` where the path names none. */
  tenantId: string;
  /** The parameters of the path, decoded. */
  pathParameters: Readonly<Record<string, string | undefined>>;
  /** Which version of the Frontend Driver Interface the client speaks. */
  fdiVersion: string;
  /** What the API method receives. */
  options: APIOptions;
  /** A service of the application by its token, such as one of the recipe's `providers`. */
  service<T>(token: InjectionToken<T>): T;
}
