import { z } from 'zod';
import { anythingSchema, checkOptions, functionSchema } from '../core/check-options.js';
import { attemptActionSchema } from '../attempts/attempt-limits.options.js';
import { ConfigurationError } from '../core/auth.error.js';
import { noteOffering } from '../claims/session-requirement.js';
import { CallSite } from '../core/call-site.js';
import type { AuthRoute } from '../http/auth-routes.js';
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

const WORD = 'lower-case letters and digits, such as notes';
const PATH = 'a path below apiBasePath without slashes at its ends, such as notes/:noteId';
const list = (expected: string) => z.array(anythingSchema(), expected).optional();

const routeSchema = z.looseObject(
  {
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE'], "'GET', 'POST', 'PUT' or 'DELETE'"),
    paths: z.array(z.string(PATH).regex(/^[^/\s](.*[^/\s])?$/, PATH), 'a list of paths').min(1, 'at least one path'),
    input: functionSchema('a function that reads the input of the API method from the request'),
  },
  'a route: { method, paths, input }',
);

const definitionSchema = z.looseObject(
  {
    id: z.string(WORD).regex(/^[a-z][a-z0-9]{0,63}$/, WORD),
    name: z.string('the name it has in the code, such as NotesRecipe').regex(/^\w+$/, 'a name, such as NotesRecipe'),
    api: functionSchema('the class of its API methods'),
    functions: functionSchema('the class of its functions'),
    routes: z.record(z.string(), routeSchema, 'routes, each under the name of its API method'),
    config: anythingSchema(),
    normalise: functionSchema('a function that checks the options and fills in the defaults'),
    needs: list('a list of ids of recipes'),
    ports: list('a list of ports of the core'),
    messages: list('a list of messages, each { definition, sentBy }'),
    providers: list('a list of Nest providers'),
    attempts: z.record(z.string(), attemptActionSchema, 'rates, each under the name of an action').optional(),
    claims: list('a list of claims, each with the facts it speaks of'),
    requirements: list('a list of requirements, each { option, validators }'),
  },
  'the definition of a recipe',
);

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
  checkOptions<unknown>(where, definitionSchema, definition);
  for (const method of Object.keys(definition.routes)) {
    if (typeof definition.api.prototype[method] === 'function') continue;
    throw new ConfigurationError(
      `${where}: routes.${method} has no API method. Add async ${method}(input) to ${definition.api.name}, or rename the route.`,
    );
  }
  const routes: (AuthRoute | undefined)[] = Object.values(definition.routes);
  const undeclared = routes.find(({ attempt } = {} as AuthRoute) => attempt && !definition.attempts?.[attempt.action]);
  if (undeclared !== undefined) {
    const { action } = undeclared.attempt!;
    throw new ConfigurationError(
      `${where}: a route counts attempts of ${action}, whose rates are missing. Add attempts: { ${action}: { address: [{ attempts, seconds }] } }.`,
    );
  }
}
