import {
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  HttpStatus,
  Inject,
  Post,
  Put,
  Req,
  Res,
  VERSION_NEUTRAL,
  type InjectionToken,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { FactorNotAllowedError, TooManyAttemptsError } from '../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../core/core.js';
import { generalError } from './general-error.js';
import type { APIOptions, ApiCall } from './api-call.js';
import { AttemptGate } from './attempt-gate.js';
import { AUTH_CONFIG, type AuthConfig } from './auth-config.js';
import type { BaseResponse } from './base-response.js';
import { assertBodyWasRead } from './body-check.js';
import { checkResult } from './result-check.js';
import { EarlyAnswer, type AuthRoute, type AuthRoutes } from './auth-routes.js';
import { negotiateFdiVersion } from './fdi-version.js';
import { wrapRequest, wrapResponse } from './framework.js';
import { AuthRoutesController } from './is-auth-route.js';
import { assertOwnOrigin } from './origin-check.js';
import { PublicAccess } from './public-access.decorator.js';
import { TenantOfRequest } from './tenant-of-request.js';
import { withRequest } from './user-context.js';

const decorators = { GET: Get, POST: Post, PUT: Put, DELETE: Delete };

/** Fastify's own limit for a parameter in a path, which Express does not have. */
const MAX_PARAMETER_LENGTH = 100;

interface ControllerOptions<Api extends object> {
  /** The controller's class name, as logs and Swagger show it. */
  name: string;
  basePath: string;
  routes: AuthRoutes<Api>;
  api: InjectionToken<Api>;
  /** Provides everything of `APIOptions` that does not depend on the request. */
  options: InjectionToken<Omit<APIOptions, 'req' | 'res'>>;
}

/**
 * A Nest controller for the routes of one recipe, made again for every `forRoot`, so that two applications
 * share nothing. Being a controller it passes through the application's own guards, pipes, interceptors
 * and filters; it is public to `SessionGuard`, and neutral to versions.
 */
export function createController<Api extends object>(recipe: ControllerOptions<Api>): Type<object> {
  const routes = Object.entries(recipe.routes) as [string, AuthRoute][];

  class RecipeController {
    constructor(
      readonly api: Api,
      readonly options: Omit<APIOptions, 'req' | 'res'>,
      readonly auth: AuthConfig,
      readonly gate: AttemptGate,
      readonly moduleRef: ModuleRef,
      readonly tenants: TenantOfRequest,
    ) {}
  }
  Object.defineProperty(RecipeController, 'name', { value: recipe.name });

  for (const [method, route] of routes) addHandlers(RecipeController, method, route);
  Inject(recipe.api)(RecipeController, undefined, 0);
  Inject(recipe.options)(RecipeController, undefined, 1);
  Inject(AUTH_CONFIG)(RecipeController, undefined, 2);
  Inject(AttemptGate)(RecipeController, undefined, 3);
  Inject(ModuleRef)(RecipeController, undefined, 4);
  Inject(TenantOfRequest)(RecipeController, undefined, 5);
  PublicAccess()(RecipeController);
  AuthRoutesController()(RecipeController);
  Controller({ path: recipe.basePath, version: VERSION_NEUTRAL })(RecipeController);
  return RecipeController as unknown as Type<object>;
}

interface RecipeControllerInstance {
  api: Record<string, (input: object) => Promise<unknown>>;
  options: Omit<APIOptions, 'req' | 'res'>;
  auth: AuthConfig;
  gate: AttemptGate;
  moduleRef: ModuleRef;
  tenants: TenantOfRequest;
}

/** Where a route answers: at its first path, at the same one of a tenant, and at others that older clients ask for. */
export type HandlerPlace = 'main' | 'tenant' | 'older';

export interface RouteHandler {
  handler: Function;
  place: HandlerPlace;
}

/** Of a controller that `createController` made: the handlers of a route, one for each place. */
export function handlersOf(controller: Type<object>, method: string): RouteHandler[] {
  const handlers = controller.prototype as Record<string, Function | undefined>;
  return PLACES.flatMap((place) => {
    const handler = handlers[handlerName(method, place)];
    return handler === undefined ? [] : { handler, place };
  });
}

const PLACES: readonly HandlerPlace[] = ['main', 'tenant', 'older'];

function handlerName(method: string, place: HandlerPlace): string {
  return place === 'main' ? method : `${method} (${place})`;
}

function pathsAt(place: HandlerPlace, { paths: [first = '', ...older], perTenant }: AuthRoute): string[] {
  if (place === 'main') return [first];
  if (place === 'tenant') return perTenant ? [`:tenantId/${first}`] : [];
  return older.flatMap((path) => (perTenant ? [path, `:tenantId/${path}`] : [path]));
}

/** One handler for each place, since documents of the API tell of each handler once. */
function addHandlers(controller: Function, method: string, route: AuthRoute): void {
  for (const place of PLACES) {
    const paths = pathsAt(place, route);
    if (paths.length > 0) addHandler(controller, { method, key: handlerName(method, place), paths }, route);
  }
}

function addHandler(
  controller: Function,
  { method, key, paths }: { method: string; key: string; paths: string[] },
  route: AuthRoute,
): void {
  const changesState = route.method !== 'GET';
  async function handler(this: RecipeControllerInstance, original: unknown, originalResponse: unknown) {
    const call = await createCall(original, originalResponse, route, this);
    const { options, userContext, response } = call;
    await assertBodyWasRead(call.request, route.takesFormsOfOtherSites === true);
    if (changesState && !route.takesFormsOfOtherSites) assertOwnOrigin(call.request, this.auth.appInfo);
    if (route.isPublicDocument) allowEveryOrigin(response);
    const input = await route.input(call);
    if (input instanceof EarlyAnswer) return input.body;
    const saysWhy = route.statusless !== true && this.gate.answersGeneralError;
    const work = async () => {
      const refusal = await route.check?.(input as never, call);
      return refusal ?? (await this.api[method]!({ ...(input as object), options, userContext }));
    };
    const whole = () => (route.around === undefined ? work() : route.around(input as never, call, work));
    const result = await answeringRefusals(saysWhy, () => throughGate(route, input, call, this.gate, whole));
    if (result instanceof EarlyAnswer) return result.body;
    if (response.isSent) return response.settle(undefined);
    checkResult(result, route, `${this.api.constructor.name}.${method}`);
    return route.answer === undefined ? (result ?? {}) : route.answer(result as never, call);
  }
  // The same at each place: the throttler counts by it.
  Object.defineProperty(handler, 'name', { value: method });
  Object.defineProperty(controller.prototype, key, { value: handler, writable: true, configurable: true });

  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, key)!;
  decorators[route.method](paths)(controller.prototype, key, descriptor);
  HttpCode(200)(controller.prototype, key, descriptor);
  Req()(controller.prototype, key, 0);
  Res({ passthrough: true })(controller.prototype, key, 1);
}

