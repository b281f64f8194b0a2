import type { Type } from '@nestjs/common';
import { methodsOf } from './override-check.js';

/** A method that the application overrides. */
export interface OverriddenMethod {
  /** Such as `EmailPasswordRecipe`. */
  recipe: string;
  layer: 'apis' | 'functions';
  /** Such as `signUpPOST`. */
  method: string;
  /** The classes that have the method: the one that is called first, then those that its `super` leads to, ours last. */
  classes: string[];
  isDisabled: boolean;
}

/** What the application overrides, by recipe. */
export abstract class OverriddenMethods {
  /** The names of all recipes. */
  abstract readonly recipes: string[];
  abstract readonly overrides: OverriddenMethod[];
}

/**
 * @param instance as Nest made it
 * @param base the class that it extends
 * @returns the methods of the base that are others in the instance, by name
 */
export function overriddenIn(
  instance: object,
  base: Type<object>,
): Pick<OverriddenMethod, 'method' | 'classes' | 'isDisabled'>[] {
  return methodsOf(base.prototype)
    .map((method) => ({
      method,
      classes: ownersOf(instance, base, method),
      isDisabled: isDisabledIn(instance, method),
    }))
    .filter(({ classes, isDisabled }) => classes.length > 1 || isDisabled)
    .sort((one, other) => (one.method < other.method ? -1 : 1));
}

function isDisabledIn(instance: object, method: string): boolean {
  return (instance as Record<string, unknown>)[method] === undefined;
}

function ownersOf(instance: object, base: Type<object>, method: string): string[] {
  const owners: string[] = [];
  // DISABLED is a property of the object itself; tracing puts functions there, which are nobody's override.
  if (Object.hasOwn(instance, method) && isDisabledIn(instance, method)) owners.push(instance.constructor.name);
  for (let at = Object.getPrototypeOf(instance); at !== null && at !== base.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, method)) owners.push(at.constructor.name);
  }
  return [...owners, base.name];
}
