import type { ModuleRef } from '@nestjs/core';
import { overriddenIn, OverriddenMethods, type OverriddenMethod } from './override/overridden-methods.js';
import type { Recipe } from './recipes/recipe.js';

/** Looked up when it is asked for: by then Nest has made everything. */
export class RecipeOverrides extends OverriddenMethods {
  constructor(
    private readonly recipeList: readonly Recipe[],
    private readonly moduleRef: ModuleRef,
  ) {
    super();
  }

  get recipes(): string[] {
    return this.recipeList.map(({ definition }) => definition.name);
  }

  get overrides(): OverriddenMethod[] {
    return this.recipeList.flatMap(({ definition: { name: recipe, api, functions } }) => [
      ...this.of(api).map((method) => ({ recipe, layer: 'apis' as const, ...method })),
      ...this.of(functions).map((method) => ({ recipe, layer: 'functions' as const, ...method })),
    ]);
  }

  private of(base: Recipe['definition']['api']) {
    return overriddenIn(this.moduleRef.get<object>(base, { strict: false }), base);
  }
}
