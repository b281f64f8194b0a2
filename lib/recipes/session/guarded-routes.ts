import { Inject, Injectable } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { ConfigurationError } from '../../core/auth.error.js';
import { letsOthersIn } from './any-of.js';
import { alternativesFirst, restoreGuards } from './guarded-methods.js';
import { asksForSession, guardsOf, isPublic, readSessionRequirements } from './session-requirements.js';
import { SessionGuard } from './session.guard.js';

/**
 * Looks over the application's controllers, resolvers and gateways while they are made: each is known by then, and none has
 * its handlers yet. Nest makes those of gateways first, before it asks modules for their middleware.
 */
@Injectable()
export class GuardedRoutes {
  /** @throws {ConfigurationError} what stands on one class or method contradicts itself */
  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(SessionGuard) private readonly guard: SessionGuard,
  ) {
    for (const module of modules.values()) this.prepare(module);
  }

  private prepare(module: Module): void {
    const scanner = new MetadataScanner();
    for (const { metatype } of [...module.controllers.values(), ...module.providers.values()]) {
      if (typeof metatype !== 'function' || metatype.prototype === undefined) continue;
      if (restoreGuards(metatype)) this.offerGuard(module);
      assertNoContradiction(metatype, metatype.name);
      assertOthersMayPass(metatype, metatype, metatype.name);
      for (const name of scanner.getAllMethodNames(metatype.prototype as object)) {
        const method = (metatype.prototype as Record<string, unknown>)[name];
        if (typeof method !== 'function') continue;
        assertNoContradiction(method, `${metatype.name}.${name}`);
        assertOthersMayPass(metatype, method, `${metatype.name}.${name}`);
        alternativesFirst(method);
      }
    }
  }

  /** A guard that Nest has not found in a module when it looked for them is left out without a word. */
  private offerGuard({ injectables }: Module): void {
    if (injectables.has(SessionGuard)) return;
    const provider = { name: SessionGuard.name, metatype: SessionGuard, instance: this.guard, isResolved: true };
    injectables.set(SessionGuard, new InstanceWrapper(provider));
  }
}

type Module = ModulesContainer extends Map<string, infer One> ? One : never;

function assertNoContradiction(target: Function, name: string): void {
  if (!isPublic(target) || !asksForSession(target)) return;
  throw new ConfigurationError(
    `@PublicAccess() and @Session() are both on ${name || 'a class without a name'}. Remove one: for a route with or without a session, write ` +
      '@Session({ sessionRequired: false }).',
  );
}

function assertOthersMayPass(controller: Function, target: Function, name: string): void {
  const guards = guardsOf(target);
  const alternatives = guards.find(letsOthersIn);
  if (alternatives === undefined || !guards.includes(SessionGuard)) return;
  if (readSessionRequirements(controller, target).options.sessionRequired === false) return;
  throw new ConfigurationError(
    `${alternatives.name} and @Session() are both on ${name}: the first lets requests in without a session, which the second ` +
      'requires. Write @Session({ sessionRequired: false }), whose parameter may be undefined, or remove one.',
  );
}
