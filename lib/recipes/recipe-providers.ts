import type { InjectionToken, Provider, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { ConfigurationError } from '../core/auth.error.js';
import type { APIOptions } from '../http/api-call.js';
import { createController, handlersOf } from '../http/controller-factory.js';
import { PATH_METADATA } from '../http/nest-metadata.js';
import { isDisabled } from '../override/disabled.js';
import { MessageQueue } from '../delivery/message-queue.js';
import { overrideProvider } from '../override/override.js';
import type { PartialRecipe } from './recipe-parts.js';
import { type FindService, type OfferedRequirement, SESSION_REQUIREMENTS } from '../claims/session-requirement.js';
import { FIRST_FACTORS, type Recipe } from './recipe.js';

type StaticAPIOptions = Omit<APIOptions, 'req' | 'res'>;

/** The part of `APIOptions` that is the same for every request; one token for each recipe. */
const apiOptionsTokens = new Map<string, symbol>();

function apiOptionsToken(recipeId: string): InjectionToken<StaticAPIOptions> {
  const token = apiOptionsTokens.get(recipeId) ?? Symbol(`latchkey.${recipeId}.api-options`);
  apiOptionsTokens.set(recipeId, token);
  return token;
}

/** A recipe's own services, with the application's overrides instead of what they override. */
export function recipeProviders(recipe: Recipe | PartialRecipe): Provider[] {
  const { definition, options, override } = recipe;
  const { api, functions, name } = definition;
  for (const key of Object.keys(override)) {
    if (key === 'apis' || key === 'functions') continue;
    throw new ConfigurationError(
      `${name}: there is no option override.${key}. Give override.apis or override.functions.`,
    );
  }
  return [
    {
      provide: definition.config,
      inject: [AUTH_CONFIG, ...('inject' in options ? (options.inject ?? []) : [])],
      useFactory: async ({ appInfo }: AuthConfig, ...dependencies: never[]) => {
        const input = 'useValue' in options ? options.useValue : await options.useFactory(...dependencies);
        return definition.normalise(input, appInfo);
      },
    },
    overrideProvider(functions, functions, override.functions, `${name} override.functions`),
    overrideProvider(api, api, override.apis, `${name} override.apis`),
    ...(definition.providers ?? []),
    ...replacedMessageProviders(recipe),
    {
      provide: apiOptionsToken(definition.id),
      inject: [functions, definition.config, AUTH_CONFIG],
      useFactory: (recipeImplementation: object, config: unknown, auth: AuthConfig): StaticAPIOptions => ({
        recipeImplementation,
        config,
        recipeId: 'partOf' in recipe ? recipe.partOf.definition.id : definition.id,
        isInServerlessEnv: auth.isInServerlessEnv,
      }),
    },
  ];
}

/**
 * A method of a recipe's API, for another recipe that has taken over its route.
 * @param token of a function with the input of the method; of undefined where no recipe had the route, or has it disabled
 */
export function formerRouteProvider(
  token: InjectionToken,
  recipe: Recipe | PartialRecipe | undefined,
  method: string,
): Provider {
  if (recipe === undefined) return { provide: token, useValue: undefined };
  const { definition } = recipe;
  const [decidingApi, decidingMethod] =
    'partOf' in recipe ? [recipe.partOf.definition.api, recipe.partOf.routes[method]!] : [definition.api, method];
  return {
    provide: token,
    inject: [definition.api, decidingApi, apiOptionsToken(definition.id)],
    useFactory: (api: Record<string, (input: object) => unknown>, deciding: object, options: StaticAPIOptions) => {
      if (isDisabled(deciding, decidingMethod)) return undefined;
      return (input: { options: APIOptions }) => {
        const { req, res } = input.options;
        return api[method]!({ ...input, options: { ...options, req, res } });
      };
    },
  };
}

/** Sorted, so that the order of `recipeList` does not matter. */
export function firstFactorsProvider(recipes: Recipe[]): Provider {
  const signingIn = recipes.filter(({ definition }) => definition.firstFactors !== undefined);
  return {
    provide: FIRST_FACTORS,
    inject: signingIn.map(({ definition }) => definition.config),
    useFactory: (...configs: unknown[]): readonly string[] => {
      const declared = signingIn.flatMap(({ definition: { firstFactors = [] } }, at) =>
        typeof firstFactors === 'function' ? firstFactors(configs[at]) : firstFactors,
      );
      return [...new Set(declared)].sort();
    },
  };
}

/** What `@Session()` may ask for in this application. */
export function requirementsProvider(recipes: Recipe[]): Provider {
  const offering = recipes.filter(({ definition }) => definition.requirements !== undefined);
  return {
    provide: SESSION_REQUIREMENTS,
    inject: [ModuleRef, ...offering.map(({ definition }) => definition.config)],
    useFactory: (moduleRef: ModuleRef, ...configs: unknown[]): ReadonlyMap<string, OfferedRequirement> => {
      const service: FindService = (token) => moduleRef.get(token as string, { strict: false });
      return new Map(
        offering.flatMap(({ definition: { requirements = [] } }, at) =>
          requirements.map((requirement): [string, OfferedRequirement] => [
            requirement.option,
            {
              mistake: (value) => requirement.mistake?.(value, configs[at]),
              mistakeOn: (value, handler) => requirement.mistakeOn?.(value, handler, service),
              validators: (value) => requirement.validators(value, configs[at], service),
            },
          ]),
        ),
      );
    },
  };
}

/** Lets a recipe's own option send a kind of message instead of the delivery; made before any of them is sent. */
function replacedMessageProviders({ definition }: Recipe): Provider[] {
  return (definition.messages ?? []).flatMap(({ definition: message, replacedBy }) => {
    if (replacedBy === undefined) return [];
    return {
      provide: Symbol(`latchkey.${message.kind}-sender`),
      inject: [MessageQueue, definition.config],
      useFactory: (queue: MessageQueue, config: unknown) => {
        const sender = replacedBy(config);
        if (sender !== undefined) queue.replaceSender(message, sender as (message: object) => void | Promise<void>);
      },
    };
  });
}

/** A controller of its own for every `forRoot`. */
export function recipeController({ definition }: Recipe, basePath: string): Type<object> {
  return createController({
    name: definition.name.replace(/Recipe$/, 'Controller'),
    basePath,
    routes: definition.routes,
    api: definition.api,
    options: apiOptionsToken(definition.id),
  });
}

/** Done while the providers are made: see `dropDisabledRoutes`. */
export function disabledRoutesProvider(recipe: Recipe | PartialRecipe, controller: Type<object>): Provider {
  const { definition } = recipe;
  const routes = Object.keys(definition.routes);
  const [api, decidedBy] =
    'partOf' in recipe
      ? [recipe.partOf.definition.api, recipe.partOf.routes]
      : [definition.api, Object.fromEntries(routes.map((name) => [name, name]))];
  return {
    provide: Symbol(`latchkey.${definition.id}.disabled-routes`),
    inject: [api],
    useFactory: (api: object) => dropDisabledRoutes(controller, api, decidedBy),
  };
}

/**
 * Nest registers routes after it has made every singleton, so a handler that loses its path before that is never registered.
 * Not left to the controller's constructor, which a request-scoped guard of the application would delay.
 *
 * @param routes for each route, the API method that decides whether it exists
 */
function dropDisabledRoutes(controller: Type<object>, api: object, routes: Readonly<Record<string, string>>): void {
  for (const [route, method] of Object.entries(routes)) {
    if (!isDisabled(api, method)) continue;
    for (const { handler } of handlersOf(controller, route)) Reflect.deleteMetadata(PATH_METADATA, handler);
  }
}
