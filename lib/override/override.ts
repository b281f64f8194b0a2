import type { Abstract, InjectionToken, OptionalFactoryDependency, Provider, Type } from '@nestjs/common';
import { ConfigurationError } from '../core/auth.error.js';

export type Constructor<T> = Type<T>;

/** `(Base) => { class X extends Base { … } return X; }`, with its return type written out. */
export type Mixin<T> = (Base: Constructor<T>) => Constructor<T>;

type InjectList = (InjectionToken | OptionalFactoryDependency)[];

/** A Nest custom provider without its token. */
export type ProviderOverride<T> =
  | { useClass: Type<T> }
  | { useExisting: InjectionToken }
  | { useFactory: (...dependencies: never[]) => T | Promise<T>; inject?: InjectList };

/** How an application replaces a class: by a subclass, a provider, or mixins (first to last, last outermost). */
export type Override<T> = Type<T> | ProviderOverride<T> | readonly Mixin<T>[];

/**
 * The provider of `token`: the application's override where there is one, else `base`.
 * @param option the option's name in messages, such as `EmailPasswordRecipe override.apis`
 */
export function overrideProvider<T>(
  token: Type<T> | Abstract<T>,
  base: Type<T>,
  override: Override<T> | undefined,
  option: string,
): Provider {
  if (override === undefined) return { provide: token, useClass: base };
  if (Array.isArray(override)) return { provide: token, useClass: applyMixins(base, override, option) };
  if (typeof override === 'function') return { provide: token, useClass: subclass(token, override as Type<T>, option) };
  const provider = override as Record<string, unknown> | null;
  if (provider !== null && typeof provider === 'object') {
    if ('useClass' in provider) return { provide: token, useClass: subclass(token, provider.useClass, option) };
    if ('useExisting' in provider && provider.useExisting !== undefined) {
      return { provide: token, useExisting: provider.useExisting as InjectionToken };
    }
    if ('useFactory' in provider && typeof provider.useFactory === 'function') {
      return {
        provide: token,
        useFactory: provider.useFactory as (...dependencies: unknown[]) => T,
        inject: (provider.inject ?? []) as InjectList,
      };
    }
  }
  throw new ConfigurationError(
    `${option} is ${describe(override)}. Give a class that extends ${token.name}, a provider ` +
      `({ useClass }, { useExisting } or { useFactory, inject }), or a list of mixins.`,
  );
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
    return candidate as Type<T>;
  }
  throw new ConfigurationError(
    `${option} is ${describe(candidate)}, which does not extend ${token.name}. Write ` +
      `class Mine extends ${token.name} { … } and override its methods.`,
  );
}

function isClass(value: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function describe(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'an anonymous function' : value.name;
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object')
    return `an object with ${Object.keys(value).join(', ') || 'no keys'}`;
  return JSON.stringify(value) ?? String(value);
}
