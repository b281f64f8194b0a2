import { ConfigurationError } from '../core/auth.error.js';
import { foreignFix } from '../core/foreign-options.js';
import type { AuthRoute } from '../http/auth-routes.js';
import type { Recipe } from './recipe.js';

/** @throws {ConfigurationError} something that is no recipe, one given twice or beside its whole, one that needs another */
export function checkRecipeList(recipes: Recipe[]): void {
  const names = new Map<string, string>();
  for (const [at, recipe] of recipes.entries()) {
    const definition = (recipe as Partial<Recipe> | undefined)?.definition;
    if (typeof definition?.normalise !== 'function') {
      const foreign = typeof recipe === 'function' ? foreignFix('recipeList', [recipe]) : undefined;
      throw new ConfigurationError(
        `AuthModule: recipeList[${at}] is not a recipe. ` +
          (foreign ?? 'Give what init returns, such as SessionRecipe.init().'),
      );
    }
    const { id, name } = definition;
    const other = names.get(id);
    if (other !== undefined) {
      const mistake =
        other === name ? `${name} twice. Give it once` : `${other} and ${name}, which both have the id ${id}`;
      const fix = other === name ? '' : ' Give one of them another id, or remove it.';
      throw new ConfigurationError(`AuthModule: recipeList has ${mistake}.${fix}`);
    }
    names.set(id, name);
  }
  for (const { definition } of recipes) {
    const part = definition.parts?.find(({ recipe }) => names.has(recipe.definition.id))?.recipe.definition;
    if (part === undefined) continue;
    throw new ConfigurationError(
      `AuthModule: recipeList has ${definition.name} and ${part.name}, which is a part of it, so its routes would ` +
        `exist twice. Remove ${part.name}, and give its options to ${definition.name}.`,
    );
  }
  const parts = recipes.flatMap((recipe) => recipe.definition.parts ?? []);
  for (const { recipe } of parts) names.set(recipe.definition.id, recipe.definition.name);
  for (const { definition } of recipes) {
    const missing = definition.needs?.find((id) => !names.has(id));
    if (missing === undefined) continue;
    throw new ConfigurationError(
      `AuthModule: recipeList has ${definition.name}, which needs the recipe ${missing}. ` +
        `Add ${missing === 'session' ? 'SessionRecipe.init()' : `its init()`} to recipeList.`,
    );
  }
}

/** What only one recipe of an application may have: of two, one would be without effect. */
interface Sole {
  /** Equal for two recipes that cannot both have it. */
  key: unknown;
  /** For messages. */
  what: string;
  fix: string;
}

/**
 * Nest would take the later of two providers, Express the first of two routes, and a session the last of two claims.
 * @param recipes with their parts
 * @throws {ConfigurationError}
 */
export function checkSoleNames(recipes: Recipe[]): void {
  const owners = new Map<unknown, string>();
  for (const { definition } of recipes) {
    for (const { key, what, fix } of solesOf(definition)) {
      const owner = owners.get(key);
      if (owner !== undefined) {
        throw new ConfigurationError(`AuthModule: ${owner} and ${definition.name} both have ${what}. ${fix}`);
      }
      owners.set(key, definition.name);
    }
  }
}

function solesOf({ api, functions, config, routes, claims = [], requirements = [] }: Recipe['definition']): Sole[] {
  const otherClass = 'Give one of them a class of its own.';
  return [
    { key: api, what: `the API class ${api.name}`, fix: otherClass },
    { key: functions, what: `the functions class ${functions.name}`, fix: otherClass },
    { key: config, what: `the config ${String(config)}`, fix: 'Give one of them another token.' },
    ...Object.values<AuthRoute | undefined>(routes).flatMap((route) => (route === undefined ? [] : placesOf(route))),
    ...claims.map(({ claim: { key } }) => ({
      key: `claim ${key}`,
      what: `the claim ${key}`,
      fix: 'Give it another key in one of them.',
    })),
    ...requirements.map(({ option }) => ({
      key: `requirement ${option}`,
      what: `the option ${option} of @Session()`,
      fix: 'Give it another name in one of them.',
    })),
  ];
}

function placesOf({ method, paths, perTenant = false }: AuthRoute): Sole[] {
  const all = perTenant ? paths.flatMap((path) => [path, `:tenantId/${path}`]) : paths;
  return all.map((path) => ({
    key: `${method} /${path.replaceAll(/:\w+/g, ':')}`,
    what: `the route ${method} /${path}`,
    fix: 'Give it another path in one of them.',
  }));
}
