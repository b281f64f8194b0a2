import type { InjectionToken } from '@nestjs/common';
import type { SessionClaimValidator } from './session-claim.js';

/**
 * What `@Session()` takes beside its own options, such as `roles`. A recipe adds its own by declaration merging, and says in its
 * definition what they mean: see `SessionRequirement`.
 */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface SessionRequirementOptions {}

/** A service of the application by its token, such as one of the recipe's `providers`. */
export type FindService = <T>(token: InjectionToken<T>) => T;

/** A handler that a decorator guards, by itself or by its class. */
export interface GuardedHandler {
  /** Its HTTP paths, as the code writes them, such as `/:tenantId/invoices`; empty where it is no HTTP route. */
  paths: readonly string[];
}

/** A requirement that a recipe offers to `@Session()`. */
export interface SessionRequirement<Config> {
  /** Its name among the options of the decorator. */
  option: string;
  /**
   * Asked at boot about the value in each decorator.
   * @returns what is wrong with it, to be read after the option, and the fix; undefined for a good one
   */
  mistake?(value: unknown, config: Config): string | undefined;
  /**
   * Asked at boot about each handler that the decorator guards.
   * @returns as `mistake`
   */
  mistakeOn?(value: unknown, handler: GuardedHandler, service: FindService): string | undefined;
  /** What a session must meet for a value. Asked once for each decorator, not for each request. */
  validators(value: unknown, config: Config, service: FindService): readonly SessionClaimValidator[];
}

/** A requirement of a recipe in `recipeList`, with the recipe's options. */
export interface OfferedRequirement {
  mistake(value: unknown): string | undefined;
  mistakeOn(value: unknown, handler: GuardedHandler): string | undefined;
  validators(value: unknown): readonly SessionClaimValidator[];
}

/** The token of those requirements: a map, by option. */
export const SESSION_REQUIREMENTS = Symbol('latchkey.session-requirements');

/** Which recipe offers what, whether or not an application lists it: known as soon as the recipe is defined, for messages. */
const offering = new Map<string, string>();

/** @param recipeName such as `UserRolesRecipe` */
export function noteOffering(recipeName: string, requirements: readonly { option: string }[]): void {
  for (const { option } of requirements) offering.set(option, recipeName);
}

/** @returns the name of the recipe that offers the option */
export function whoOffers(option: string): string | undefined {
  return offering.get(option);
}
