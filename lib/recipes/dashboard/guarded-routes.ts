import type { APIOptions, ApiCall } from '../../http/api-call.js';
import { EarlyAnswer, type AuthRoute, type AuthRoutes } from '../../http/auth-routes.js';
import type { DashboardActor } from './dashboard-actor.js';
import { DashboardAudit, type Audited } from './dashboard-audit.js';
import { DashboardRefusedError } from './dashboard-refused.error.js';
import type { DashboardFunctions } from './dashboard.functions.js';
import type { DashboardConfig } from './dashboard.options.js';

type ApiMethod = (input: never) => Promise<unknown>;
type OwnInput<Method> = Method extends (input: infer Input) => Promise<unknown>
  ? Omit<Input, 'options' | 'userContext' | 'actor'>
  : never;
type Result<Method> = Method extends (input: never) => Promise<infer R> ? R : never;
type GuardedName<Api> = {
  [Name in keyof Api & string]: Api[Name] extends (input: infer Input) => Promise<unknown>
    ? Input extends { actor: DashboardActor; options: APIOptions }
      ? Name
      : never
    : never;
}[keyof Api & string];

/** A route that only those reach whom `shouldAllowAccess` lets in. */
interface GuardedRoute<Method extends ApiMethod> {
  method: AuthRoute['method'];
  /** Below `dashboard/api/`; also at a tenant's path. */
  path: string;
  /** False where a request that is no GET changes nothing. @default true but for GET */
  isWrite?: boolean;
  /** Read once the request was let in. */
  input(call: ApiCall): OwnInput<Method> | Promise<OwnInput<Method>>;
  /**
   * What the audit says of a change: whom it is about, and ids or names of fields. Never contents.
   * @param result undefined where an override has sent its own response
   */
  audit?(input: OwnInput<Method>, result: Result<Method> | undefined): Audited;
}

/** By the name of the API method. */
type GuardedRoutes<Api> = {
  [Name in GuardedName<Api>]?: Api[Name] extends ApiMethod ? GuardedRoute<Api[Name]> : never;
};

/** Nothing of a request is read before it is let in, and whether it is depends on the route alone. */
export function guardedRoutes<Api>(routes: GuardedRoutes<Api>): AuthRoutes<Api> {
  const entries = Object.entries(routes) as [string, GuardedRoute<ApiMethod>][];
  return Object.fromEntries(entries.map(([name, route]) => [name, guard(name, route)])) as AuthRoutes<Api>;
}

function guard(name: string, route: GuardedRoute<ApiMethod>): AuthRoute {
  const { method, path, isWrite = method !== 'GET', input, audit } = route;
  const readOwn = input as (call: ApiCall) => Promise<object>;
  const describe = (audit ?? (() => ({}))) as (input: object, result: unknown) => Audited;
  return {
    method,
    paths: [`dashboard/api/${path}`],
    perTenant: true,
    async input(call) {
      const actor = await admit(call, name, isWrite);
      const routeInput = await readOwn(call);
      return routeInput instanceof EarlyAnswer ? routeInput : ({ ...routeInput, actor } as never);
    },
    ...(isWrite && {
      around: (routeInput: object, call: ApiCall, work: () => Promise<unknown>) => {
        const { actor } = routeInput as { actor: DashboardActor };
        const described = (result: unknown) => describe(routeInput, result);
        return call.service(DashboardAudit).around({ action: name, actor, call, describe: described }, work);
      },
    }),
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
