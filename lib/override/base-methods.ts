import type { Type } from '@nestjs/common';
import { methodsOf } from './override-check.js';

/**
 * What the methods of `Base` do where `instance` overrides them all: to be called by the overriding ones in place of
 * `super`, which they cannot reach from another class. They call one another on `instance`, so overridden.
 */
export function baseMethods<T extends object>(Base: Type<T>, instance: T): T {
  const methods = Object.create(Base.prototype) as Record<string, unknown>;
  for (const name of methodsOf(Base.prototype)) {
    const method = (Base.prototype as Record<string, Function>)[name]!;
    methods[name] = method.bind(instance);
  }
  return methods as T;
}
