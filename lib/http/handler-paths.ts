import type { Type } from '@nestjs/common';
import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { MODULE_PATH, PATH_METADATA } from './nest-metadata.js';

type Paths = string | string[] | undefined;

/**
 * The HTTP paths of a handler as the code writes them, with its parameters, such as `/:tenantId/invoices`.
 * @param outer what stands before the paths of its controller: see `outerPath`
 * @returns none where it is no HTTP route
 */
export function handlerPaths(controller: Function, handler: Function, outer: string): string[] {
  const ofHandler = Reflect.getMetadata(PATH_METADATA, handler) as Paths;
  if (ofHandler === undefined) return [];
  const ofController = Reflect.getMetadata(PATH_METADATA, controller) as Paths;
  return [ofController ?? ''].flat().flatMap((base) => [ofHandler].flat().map((path) => join(outer, base, path)));
}

/** The global prefix, and the path that `RouterModule` has given to a module. */
export function outerPath(application: ApplicationConfig, modules: ModulesContainer, metatype: Type): string {
  const path = (Reflect.getMetadata(MODULE_PATH + modules.applicationId, metatype) ??
    Reflect.getMetadata(MODULE_PATH, metatype)) as string | undefined;
  return join(application.getGlobalPrefix(), path ?? '');
}

function join(...paths: string[]): string {
  const segments = paths.flatMap((path) => path.split('/')).filter((segment) => segment !== '');
  return `/${segments.join('/')}`;
}
