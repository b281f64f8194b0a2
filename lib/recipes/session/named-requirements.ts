import { Inject, Injectable } from '@nestjs/common';
import type { SessionClaimValidator } from '../../claims/session-claim.js';
import {
  type GuardedHandler,
  type OfferedRequirement,
  SESSION_REQUIREMENTS,
  whoOffers,
} from '../../claims/session-requirement.js';
import { ConfigurationError } from '../../core/auth.error.js';
import type { SessionDecoratorOptions } from './session.functions.types.js';

/** Those of the decorator itself; every other one is offered by a recipe. */
const OWN_OPTIONS = {
  sessionRequired: true,
  antiCsrfCheck: true,
  checkDatabase: true,
  overrideGlobalClaimValidators: true,
  dropOuterClaimValidators: true,
} satisfies Partial<Record<keyof SessionDecoratorOptions, true>>;

/** The options of `@Session()` that recipes offer, such as `roles`. */
@Injectable()
export class NamedRequirements {
  @Inject(SESSION_REQUIREMENTS) private readonly offered!: ReadonlyMap<string, OfferedRequirement>;

  /**
   * What a session must meet for the options of one decorator.
   * @throws {ConfigurationError} no recipe in `recipeList` offers one of them
   */
  validatorsOf(options: SessionDecoratorOptions): SessionClaimValidator[] {
    return namedOptions(options).flatMap(([option, value]) => [...this.find(option).validators(value)]);
  }

  /** @throws {ConfigurationError} an option that no recipe offers, or whose value is wrong; `place` is where it is */
  check(options: SessionDecoratorOptions, place: string): void {
    for (const [option, value] of namedOptions(options)) {
      const mistake = this.find(option, place).mistake(value);
      if (mistake !== undefined) throw new ConfigurationError(`${place}: in @Session(), ${option} ${mistake}`);
    }
  }

  /** As `check`, about a handler that those options guard. @throws {ConfigurationError} */
  checkOn(options: SessionDecoratorOptions, handler: GuardedHandler, place: string): void {
    for (const [option, value] of namedOptions(options)) {
      const mistake = this.find(option, place).mistakeOn(value, handler);
      if (mistake !== undefined) throw new ConfigurationError(`${place}: in @Session(), ${option} ${mistake}`);
    }
  }

  private find(option: string, place?: string): OfferedRequirement {
    const requirement = this.offered.get(option);
    if (requirement !== undefined) return requirement;
    const recipe = whoOffers(option);
    const fix =
      recipe === undefined
        ? 'There is no such option. Remove it, or correct its name.'
        : `It needs ${recipe}, without which nobody would be refused. Add ${recipe}.init() to recipeList.`;
    throw new ConfigurationError(`${place === undefined ? '' : `${place}: `}@Session({ ${option} }). ${fix}`);
  }
}

/** Of the options of one decorator. */
export function namedOptions(options: SessionDecoratorOptions): [option: string, value: unknown][] {
  return Object.entries(options).filter(([option]) => !(option in OWN_OPTIONS));
}
