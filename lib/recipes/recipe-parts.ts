import { ConfigurationError } from '../core/auth.error.js';
import type { Recipe, RecipeDefinition, RecipePart } from './recipe.js';

type AnyDefinition = RecipeDefinition<object, object, unknown, unknown>;

/** A recipe that another one brings along. */
export interface PartialRecipe extends Recipe {
  partOf: { definition: AnyDefinition; routes: RecipePart<object>['routes'] };
}

/** The recipes of a list, and behind each those it is made of. */
export function withParts(recipes: Recipe[]): (Recipe | PartialRecipe)[] {
  return recipes.flatMap((recipe) => {
    const parts = recipe.definition.parts ?? [];
    return [recipe, ...parts.map((part) => asPart(part, recipe))];
  });
}

/** The API methods that a route leads to, one of the recipe's own or of a part's: these can be disabled. */
export function routedMethods({ routes, parts = [] }: Recipe['definition']): Set<string> {
  return new Set([...Object.keys(routes), ...parts.flatMap((part) => Object.values<string>(part.routes))]);
}

function asPart({ recipe, routes }: RecipePart<object>, { calledAt, definition: whole }: Recipe): PartialRecipe {
  const { name, normalise } = recipe.definition;
  const definition: Recipe['definition'] = {
    ...recipe.definition,
    normalise(options, appInfo) {
      try {
        return normalise(options, appInfo);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        throw new ConfigurationError(error.message.replaceAll(`${name}.init`, `${whole.name}.init`));
      }
    },
  };
  return { ...recipe, calledAt, definition, partOf: { definition: whole as AnyDefinition, routes } };
}
