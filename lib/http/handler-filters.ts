import type { ModulesContainer } from '@nestjs/core';
import { MetadataScanner } from '@nestjs/core';
import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { AuthErrorFilter, catchesAuthErrors } from './auth-error.filter.js';
import { EXCEPTION_FILTERS_METADATA } from './nest-metadata.js';

/**
 * Has the filter answer `AuthError`s of handlers that Nest's global filters do not reach: those of gateways, and those of
 * microservices that a hybrid application connects. It goes before the application's catch-all, and behind what was written for
 * an `AuthError`. To be called while Nest makes the application, before it makes the handlers.
 *
 * @param handlerMetadata what Nest's decorator of such handlers leaves on the method
 */
export function answerErrorsOfHandlers(
  modules: ModulesContainer,
  filter: AuthErrorFilter,
  handlerMetadata: string,
): void {
  const scanner = new MetadataScanner();
  for (const module of modules.values()) {
    for (const { metatype } of [...module.controllers.values(), ...module.providers.values()]) {
      if (typeof metatype !== 'function' || metatype.prototype === undefined) continue;
      if (filtersOf(metatype).some(isForAuthErrors)) continue;
      const handlers = scanner
        .getAllMethodNames(metatype.prototype as object)
        .map((name) => (metatype.prototype as Record<string, unknown>)[name])
        .filter((method) => typeof method === 'function' && Reflect.hasMetadata(handlerMetadata, method));
      if (handlers.length === 0) continue;
      for (const handler of handlers) addFilter(handler as Function);
      // Nest finds filters among what the module of the handler has.
      const ready = {
        name: AuthErrorFilter.name,
        token: AuthErrorFilter,
        metatype: null,
        instance: filter,
        isResolved: true,
      };
      module.injectables.set(AuthErrorFilter, new InstanceWrapper(ready));
    }
  }
}

/** Nest asks the last one first. */
function addFilter(handler: Function): void {
  const filters = filtersOf(handler).filter((filter) => filter !== AuthErrorFilter);
  const specific = filters.filter(isForAuthErrors);
  const others = filters.filter((filter) => !specific.includes(filter));
  Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, [...others, AuthErrorFilter, ...specific], handler);
}

function filtersOf(target: Function): unknown[] {
  return (Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, target) as unknown[] | undefined) ?? [];
}

function isForAuthErrors(filter: unknown): boolean {
  if (filter === AuthErrorFilter) return false;
  return catchesAuthErrors(typeof filter === 'function' ? filter : (filter as object).constructor);
}