async function throughGate(
  { attempt }: AuthRoute,
  input: object,
  { tenantId, userContext }: ApiCall,
  gate: AttemptGate,
  work: () => Promise<unknown>,
): Promise<unknown> {
  if (attempt === undefined) return work();
  const account = attempt.account?.(input as never);
  return gate.pass({ action: attempt.action, tenantId, account, userContext }, work);
}

/**
 * Whichever recipe it is: a person is told, in the form that every client shows.
 * @param saysWhy whether the route's clients show it where there were too many attempts
 */
async function answeringRefusals(saysWhy: boolean, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManyAttemptsError && saysWhy) return generalError(error.publicMessage);
    if (!(error instanceof FactorNotAllowedError)) throw error;
    return generalError('This way of signing in is not available here. Please use another one.');
  }
}

function allowEveryOrigin(response: BaseResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*', false);
  // Browsers want no credentials with it.
  response.removeHeader('Access-Control-Allow-Credentials');
}

async function createCall(
  original: unknown,
  originalResponse: unknown,
  { perTenant }: AuthRoute,
  { options, moduleRef, tenants }: RecipeControllerInstance,
): Promise<ApiCall> {
  const request = wrapRequest(original);
  const { tenantId, ...pathParameters } = parametersOf(original);
  const response = wrapResponse(originalResponse);
  const userContext = withRequest(undefined, request);
  const fromPath = tenantId?.toLowerCase() ?? PUBLIC_TENANT_ID;
  return {
    request,
    response,
    userContext,
    tenantId: perTenant || tenantId !== undefined ? await tenants.find(fromPath, userContext) : fromPath,
    pathParameters,
    fdiVersion: negotiateFdiVersion(request.getHeaderValue('fdi-version')),
    options: { ...options, req: request, res: response },
    service: (token) => moduleRef.get(token as string, { strict: false }),
  };
}

function parametersOf(original: unknown): Record<string, string | undefined> {
  const { params = {} } = original as { params?: Record<string, string | undefined> };
  const isLong = Object.values(params).some((value) => value !== undefined && value.length > MAX_PARAMETER_LENGTH);
  if (isLong) throw new HttpException('URI Too Long', HttpStatus.URI_TOO_LONG);
  return params;
}
