import type { Abstract, Type } from '@nestjs/common';
import { ConfigurationError } from '../core/auth.error.js';
import { injectedProperties } from './injected-properties.js';

/** What an override may and may not be, checked on the instance that Nest made. */
export interface OverridableClass<T extends object = object> {
  base: Type<T>;
  /** The option's name in messages. */
  option: string;
  /** The methods that may be set to `DISABLED`. */
  canDisable: ReadonlySet<string>;
}

/**
 * Finds at boot what would otherwise be an override that is never called.
 * @throws {ConfigurationError} not an instance of the base class; a method that cannot be disabled is;
 * a method with a name that only resembles an overridable one
 */
export function checkOverride(candidate: unknown, { base, option, canDisable }: OverridableClass): void {
  const instance = checkInstance(candidate, base, option);
  const name = instance.constructor.name;
  const methods = methodsOf(base.prototype);
  for (const method of methods) {
    const value = (instance as Record<string, unknown>)[method];
    if (typeof value === 'function' || (value === undefined && canDisable.has(method))) continue;
    throw new ConfigurationError(
      value === undefined
        ? `${option}: ${name}.${method} is DISABLED, but everything else relies on it. Override it with a method instead.`
        : `${option}: ${name}.${method} is ${typeof value}, not a method. Write override async ${method}(input) { … }.`,
    );
  }
  checkInjected(instance, base, option);
  for (const added of addedNames(instance, base)) {
    const meant = methods.find((method) => resembles(added, method));
    const looksLikeApi = canDisable.size > 0 && /(GET|POST|PUT|DELETE)$/.test(added);
    if (meant === undefined && !looksLikeApi) continue;
    throw new ConfigurationError(
      `${option}: ${name}.${added} overrides nothing: ${base.name} has no such method. ` +
        (meant === undefined ? `It has ${methods.join(', ')}.` : `Did you mean ${meant}?`),
    );
  }
}

/** @throws {ConfigurationError} what a factory made, or another module has, is something else */
export function checkInstance<T>(candidate: unknown, base: Type<T> | Abstract<T>, option: string): T {
  if (candidate instanceof base) return candidate;
  throw new ConfigurationError(
    `${option} gave ${kindOf(candidate)} that is not an instance of ${base.name}. ` +
      `Return an instance of a class that extends ${base.name}.`,
  );
}

function kindOf(value: unknown): string {
  if (typeof value === 'function') return `${value.name || 'a function'}, a class or function,`;
  return value !== null && typeof value === 'object' ? 'an object' : String(value);
}

/** What a factory makes has only what the factory gave it, and the properties of the base class. */
function checkInjected(instance: object, base: Type<object>, option: string): void {
  const { name } = instance.constructor;
  const ofBase = new Set(injectedProperties(base).map(({ key }) => key));
  const fields = instance as Record<PropertyKey, unknown>;
  const empty = injectedProperties(instance.constructor).find(
    ({ key }) => !ofBase.has(key) && fields[key] === undefined,
  );
  if (empty === undefined) return;
  throw new ConfigurationError(
    `${option}: ${name}.${String(empty.key)} has @Inject, but Nest did not make this object, so nothing is injected. ` +
      `Give { useClass: ${name} }, or take it in the constructor and name it in inject beside useFactory.`,
  );
}

/** The names of the methods of a class, those it inherits included. */
export function methodsOf(prototype: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name !== 'constructor' && typeof descriptor.value === 'function') names.add(name);
    }
  }
  return [...names];
}

/** Names that a subclass brings: its methods, and own properties that are functions or disabled. */
function addedNames(instance: object, base: Type<object>): string[] {
  const names = new Set<string>();
  for (const [name, value] of Object.entries(instance)) {
    if (typeof value === 'function' || value === undefined) names.add(name);
  }
  for (let at = Object.getPrototypeOf(instance); at !== null && at !== base.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return [...names].filter((name) => name !== 'constructor' && !(name in base.prototype));
}

/** Equal except for case, or one letter away in a name long enough for that to be a slip. */
function resembles(name: string, method: string): boolean {
  if (name.toLowerCase() === method.toLowerCase()) return true;
  return method.length > 4 && isOneEditAway(name, method);
}

function isOneEditAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at);
  return rest === long.slice(at + 1);
}
