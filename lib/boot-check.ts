import { Inject, Injectable, Scope, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { AttemptLimits } from './attempts/attempt-limits.js';
import { ConfigurationError } from './core/auth.error.js';
import type { CallSite } from './core/call-site.js';
import { checkOverride, type OverridableClass } from './override/override-check.js';
import { BreachedPasswords } from './passwords/breached-passwords.js';
import { PasswordRules } from './passwords/password-rules.js';
import { routedMethods } from './recipes/recipe-parts.js';
import type { Recipe } from './recipes/recipe.js';

export interface BootCheckOptions {
  recipes: Recipe[];
  module: Type;
  /** Where `forRoot` was called. */
  calledAt: CallSite;
}

export const BOOT_CHECK = Symbol('latchkey.boot-check');

/** Finds, before the first request, what would go wrong in one. */
@Injectable()
export class BootCheck implements OnModuleInit {
  constructor(
    @Inject(BOOT_CHECK) private readonly options: BootCheckOptions,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** @throws {ConfigurationError} */
  onModuleInit(): void {
    this.checkSingle();
    const { recipes, calledAt } = this.options;
    const canDisable = new Set<string>();
    calledAt.blame(() => {
      this.checkClass({ base: AttemptLimits, option: 'AuthModule attemptLimits.override', canDisable });
      this.checkClass({ base: BreachedPasswords, option: 'AuthModule passwordRules.breached.client', canDisable });
      this.checkClass({ base: PasswordRules, option: 'AuthModule passwordRules.override', canDisable });
    });
    for (const recipe of recipes) (recipe.calledAt ?? calledAt).blame(() => this.checkRecipe(recipe));
  }

  private checkRecipe({ definition }: Recipe): void {
    const { api, functions, name } = definition;
    const canDisable = routedMethods(definition);
    this.checkClass({ base: functions, option: `${name} override.functions`, canDisable: new Set() });
    this.checkClass({ base: api, option: `${name} override.apis`, canDisable });
  }

  private checkSingle(): void {
    const count = [...this.modules.values()].filter(({ metatype }) => metatype === this.options.module).length;
    if (count < 2) return;
    throw new ConfigurationError(
      'AuthModule.forRoot is called more than once in this application, so its routes would exist twice. ' +
        'Call it once, in the root module: it is global.',
    );
  }

  private checkClass(overridable: OverridableClass): void {
    const { base, option } = overridable;
    if (this.moduleRef.introspect(base).scope !== Scope.DEFAULT) {
      throw new ConfigurationError(
        `${option}: the override is request-scoped or transient, or injects something that is, so that ${base.name} and ` +
          'all that uses it would be made again for every request. Inject singletons, and read the request by ' +
          'getRequestFromUserContext(input.userContext).',
      );
    }
    checkOverride(this.moduleRef.get<unknown>(base, { strict: false }), overridable);
  }
}
