import type { APIOptions, ApiCall } from '../../http/api-call.js';
import { EarlyAnswer, type AuthRoute, type AuthRoutes } from '../../http/auth-routes.js';
import type { DashboardActor } from './dashboard-actor.js';
import { DashboardRefusedError } from './dashboard-refused.error.js';
import type { DashboardConfig } from './dashboard.options.js';
import type { DashboardFunctions } from './dashboard.functions.js';

type ApiMethod = (input: never) => Promise<unknown>;
type OwnInput<Method> = Method extends (input: infer Input) => Promise<unknown>
  ? Omit<Input, 'options' | 'userContext' | 'actor'>
  : never;
type GuardedName<Api> = {
  [Name in keyof Api & string]: Api[Name] extends (input: infer Input) => Promise<unknown>
    ? Input extends { actor: DashboardActor; options: APIOptions }
      ? Name
      : never
    : never;
}[keyof Api & string];

/** A route that only those reach whom `shouldAllowAccess` lets in. */
export interface GuardedRoute<Method extends ApiMethod> {
  method: AuthRoute['method'];
  /** Below `dashboard/api/`; also at a tenant's path. */
  path: string;
  /** False where a request that is no GET changes nothing. @default true but for GET */
  isWrite?: boolean;
  /** Read once the request was let in. */
  input(call: ApiCall): OwnInput<Method> | Promise<OwnInput<Method>>;
}

/** By the name of the API method. */
export type GuardedRoutes<Api> = {
  [Name in GuardedName<Api>]?: Api[Name] extends ApiMethod ? GuardedRoute<Api[Name]> : never;
};

/** Nothing of a request is read before it is let in, and whether it is depends on the route alone. */
export function guardedRoutes<Api>(routes: GuardedRoutes<Api>): AuthRoutes<Api> {
  const entries = Object.entries(routes) as [string, GuardedRoute<ApiMethod>][];
  return Object.fromEntries(entries.map(([name, route]) => [name, guard(name, route)])) as AuthRoutes<Api>;
}

function guard(name: string, { method, path, isWrite = method !== 'GET', input }: GuardedRoute<ApiMethod>): AuthRoute {
  return {
    method,
    paths: [`dashboard/api/${path}`],
    perTenant: true,
    async input(call) {
      const actor = await admit(call, name, isWrite);
      const own = await (input as (call: ApiCall) => Promise<unknown>)(call);
      return own instanceof EarlyAnswer ? own : ({ ...(own as object), actor } as never);
    },
  };
}

/** @throws {DashboardRefusedError} */
async function admit(call: ApiCall, method: string, isWrite: boolean): Promise<DashboardActor> {
  const { request: req, response: res, userContext } = call;
  const functions = call.options.recipeImplementation as DashboardFunctions;
  const config = call.options.config as DashboardConfig;
  res.forbidStoring();
  const actor = await functions.getActor({ req, res, isWrite, userContext });
  const isAllowed = await functions.shouldAllowAccess({ actor, method, isWrite, req, config, userContext });
  if (isAllowed !== true) throw new DashboardRefusedError(actor === undefined ? 401 : 403);
  return actor ?? { type: 'application', mayWrite: true };
}
