import { Logger, type InjectionToken, type Provider } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import type { BootCheckOptions } from './boot-check.js';
import { OPTIONAL_DEPS_METADATA, PARAMTYPES_METADATA, SELF_DECLARED_DEPS_METADATA } from './http/nest-metadata.js';
import { injectedProperties } from './override/injected-properties.js';
import type { Recipe } from './recipes/recipe.js';

type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;
type Wrapper = NestModule['providers'] extends Map<unknown, infer W> ? W : never;

/**
 * Says which module lacks an export, or which one `forRoot({ imports })` lacks, where an override injects what it cannot see: Nest
 * names neither. It is a line in the log before Nest's own error, which leaves no way to replace it.
 */
export function dependencyCheckProvider(options: BootCheckOptions): Provider {
  return {
    provide: Symbol('latchkey.dependency-check'),
    inject: [ModuleRef],
    useFactory: (moduleRef: ModuleRef) =>
      checkDependencies([...moduleRef.get(ModulesContainer, { strict: false }).values()], options),
  };
}

function checkDependencies(modules: NestModule[], options: BootCheckOptions): void {
  const auth = modules.find(({ metatype }) => metatype === options.module);
  if (auth === undefined) return;
  for (const [token, wrapper] of auth.providers) {
    for (const dependency of dependenciesOf(wrapper)) {
      if (isVisible(dependency, auth)) continue;
      const owner = ownerOf(dependency, modules, auth);
      // What nobody provides is Nest's to say, or is mocked in a test.
      if (owner === undefined) continue;
      const option = optionOf(token, options.recipes);
      const needs = wrapper.inject ? option : `${option}: ${wrapper.name}`;
      const fix = fixFor(dependency, owner, auth);
      new Logger('Latchkey').error(`${needs} needs ${nameOf(dependency)}, ${fix}`);
    }
  }
}

/** Those that Nest must find. */
function dependenciesOf({ inject, metatype }: Wrapper): InjectionToken[] {
  if (inject) return inject.map(tokenOf).filter(isToken);
  if (typeof metatype !== 'function') return [];
  const metadata = <T>(key: string) => (Reflect.getMetadata(key, metatype) ?? []) as T[];
  const parameters = [...metadata<unknown>(PARAMTYPES_METADATA)];
  for (const { index, param } of metadata<{ index: number; param: unknown }>(SELF_DECLARED_DEPS_METADATA)) {
    parameters[index] = param;
  }
  for (const index of metadata<number>(OPTIONAL_DEPS_METADATA)) parameters[index] = undefined;
  const properties = injectedProperties(metatype).map(({ type }) => type);
  return [...parameters, ...properties].map(tokenOf).filter(isToken);
}

/** Behind `forwardRef`, and behind `{ token, optional: false }` of a factory. */
function tokenOf(item: unknown): unknown {
  if (item === null || typeof item !== 'object') return item;
  if ('forwardRef' in item) return (item.forwardRef as () => unknown)();
  return 'token' in item && !('optional' in item && item.optional) ? tokenOf(item.token) : undefined;
}

function isToken(token: unknown): token is InjectionToken {
  return typeof token === 'function' || typeof token === 'string' || typeof token === 'symbol';
}

/** By Nest's own rule: what a module has, what those that it imports export, and what these export of theirs. */
function isVisible(token: InjectionToken, { providers, imports }: NestModule): boolean {
  const seen = new Set<NestModule>();
  const isExported = (module: NestModule): boolean => {
    if (seen.has(module)) return false;
    seen.add(module);
    if (module.exports.has(token) && module.providers.has(token)) return true;
    return [...module.imports].some((child) => module.exports.has(child.metatype) && isExported(child));
  };
  return providers.has(token) || [...imports].some(isExported);
}

function ownerOf(token: InjectionToken, modules: NestModule[], auth: NestModule): NestModule | undefined {
  const owners = modules.filter(({ providers }) => providers.has(token));
  return (
    owners.find((owner) => auth.imports.has(owner)) ?? owners.find(({ exports }) => exports.has(token)) ?? owners[0]
  );
}

function fixFor(token: InjectionToken, owner: NestModule, auth: NestModule): string {
  const [name, module] = [nameOf(token), owner.metatype.name];
  const addExport = `exports: [${name}] to @Module({ … }) of ${module}`;
  const addImport = `imports: [${module}] to the options of AuthModule`;
  if (auth.imports.has(owner)) return `which ${module} provides and does not export. Add ${addExport}.`;
  const notImported = `which ${module} provides, and AuthModule does not import that module`;
  return owner.exports.has(token)
    ? `${notImported}. Add ${addImport}.`
    : `${notImported}, which does not export it either. Add ${addImport}, and ${addExport}.`;
}

function optionOf(token: InjectionToken, recipes: readonly Recipe[]): string {
  for (const { definition } of recipes) {
    if (token === definition.api) return `${definition.name} override.apis`;
    if (token === definition.functions) return `${definition.name} override.functions`;
  }
  return `the provider ${nameOf(token)}`;
}

function nameOf(token: InjectionToken): string {
  return typeof token === 'function' ? token.name : String(token);
}
