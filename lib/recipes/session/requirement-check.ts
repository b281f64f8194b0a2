import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ConfigurationError } from '../../core/auth.error.js';
import { letsOthersIn } from './any-of.js';
import { NamedRequirements, namedOptions } from './named-requirements.js';
import { callSiteOf, guardsOf, levelsAround, levelsOfMethod, readSessionRequirements } from './session-requirements.js';

/** Finds at boot what `@Session()` asks for and would not get: a guard that asks for nothing lets everybody in. */
@Injectable()
export class RequirementCheck implements OnModuleInit {
  @Inject(ModulesContainer) private readonly modules!: ModulesContainer;
  @Inject(NamedRequirements) private readonly named!: NamedRequirements;

  /** @throws {ConfigurationError} which names the class and the method, and begins with the line of the decorator */
  onModuleInit(): void {
    const classes = [...this.modules.values()].flatMap((module) =>
      [...module.controllers.values(), ...module.providers.values()].map(({ metatype }) => metatype),
    );
    const letsAnyIn = classes.some(letsOthersIn);
    for (const metatype of new Set(classes)) {
      if (typeof metatype === 'function' && metatype.prototype !== undefined) this.checkClass(metatype, letsAnyIn);
    }
  }

  private checkClass(controller: Function, letsAnyIn: boolean): void {
    for (const level of levelsAround(controller)) {
      callSiteOf(level)?.blame(() => this.named.check(level, controller.name));
    }
    for (const name of new MetadataScanner().getAllMethodNames(controller.prototype as object)) {
      const method = (controller.prototype as Record<string, unknown>)[name];
      if (typeof method === 'function') this.checkMethod(controller, method, name, letsAnyIn);
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
