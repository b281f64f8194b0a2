import { TenantConfigCore } from '../../core/tenant-config.core.js';
import { defineRecipe } from '../define-recipe.js';
import type { Recipe } from '../recipe.js';
import { LoginMethodsApi } from './login-methods.api.js';
import { LoginMethodsFunctions } from './login-methods.functions.js';
import { loginMethodsRoute } from './login-methods.routes.js';

declare module '../recipe.js' {
  interface RecipeIds {
    loginmethods: true;
  }
}

const definition = {
  id: 'loginmethods',
  name: 'LoginMethodsRecipe',
  api: LoginMethodsApi,
  functions: LoginMethodsFunctions,
  config: Symbol('latchkey.login-methods.config'),
  normalise: () => ({}),
  ports: [TenantConfigCore],
};

const WithRoute = defineRecipe({ ...definition, routes: { loginMethodsGET: loginMethodsRoute } });
const WithoutRoute = defineRecipe({ ...definition, routes: {} });

/** Adds `GET /loginmethods` where recipes sign people in; the route may be that of one of them. */
export function withLoginMethods<T extends Recipe>(recipes: T[]): (T | Recipe)[] {
  if (!recipes.some(({ definition: { firstFactors = [] } }) => firstFactors.length > 0)) return recipes;
  const hasRoute = recipes.some(({ definition: { routes } }) => 'loginMethodsGET' in routes);
  return [...recipes, (hasRoute ? WithoutRoute : WithRoute).init()];
}
