import type { Provider, Type } from '@nestjs/common';
import type { AuthRoute } from '../http/auth-routes.js';
import { handlersOf } from '../http/controller-factory.js';
import { describeHandler, hideController } from '../http/described-routes.js';
import type { OpenApiOption } from '../http/openapi.options.js';
import type { Recipe } from './recipe.js';

/**
 * Tells documents of the API about the routes of a recipe. Done while the providers are made: documents are made before an
 * application listens, and what a route tells may depend on the recipe's options.
 */
export function describedRoutesProvider(
  { definition }: Recipe,
  controller: Type<object>,
  options: OpenApiOption,
): Provider {
  const provide = Symbol(`latchkey.${definition.id}.described-routes`);
  if (options === false) {
    hideController(controller);
    return { provide, useValue: undefined };
  }
  const recipe = definition.name.replace(/Recipe$/, '');
  return {
    provide,
    inject: [definition.config],
    useFactory: (config: unknown) => {
      for (const [method, route] of Object.entries(definition.routes) as [string, AuthRoute][]) {
        const { describe } = route;
        const description = typeof describe === 'function' ? describe(config as never) : describe;
        const described = { route, description, operationId: operationIdOf(recipe, method) };
        for (const handler of handlersOf(controller, method)) describeHandler(handler, described, options);
      }
    },
  };
}

/** @returns `sessionSignOut` for `Session` and `signOutPOST` */
function operationIdOf(recipe: string, method: string): string {
  const what = method.replace(/(GET|POST|PUT|DELETE)$/, '');
  return `${recipe.charAt(0).toLowerCase()}${recipe.slice(1)}${what.charAt(0).toUpperCase()}${what.slice(1)}`;
}
