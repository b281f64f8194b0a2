import { TenantConfigCore } from '../../core/tenant-config.core.js';
import type { AuthRoute } from '../../http/auth-routes.js';
import { builtInRecipe } from '../define-recipe.js';
import type { Recipe } from '../recipe.js';
import { LoginMethodsApi, type LoginMethodsInput, type LoginMethodsResult } from './login-methods.api.js';
import { FirstFactorsOfTenants, LoginMethodsFunctions, StoredFirstFactors } from './login-methods.functions.js';
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
};

const fromCore = {
  ports: [TenantConfigCore],
  providers: [{ provide: FirstFactorsOfTenants, useClass: StoredFirstFactors }],
};

const WithRoute = builtInRecipe({ ...definition, ...fromCore, routes: { loginMethodsGET: loginMethodsRoute } });
const WithoutRoute = builtInRecipe({ ...definition, ...fromCore, routes: {} });
/** Multitenancy knows what tenants allow. */
const OfTenants = builtInRecipe({ ...definition, routes: {} });

/** How the recipe answers that had the route before, such as ThirdParty with its providers. */
export type FormerLoginMethods = (input: LoginMethodsInput) => Promise<LoginMethodsResult>;
/** The token of it; of undefined where none had the route. */
export const FORMER_LOGIN_METHODS = Symbol('latchkey.former-login-methods');

interface RecipesWithLoginMethods<T> {
  recipes: (T | Recipe)[];
  /** The one whose route Multitenancy has taken over. */
  former: T | undefined;
}

const hasRoute = ({ definition: { routes } }: Recipe): boolean => 'loginMethodsGET' in routes;

/**
 * Adds `GET /loginmethods` where recipes sign people in. The route is that of Multitenancy, if it is in the list, or of another
 * recipe that has one.
 */
export function withLoginMethods<T extends Recipe>(recipes: T[]): RecipesWithLoginMethods<T> {
  if (recipes.some(({ definition: { id } }) => id === 'multitenancy')) {
    const former = recipes.find((recipe) => recipe.definition.id !== 'multitenancy' && hasRoute(recipe));
    const others = recipes.map((recipe) => (recipe === former ? withoutRoute(recipe) : recipe));
    return { recipes: [...others, OfTenants.init()], former };
  }
  const isNeeded = recipes.some(({ definition: { firstFactors = [] } }) => firstFactors.length > 0);
  if (!isNeeded) return { recipes, former: undefined };
  return { recipes: [...recipes, (recipes.some(hasRoute) ? WithoutRoute : WithRoute).init()], former: undefined };
}

function withoutRoute<T extends Recipe>(recipe: T): T {
  const { loginMethodsGET: _, ...routes } = recipe.definition.routes as Record<string, AuthRoute>;
  return { ...recipe, definition: { ...recipe.definition, routes } };
}
