import type { Abstract, InjectionToken, OptionalFactoryDependency, Provider, Type } from '@nestjs/common';
import { ConfigurationError } from '../core/auth.error.js';
import { foreignFix } from '../core/foreign-options.js';
import { checkConstructor } from './constructor-check.js';
import { injectedProperties } from './injected-properties.js';
import { checkInstance } from './override-check.js';

/** A class that can be extended, abstract ones too. */
export type Constructor<T> = Type<T>;

/** `(Base) => { class X extends Base { … } return X; }`, with its return type written out. */
export type Mixin<T> = (Base: Constructor<T>) => Constructor<T>;

type InjectList = (InjectionToken | OptionalFactoryDependency)[];

/** A Nest custom provider without its token. */
export type ProviderOverride<T> =
  | { useClass: Type<T> }
  | { useExisting: InjectionToken }
  | {
      /** Makes the service of what `inject` names. */
      useFactory: (...dependencies: never[]) => T | Promise<T>;
      inject?: InjectList;
    };

/** How an application replaces a class: by a subclass, a provider, or mixins (first to last, last outermost). */
export type Override<T> = Type<T> | ProviderOverride<T> | readonly Mixin<T>[];

/**
 * The provider of `token`: the application's override where there is one, else `base`.
 * @param option the option's name in messages, such as `EmailPasswordRecipe override.apis`
 */
export function overrideProvider<T>(
  token: Type<T>,
  base: Type<T>,
  override: Override<T> | undefined,
  option: string,
): Provider {
  if (!Array.isArray(override)) {
    const replacement = override as Type<T> | ProviderOverride<T> | undefined;
    return serviceProvider(token, base, replacement, option, ', or a list of mixins');
  }
  const mixed = applyMixins(base, override as readonly Mixin<T>[], option);
  checkConstructor(mixed, option);
  return { provide: token, useClass: mixed };
}

/** As `overrideProvider`, for what is replaced as a whole and not extended by mixins. */
export function serviceProvider<T>(
  token: Type<T> | Abstract<T>,
  base: Type<T>,
  override: Type<T> | ProviderOverride<T> | undefined,
  option: string,
  otherForms = '',
): Provider {
  if (override === undefined) return { provide: token, useClass: base };
  if (typeof override === 'function') return { provide: token, useClass: subclass(token, override, option) };
  const provider = override as Record<string, unknown> | null;
  if (provider !== null && typeof provider === 'object') {
    if ('useClass' in provider) return { provide: token, useClass: subclass(token, provider.useClass, option) };
    if ('useExisting' in provider && provider.useExisting !== undefined) {
      const useFactory = (existing: unknown) => checkInstance(existing, token, option);
      return { provide: token, inject: [provider.useExisting as InjectionToken], useFactory };
    }
    if ('useFactory' in provider && typeof provider.useFactory === 'function') {
      const inject = (provider.inject ?? []) as InjectList;
      return factoryProvider({ token, factory: provider.useFactory as Factory<T>, inject, option });
    }
  }
  const forms =
    `Give a class that extends ${token.name}${otherForms === '' ? ' or' : ','} a provider ` +
    `({ useClass }, { useExisting } or { useFactory, inject })${otherForms}.`;
  const [foreign] = Object.entries(Object(provider) as object).flatMap(
    ([name, value]) => foreignFix(name, value) ?? [],
  );
  throw new ConfigurationError(`${option} is ${describe(override)}. ${foreign ?? forms}`);
}

type Factory<T> = (...dependencies: unknown[]) => T | Promise<T>;

interface FactoryOverride<T> {
  token: Type<T> | Abstract<T>;
  factory: Factory<T>;
  inject: InjectList;
  option: string;
}

/** Nest does not fill the properties of what a factory makes, and `super` relies on those of the base class. */
function factoryProvider<T>({ token, factory, inject, option }: FactoryOverride<T>): Provider {
  const properties = injectedProperties(token);
  return {
    provide: token,
    inject: [...inject, ...properties.map(({ type }) => type)],
    useFactory: async (...dependencies: unknown[]) => {
      const instance = checkInstance(await factory(...dependencies.slice(0, inject.length)), token, option);
      const fields = instance as Record<PropertyKey, unknown>;
      for (const [at, { key }] of properties.entries()) fields[key] ??= dependencies[inject.length + at];
      return instance;
    },
  };
}

function applyMixins<T>(base: Type<T>, mixins: readonly Mixin<T>[], option: string): Type<T> {
  return mixins.reduce<Type<T>>((Base, mixin, index) => {
    const Mixed: unknown = typeof mixin === 'function' && !isClass(mixin) ? mixin(Base) : undefined;
    if (typeof Mixed === 'function' && (Mixed === Base || Mixed.prototype instanceof Base)) return Mixed as Type<T>;
    throw new ConfigurationError(
      `${option}[${index}] is ${describe(mixin)}, which does not return a class that extends its argument. ` +
        `Write (Base) => { class Mine extends Base { … } return Mine; }.`,
    );
  }, base);
}

function subclass<T>(token: Type<T> | Abstract<T>, candidate: unknown, option: string): Type<T> {
  if (typeof candidate === 'function' && (candidate === token || candidate.prototype instanceof token)) {
    checkConstructor(candidate, option);
    return candidate as Type<T>;
  }
  const foreign = foreignFix(option.slice(option.lastIndexOf('.') + 1), candidate);
  throw new ConfigurationError(
    `${option} is ${describe(candidate)}, which does not extend ${token.name}. Write ` +
      `class Mine extends ${token.name} { … } and override its methods.${foreign === undefined ? '' : ` ${foreign}`}`,
  );
}

function isClass(value: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function describe(value: unknown): string {
  // A function in an option has the option's name, which says nothing.
  if (typeof value === 'function') return isClass(value) ? value.name : 'a function that is not a class';
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object')
    return `an object with ${Object.keys(value).join(', ') || 'no keys'}`;
  return JSON.stringify(value) ?? String(value);
}
