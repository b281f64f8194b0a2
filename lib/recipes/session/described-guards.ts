import { Inject, Injectable } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { describeGuarded } from '../../http/described-routes.js';
import { isAuthController } from '../../http/is-auth-route.js';
import { PATH_METADATA } from '../../http/nest-metadata.js';
import { OPEN_API, type OpenApiOption } from '../../http/openapi.options.js';
import { GuardedRoutes } from './guarded-routes.js';
import { asksForSession, readSessionRequirements, verifiesSessions } from './session-requirements.js';

/**
 * Tells documents of the API which routes of the application a session opens, by `@Session()`, by `@UseGuards()` or by a global
 * guard that is a provider. Done while everything is made: documents are made before an application listens.
 */
@Injectable()
export class DescribedGuards {
  /** @param _guardedRoutes has put guards back onto methods that had lost theirs */
  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(OPEN_API) options: OpenApiOption,
    @Inject(GuardedRoutes) _guardedRoutes: GuardedRoutes,
  ) {
    if (options === false) return;
    const all = [...modules.values()];
    const isGlobal = all.some(({ providers }) => [...providers.values()].some(isGlobalSessionGuard));
    for (const controller of all.flatMap(({ controllers }) =>
      [...controllers.values()].map(({ metatype }) => metatype),
    )) {
      if (typeof controller !== 'function' || isAuthController(controller)) continue;
      for (const handler of handlersOf(controller)) {
        if (!isGlobal && !asksForSession(controller) && !asksForSession(handler)) continue;
        const requirements = readSessionRequirements(controller, handler);
        if (requirements.isPublic) continue;
        describeGuarded(handler, options, { isOptional: requirements.options.sessionRequired === false });
      }
    }
  }
}

function handlersOf(controller: Function): Function[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => prototype[name])
    .filter(
      (handler): handler is Function => typeof handler === 'function' && Reflect.hasMetadata(PATH_METADATA, handler),
    );
}

/** By `APP_GUARD`, with `useClass` or `useExisting`. */
function isGlobalSessionGuard({ subtype, metatype, inject }: InstanceWrapper): boolean {
  return subtype === 'guard' && [metatype, ...(inject ?? [])].some(verifiesSessions);
}
