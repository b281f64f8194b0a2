import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ConfigurationError } from '../../core/auth.error.js';
import { handlerPaths, outerPath } from '../../http/handler-paths.js';
import { letsOthersIn } from './any-of.js';
import { NamedRequirements, namedOptions } from './named-requirements.js';
import { callSiteOf, guardsOf, levelsAround, levelsOfMethod, readSessionRequirements } from './session-requirements.js';

/** Finds at boot what `@Session()` asks for and would not get: a guard that asks for nothing lets everybody in. */
@Injectable()
export class RequirementCheck implements OnModuleInit {
  @Inject(ModulesContainer) private readonly modules!: ModulesContainer;
  @Inject(ApplicationConfig) private readonly application!: ApplicationConfig;
  @Inject(NamedRequirements) private readonly named!: NamedRequirements;

  /** @throws {ConfigurationError} which names the class and the method, and begins with the line of the decorator */
  onModuleInit(): void {
    const outerPaths = new Map<Function, string>();
    for (const module of this.modules.values()) {
      const outer = outerPath(this.application, this.modules, module.metatype);
      for (const { metatype } of [...module.controllers.values(), ...module.providers.values()]) {
        if (typeof metatype === 'function' && metatype.prototype !== undefined) outerPaths.set(metatype, outer);
      }
    }
    const letsAnyIn = [...outerPaths.keys()].some(letsOthersIn);
    for (const [metatype, outer] of outerPaths) this.checkClass(metatype, outer, letsAnyIn);
  }

  private checkClass(controller: Function, outer: string, letsAnyIn: boolean): void {
    for (const level of levelsAround(controller)) {
      callSiteOf(level)?.blame(() => this.named.check(level, controller.name));
    }
    for (const name of new MetadataScanner().getAllMethodNames(controller.prototype as object)) {
      const method = (controller.prototype as Record<string, unknown>)[name];
      if (typeof method !== 'function') continue;
      this.checkMethod(controller, method, name, letsAnyIn);
      this.checkHandler(controller, method, name, outer);
    }
  }

  /** What the decorators around a handler ask for, and its path may not have. */
  private checkHandler(controller: Function, method: Function, name: string, outer: string): void {
    const levels = [...levelsAround(controller), ...levelsOfMethod(method)];
    const from = levels.findLastIndex(({ dropOuterClaimValidators }) => dropOuterClaimValidators);
    const asking = levels.slice(Math.max(from, 0)).filter((level) => namedOptions(level).length > 0);
    if (asking.length === 0 || readSessionRequirements(controller, method).isPublic) return;
    const handler = { paths: handlerPaths(controller, method, outer) };
    for (const level of asking) {
      callSiteOf(level)?.blame(() => this.named.checkOn(level, handler, `${controller.name}.${name}`));
    }
  }

  private checkMethod(controller: Function, method: Function, name: string, letsAnyIn: boolean): void {
    const place = `${controller.name}.${name}`;
    const ofMethod = levelsOfMethod(method);
    for (const level of ofMethod) callSiteOf(level)?.blame(() => this.named.check(level, place));

    const guards = [...guardsOf(controller), ...guardsOf(method)];
    if (guards.length === 0 || guards.some(letsOthersIn)) return;
    const asking = [...levelsAround(controller), ...ofMethod].find((level) => namedOptions(level).length > 0);
    if (asking === undefined || letsAnyIn) return;
    if (readSessionRequirements(controller, method).options.sessionRequired !== false) return;
    const [[option] = ['']] = namedOptions(asking);
    const problem = new ConfigurationError(
      `${place}: @Session() asks for ${option}, and lets requests in without a session, of which nothing is asked. Remove ` +
        'sessionRequired: false, or write AnyOf(SessionGuard, YourGuard) for those who come without one.',
    );
    callSiteOf(asking)?.blame(() => {
      throw problem;
    });
  }
}
