import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../core/auth.error.js';
import type { CorePart } from '../core/parts/core-part.js';
import { checkCoreParts } from '../core/parts/core-parts.js';
import { withParts } from '../recipes/recipe-parts.js';
import type { Recipe } from '../recipes/recipe.js';

const EXAMPLE = 'export const recipes = [NotesRecipe.init()]';

/**
 * What the recipes of an application add to the core. The module is run, so that only who types a command names one.
 * @param file JavaScript that exports `recipes`, entries of `recipeList`; relative to the working directory
 * @throws {ConfigurationError} there is no such file, it cannot be loaded, or exports something else
 */
export async function loadCoreParts(file: string): Promise<CorePart[]> {
  const recipes = recipesOf(file, await load(file));
  const parts = withParts(recipes).flatMap(({ definition }) => definition.coreParts ?? []);
  const others = [...new Set(parts)];
  checkCoreParts(others);
  return others;
}

async function load(file: string): Promise<unknown> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new ConfigurationError(`--recipes: there is no file ${path}. Compile the application first`);
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`--recipes: ${path} cannot be loaded: ${reason}`, { cause });
  }
}

function recipesOf(file: string, module: unknown): Recipe[] {
  const { recipes } = module as { recipes?: unknown };
  if (!Array.isArray(recipes)) {
    const found = recipes === undefined ? 'exports no recipes' : `exports recipes of type ${typeof recipes}`;
    throw new ConfigurationError(`--recipes: ${file} ${found}. Write: ${EXAMPLE}`);
  }
  const wrong = recipes.findIndex((recipe) => typeof Object(recipe).definition !== 'object');
  if (wrong === -1) return recipes as Recipe[];
  throw new ConfigurationError(`--recipes: recipes[${wrong}] of ${file} was not made by init. Write: ${EXAMPLE}`);
}
