import type { Provider } from '@nestjs/common';
import { checkOptions } from '../core/check-options.js';
import { ConfigurationError } from '../core/auth.error.js';
import { noteOffering } from '../claims/session-requirement.js';
import { CallSite } from '../core/call-site.js';
import type { AuthRoute } from '../http/auth-routes.js';
import { PROTECTED_ACCESS_TOKEN_CLAIMS } from '../core/sessions.core.js';
import { recipeDefinitionSchema } from './recipe-definition.schema.js';
import {
  initRecipe,
  initRecipeAsync,
  type AsyncRecipeOptions,
  type Recipe,
  type RecipeDefinition,
  type RecipeOverride,
} from './recipe.js';

/** Options may be left out where none of them is needed. */
type InitArguments<Options, Override> = object extends Options
  ? [options?: Options & { override?: Override }]
  : [options: Options & { override?: Override }];

/** A recipe as applications know it: what it returns goes into `recipeList`. */
export interface DefinedRecipe<Api extends object, Functions extends object, Options extends object> {
  /** @throws {ConfigurationError} something that is no option */
  init(...options: InitArguments<Options, RecipeOverride<Api, Functions>>): Recipe;
  /** The same with options from a factory that may inject and wait. */
  initAsync(options: AsyncRecipeOptions<Api, Functions, Options>): Recipe;
}

/**
 * Makes a recipe of its definition. Ours are made by it, and so is one of an application or of another package:
 *
 * ```ts
 * export const NotesRecipe = defineRecipe({
 *   id: 'notes',
 *   name: 'NotesRecipe',
 *   api: NotesApi,
 *   functions: NotesFunctions,
 *   routes: notesRoutes,
 *   config: NOTES_CONFIG,
 *   normalise: (options: NotesOptions) => ({ maxLength: 1000, ...options }),
 *   needs: ['session'],
 * });
 * ```
 *
 * @throws {ConfigurationError} the definition cannot work; the message names the recipe and the fix
 */
export function defineRecipe<Api extends object, Functions extends object, Options extends object, Config>(
  definition: RecipeDefinition<Api, Functions, Options, Config>,
): DefinedRecipe<Api, Functions, Options> {
  new CallSite(defineRecipe).blame(() => assertDefinition(definition));
  return builtInRecipe(definition);
}

/** The same for a recipe of this package: a test checks the definition, not each start of an application. */
export function builtInRecipe<Api extends object, Functions extends object, Options extends object, Config>(
  definition: RecipeDefinition<Api, Functions, Options, Config>,
): DefinedRecipe<Api, Functions, Options> {
  noteOffering(definition.name, definition.requirements ?? []);
  return {
    init: function init(...[options]) {
      const calledAt = new CallSite(init);
      return calledAt.blame(() => ({ ...initRecipe(definition, (options ?? {}) as Options), calledAt }));
    },
    initAsync: function initAsync(options) {
      const calledAt = new CallSite(initAsync);
      return calledAt.blame(() => ({ ...initRecipeAsync(definition, options), calledAt }));
    },
  };
}

/** @throws {ConfigurationError} */
export function assertDefinition<Api extends object, Functions extends object, Options, Config>(
  definition: RecipeDefinition<Api, Functions, Options, Config>,
): void {
  const where = `defineRecipe ${String((definition as { name?: unknown } | undefined)?.name ?? '')}`.trim();
  checkOptions<unknown>(where, recipeDefinitionSchema(), definition);
  const mistake = mistakeIn(definition as unknown as Recipe['definition']);
  if (mistake !== undefined) throw new ConfigurationError(`${where}: ${mistake}`);
}

/** @returns what does not go together in a definition of the right form, and the fix */
function mistakeIn(definition: Recipe['definition']): string | undefined {
  const { api, routes, messages = [], claims = [], providers = [], attempts = {} } = definition;
  const methods = api.prototype as Record<string, unknown>;
  const lost = Object.keys(routes).find((method) => typeof methods[method] !== 'function');
  if (lost !== undefined) {
    return `routes.${lost} has no API method. Add async ${lost}(input) to ${api.name}, or rename the route.`;
  }
  const action = (Object.values(routes) as AuthRoute[])
    .map(({ attempt }) => attempt?.action)
    .find((name) => name !== undefined && attempts[name] === undefined);
  if (action !== undefined) {
    return (
      `a route counts attempts of ${action}, whose rates are missing. ` +
      `Add attempts: { ${action}: { address: [{ attempts, seconds }] } }.`
    );
  }
  for (const { definition: message, sentBy } of messages) {
    const sender = sentBy.find((method) => typeof methods[method] !== 'function');
    if (sender === undefined) continue;
    return `${api.name} has no method ${sender}, by which ${message.kind} is sent. Correct its name in sentBy.`;
  }
  for (const { claim, source } of claims) {
    if (PROTECTED_ACCESS_TOKEN_CLAIMS.some((name) => name === claim.key)) {
      return `the core writes the claim ${claim.key} itself. Give yours another key.`;
    }
    if (source === undefined || providers.some((provider) => tokenOf(provider) === source)) continue;
    return `${source.name}, the source of the claim ${claim.key}, is not in providers. Add it.`;
  }
  return undefined;
}

function tokenOf(provider: Provider): unknown {
  return typeof provider === 'function' ? provider : provider.provide;
}
