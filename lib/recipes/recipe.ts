import type { InjectionToken, OptionalFactoryDependency, Provider, Type } from '@nestjs/common';
import { z } from 'zod';
import type { AttemptAction } from '../http/attempt-action.js';
import type { NormalisedAppInfo } from '../http/app-info.js';
import { anythingSchema, checkOptions, functionSchema, onFirstUse } from '../core/check-options.js';
import type { CallSite } from '../core/call-site.js';
import type { CorePart } from '../core/parts/core-part.js';
import type { Port } from '../core/core.js';
import type { MessageDefinition } from '../delivery/message-definition.js';
import type { AuthRoutes } from '../http/auth-routes.js';
import type { Override } from '../override/override.js';
import type { RecipeClaim } from '../claims/recipe-claim.js';
import type { SessionRequirement } from '../claims/session-requirement.js';

/** The ids of our recipes, each added by the recipe itself, so that editors know them. */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface RecipeIds {}

/** The id of one of our recipes, or of one from elsewhere. */
export type RecipeId = keyof RecipeIds | (string & {});

/** The token of the factors by which people sign in here: those that the recipes declare, each once. */
export const FIRST_FACTORS = Symbol('latchkey.first-factors');

/** What replaces the methods of a recipe: of its routes, and of what it can do. */
export interface RecipeOverride<Api, Functions> {
  apis?: Override<Api>;
  functions?: Override<Functions>;
}

/** What a recipe is made of; `AuthModule` turns it into providers and a controller. */
export interface RecipeDefinition<Api extends object, Functions extends object, Options, Config> {
  /** Lower-case letters and digits, such as `emailpassword`. Other recipes name it in `needs`. */
  id: RecipeId;
  /** The name that `defineRecipe` gives it, such as `EmailPasswordRecipe`: messages tell the developer by it what to fix. */
  name: string;
  api: Type<Api>;
  functions: Type<Functions>;
  routes: AuthRoutes<Api>;
  /** The token of the normalised options. */
  config: InjectionToken<Config>;
  /** @throws {ConfigurationError} */
  normalise(options: Options, appInfo: NormalisedAppInfo): Config;
  /** Recipes it calls, which must be in `recipeList` too. @default none */
  needs?: readonly RecipeId[];
  /** What it adds to the core, ports included. @default none */
  coreParts?: readonly CorePart[];
  /** Other ports of the core that it uses. @default none */
  ports?: readonly Port<unknown>[];
  /**
   * By which factors it signs people in, such as `emailpassword` or `otp-email`: what tenants name in their
   * `firstFactors`, and `GET /loginmethods` answers. A function where that depends on its options.
   */
  firstFactors?: readonly string[] | ((config: Config) => readonly string[]);
  /** The emails and text messages that it sends. @default none */
  messages?: readonly DeclaredMessage<Api, Config>[];
  /** Whatever else it needs to work, which the application may inject too; not replaceable. @default none */
  providers?: readonly Provider[];
  /**
   * What nobody may attempt as often as they like, by the name of the action: routes name one as their `attempt`, other code
   * calls `AttemptLimits.count`. @default none
   */
  attempts?: Readonly<Record<string, AttemptAction>>;
  /** What it puts into every session, and the facts it speaks of. @default none */
  claims?: readonly RecipeClaim[];
  /** What `@Session()` may ask of sessions by it. It adds their types to `SessionRequirementOptions`. @default nothing */
  requirements?: readonly SessionRequirement<Config>[];
  /** Recipes that it is made of and brings along. */
  parts?: readonly RecipePart<Api>[];
}

/** One kind of message of a recipe, and what sends it. */
export interface DeclaredMessage<Api, Config> {
  definition: MessageDefinition;
  /** The API methods that send it: once all of them are disabled, no delivery is needed. Empty where functions do. */
  sentBy: readonly (keyof Api & string)[];
  /** What an option of the recipe sends it by, instead of the application's delivery. */
  replacedBy?(config: Config): ((message: never) => void | Promise<void>) | undefined;
}

/** A recipe inside another one: its routes are the part's, and what they do is decided by the whole. */
export interface RecipePart<Api> {
  /** Its API and its functions are overridden by classes that call those of the whole. */
  recipe: Recipe;
  /** For each API method that has a route: the method of the whole's API that it calls. */
  routes: Readonly<Record<string, keyof Api & string>>;
}

/** One entry of `recipeList`, as `init` and `initAsync` make it. */
export interface Recipe<
  Api extends object = object,
  Functions extends object = object,
  Options = unknown,
  Config = unknown,
> {
  definition: RecipeDefinition<Api, Functions, Options, Config>;
  options: RecipeOptionsSource<Options>;
  override: RecipeOverride<Api, Functions>;
  /** Where `init` was called, for messages. */
  calledAt?: CallSite;
}

/** The options of a recipe, or what makes them. */
export type RecipeOptionsSource<Options> =
  | { useValue: Options }
  | {
      inject?: (InjectionToken | OptionalFactoryDependency)[];
      /** Returns the options; receives what `inject` names. */
      useFactory: (...dependencies: never[]) => Options | Promise<Options>;
    };

/** The argument of `XxxRecipe.initAsync`. */
export type AsyncRecipeOptions<Api, Functions, Options> = {
  /** The tokens of what the factory receives. @default [] */
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  /** Returns the options; receives what `inject` names. */
  useFactory: (...dependencies: never[]) => Options | Promise<Options>;
  /** Classes are known before the factory runs, so that overrides do not come from it. @default {} */
  override?: RecipeOverride<Api, Functions>;
};

const overrideSchema = z.looseObject({}, '{ apis, functions }').optional();

const asyncOptionsSchema = onFirstUse(() =>
  z.strictObject(
    {
      inject: z.array(anythingSchema(), 'a list of tokens').optional(),
      useFactory: functionSchema('a function that returns the options of init'),
      override: overrideSchema,
    },
    '{ inject, useFactory, override }',
  ),
);

/** `init` of a recipe. */
export function initRecipe<Api extends object, Functions extends object, Options extends object, Config>(
  definition: RecipeDefinition<Api, Functions, Options, Config>,
  input: Options & { override?: RecipeOverride<Api, Functions> },
): Recipe {
  checkOptions(`${definition.name}.init`, z.looseObject({ override: overrideSchema }, 'an object'), input);
  const { override = {}, ...options } = input;
  return { definition, options: { useValue: options as unknown as Options }, override } as unknown as Recipe;
}

/** `initAsync` of a recipe. */
export function initRecipeAsync<Api extends object, Functions extends object, Options extends object, Config>(
  definition: RecipeDefinition<Api, Functions, Options, Config>,
  input: AsyncRecipeOptions<Api, Functions, Options>,
): Recipe {
  checkOptions(`${definition.name}.initAsync`, asyncOptionsSchema(), input);
  const { inject, useFactory, override = {} } = input;
  return { definition, options: { inject, useFactory }, override } as unknown as Recipe;
}
