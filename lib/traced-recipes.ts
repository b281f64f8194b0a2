import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Recipe } from './recipes/recipe.js';
import { TRACER, type Tracer } from './tracing/open-telemetry.js';
import { type Layer, traceInstance } from './tracing/traced.js';

export const TRACED_RECIPES = Symbol('latchkey.traced-recipes');

/** Puts spans around the methods of every recipe once they are made, overrides included. Only there where tracing is on. */
@Injectable()
export class TracedRecipes implements OnModuleInit {
  constructor(
    @Inject(TRACED_RECIPES) private readonly recipes: Recipe[],
    @Inject(TRACER) private readonly tracer: Tracer,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
  ) {}

  onModuleInit(): void {
    for (const { definition } of this.recipes) {
      this.trace(definition.api, 'api');
      this.trace(definition.functions, 'functions');
    }
  }

  private trace(base: Recipe['definition']['api'], layer: Layer): void {
    const instance = this.moduleRef.get<object>(base, { strict: false });
    traceInstance(instance, base.prototype as object, { layer, name: base.name }, this.tracer);
  }
}
