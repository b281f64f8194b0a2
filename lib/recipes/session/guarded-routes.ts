import { Inject, Injectable } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ConfigurationError } from '../../core/auth.error.js';
import { restoreGuards } from './guarded-methods.js';
import { asksForSession, isPublic } from './session-requirements.js';
import { SessionGuard } from './session.guard.js';

/** Looks over the application's controllers, resolvers and gateways, once they are known and before they are routes. */
@Injectable()
export class GuardedRoutes {
  @Inject(ModulesContainer) private readonly modules!: ModulesContainer;

  /** @throws {ConfigurationError} `@PublicAccess()` and `@Session()` stand on one class or method */
  prepare(): void {
    const scanner = new MetadataScanner();
    for (const { controllers, providers } of this.modules.values()) {
      for (const { metatype } of [...controllers.values(), ...providers.values()]) {
        if (typeof metatype !== 'function' || metatype.prototype === undefined) continue;
        restoreGuards(metatype);
        assertNoContradiction(metatype, metatype.name);
        for (const name of scanner.getAllMethodNames(metatype.prototype as object)) {
          const method = (metatype.prototype as Record<string, unknown>)[name];
          if (typeof method === 'function') assertNoContradiction(method, `${metatype.name}.${name}`);
        }
      }
    }
  }
}

function assertNoContradiction(target: Function, name: string): void {
  if (!isPublic(target) || !asksForSession(target, SessionGuard)) return;
  throw new ConfigurationError(
    `@PublicAccess() and @Session() both stand on ${name}. Remove one: for a route with or without a session, write ` +
      '@Session({ sessionRequired: false }).',
  );
}
