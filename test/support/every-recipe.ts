import { AsyncLocalStorage } from 'node:async_hooks';
import type { Type } from '@nestjs/common';
import * as latchkey from 'latchkey';
import type { Recipe } from 'latchkey';
import { methodsOf } from '../../lib/override/override-check.js';

type AnyMethod = (this: object, ...input: unknown[]) => unknown;
type RecipeClass = { init(options?: object): Recipe };

/** What a recipe cannot do without. */
const someProvider = { providers: [{ thirdPartyId: 'google', clients: [{ clientId: 'id', clientSecret: 'secret' }] }] };
/** Lets every request in that comes with it. */
export const DASHBOARD_KEY = 'dashboard-key-of-the-tests-0123456789';

const neededOptions: Record<string, object> = {
  DashboardRecipe: { apiKey: DASHBOARD_KEY },
  EmailVerificationRecipe: { mode: 'OPTIONAL' },
  ThirdPartyRecipe: someProvider,
  ThirdPartyEmailPasswordRecipe: someProvider,
};

/** Every recipe that the package exports, so that a new one is tested without being named anywhere. */
export const everyRecipe: RecipeClass[] = Object.entries(latchkey)
  .filter((entry): entry is [string, (typeof entry)[1] & RecipeClass] => {
    const [, exported] = entry;
    return typeof (exported as Partial<RecipeClass> | undefined)?.init === 'function';
  })
  .map(([name, recipe]) => ({ init: (options) => recipe.init({ ...neededOptions[name], ...options }) }));

export const definitionOf = (recipe: RecipeClass) => recipe.init().definition;

const partIdsOf = (recipe: RecipeClass) =>
  (definitionOf(recipe).parts ?? []).map(({ recipe: part }) => part.definition.id);
const wholes = everyRecipe.filter((recipe) => partIdsOf(recipe).length > 0);

/** All recipes that are not made of others. */
export const separateRecipes = everyRecipe.filter((recipe) => !wholes.includes(recipe));

/** Every recipe is in one of these lists, which can be given to an application: one has what its parts had. */
export const recipeLists: { list: string; recipes: RecipeClass[] }[] = [
  { list: 'separate recipes', recipes: separateRecipes },
  ...wholes.map((whole) => {
    const others = separateRecipes.filter((recipe) => !partIdsOf(whole).includes(definitionOf(recipe).id));
    return { list: `${definitionOf(whole).name} instead of its parts`, recipes: [...others, whole] };
  }),
];

/** Replaces every method of a class, whatever methods it has. */
export function overrideEveryMethod(
  Base: Type<object>,
  replacement: (name: string, original: AnyMethod) => AnyMethod,
): Type<object> {
  class Overriding extends Base {}
  for (const name of methodsOf(Base.prototype)) {
    const original = (Base.prototype as Record<string, AnyMethod>)[name]!;
    Object.defineProperty(Overriding.prototype, name, {
      value: replacement(name, original),
      writable: true,
      configurable: true,
    });
  }
  return Overriding;
}

/** Which overriding methods were called, and which one is running. */
export class CallRecorder {
  readonly calls: string[] = [];
  private readonly running = new AsyncLocalStorage<string>();

  /** A subclass whose every method is recorded as `Class.method` and then does what it did. */
  recorded(Base: Type<object>): Type<object> {
    return overrideEveryMethod(Base, (name, original) => {
      const { calls, running } = this;
      return function (...input) {
        calls.push(`${Base.name}.${name}`);
        return running.run(Base.name, () => original.apply(this, input));
      };
    });
  }

  /** The class of the innermost recorded method that is running. */
  get innermost(): string | undefined {
    return this.running.getStore();
  }

  /** @returns what was called since the last time, each once */
  take(): Set<string> {
    return new Set(this.calls.splice(0));
  }
}
