import { Inject, Injectable, Logger, Scope, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { ConfigurationError } from './core/auth.error.js';
import { EmailQueue } from './delivery/email-queue.js';
import { isDisabled } from './override/disabled.js';
import { checkOverride, type OverridableClass } from './override/override-check.js';
import { routedMethods } from './recipes/recipe-parts.js';
import type { Recipe } from './recipes/recipe.js';

export interface BootCheckOptions {
  recipes: Recipe[];
  hasEmailDelivery: boolean;
  module: Type;
}

export const BOOT_CHECK = Symbol('latchkey.boot-check');

/** Finds, before the first request, what would go wrong in one. */
@Injectable()
export class BootCheck implements OnModuleInit {
  private readonly logger = new Logger('Latchkey');

  constructor(
    @Inject(BOOT_CHECK) private readonly options: BootCheckOptions,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** @throws {ConfigurationError} */
  onModuleInit(): void {
    this.checkSingle();
    for (const { definition } of this.options.recipes) {
      const { api, functions, name } = definition;
      const canDisable = routedMethods(definition);
      this.checkClass({ base: functions, option: `${name} override.functions`, canDisable: new Set() });
      this.checkClass({ base: api, option: `${name} override.apis`, canDisable });
    }
    this.checkEmailDelivery();
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
          'all that uses it would be made anew for every request. Inject singletons, and read the request by ' +
          'getRequestFromUserContext(input.userContext).',
      );
    }
    checkOverride(this.moduleRef.get<unknown>(base, { strict: false }), overridable);
  }

  private checkEmailDelivery(): void {
    if (this.options.hasEmailDelivery) return;
    const queue = this.moduleRef.get(EmailQueue, { strict: false });
    const sender = this.options.recipes.find(
      ({ definition: { sendsEmailBy, emailKind, api } }) =>
        sendsEmailBy !== undefined &&
        (emailKind === undefined || queue.needsDelivery(emailKind)) &&
        !isDisabled(this.moduleRef.get<object>(api, { strict: false }), sendsEmailBy),
    );
    if (sender === undefined) return;
    if (process.env.NODE_ENV !== 'production') {
      this.logger.warn('No emailDelivery is given: links that would be sent by email are written to this log.');
      return;
    }
    const { name, sendsEmailBy } = sender.definition;
    throw new ConfigurationError(
      `AuthModule: ${name} sends emails, but no emailDelivery is given, and in production links must not be written ` +
        `to the log. Give AuthModule.forRoot({ emailDelivery: { smtp: { host, port, auth, from } } }), or { useClass: … } ` +
        `with a class that extends EmailDelivery, ` +
        `or disable ${sendsEmailBy}.`,
    );
  }
}
