import type { CanActivate, Type } from '@nestjs/common';
import { GUARDS_METADATA } from '../../http/nest-metadata.js';
import { PUBLIC_ACCESS } from '../../http/public-access.decorator.js';
import type { SessionDecoratorOptions, VerifySessionOptions } from './session.functions.types.js';

/** Lists of options, one for each time that the decorator stands on the target or on a class that it extends. */
export const ON_CLASS_OR_METHOD = 'latchkey:session-options';
export const ON_PARAMETER = 'latchkey:session-parameter-options';
/** On classes of guards that let nobody in without a session, and on those that extend them. */
export const VERIFIES_SESSIONS = 'latchkey:verifies-sessions';

/** What a route asks of a request's session. */
export interface SessionRequirements {
  /** By `@PublicAccess()`: nobody looks for a session. */
  isPublic: boolean;
  /** Those of class, method and parameter, merged. */
  options: VerifySessionOptions;
}

/**
 * What the class, the method and its parameters ask of a request together. Of each flag the innermost wins; claim
 * validators add up. A method that asks for a session is not public because its controller is.
 */
export function readSessionRequirements(controller: Function, handler: Function): SessionRequirements {
  const levels = [
    ...levelsOf(ON_CLASS_OR_METHOD, controller),
    ...levelsOf(ON_CLASS_OR_METHOD, handler),
    ...levelsOf(ON_PARAMETER, handler),
  ];
  const isOpen = isPublic(controller) && !asksForSession(handler);
  return { isPublic: isPublic(handler) || isOpen, options: combine(levels) };
}

/** Only where it is said on the target itself: a class is not open because the one that it extends is. */
export function isPublic(target: Function): boolean {
  return Reflect.getOwnMetadata(PUBLIC_ACCESS, target) === true;
}

/** Whether the target itself asks for a session, by `@Session()` or by naming the guard. */
export function asksForSession(target: Function): boolean {
  return guardsOf(target).some(verifiesSessions);
}

/** What `@UseGuards()` and `@Session()` on the target itself name. */
export function guardsOf(target: Function): unknown[] {
  return (Reflect.getOwnMetadata(GUARDS_METADATA, target) as unknown[] | undefined) ?? [];
}

export function verifiesSessions(guard: unknown): guard is Type<CanActivate> {
  return typeof guard === 'function' && Reflect.getMetadata(VERIFIES_SESSIONS, guard) === true;
}

/** Adds a level to those that the target, or the class that it extends, has already. */
export function addLevel(metadata: string, options: SessionDecoratorOptions, target: Function): void {
  // An option that is undefined was not given, and must not erase one that was.
  const level = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  Reflect.defineMetadata(metadata, [...levelsOf(metadata, target), level], target);
}

/** Onto the function that took the place of another one, which may have some of them already. */
export function copyLevels(from: Function, to: Function): void {
  for (const metadata of [ON_CLASS_OR_METHOD, ON_PARAMETER]) {
    const levels = new Set([...levelsOf(metadata, from), ...levelsOf(metadata, to)]);
    if (levels.size > 0) Reflect.defineMetadata(metadata, [...levels], to);
  }
}

export function hasParameterLevel(handler: Function): boolean {
  return Reflect.hasOwnMetadata(ON_PARAMETER, handler);
}

function levelsOf(metadata: string, target: Function): SessionDecoratorOptions[] {
  return (Reflect.getMetadata(metadata, target) as SessionDecoratorOptions[] | undefined) ?? [];
}

function combine(levels: SessionDecoratorOptions[]): VerifySessionOptions {
  const { dropOuterClaimValidators: _, ...flags } = Object.assign({}, ...levels) as SessionDecoratorOptions;
  const from = levels.findLastIndex(({ dropOuterClaimValidators }) => dropOuterClaimValidators);
  const overrides = levels
    .slice(Math.max(from, 0))
    .map(({ overrideGlobalClaimValidators }) => overrideGlobalClaimValidators)
    .filter((override) => override !== undefined);
  const [first, ...others] = overrides;
  if (first === undefined) return { ...flags, overrideGlobalClaimValidators: undefined };
  if (others.length === 0) return { ...flags, overrideGlobalClaimValidators: first };
  return {
    ...flags,
    async overrideGlobalClaimValidators(globalClaimValidators, session, userContext) {
      let validators = await first(globalClaimValidators, session, userContext);
      for (const override of others) {
        // Each is given what the levels around it ask for, and can only add to that.
        const added = await override([...validators], session, userContext);
        validators = [...new Set([...validators, ...added])];
      }
      return validators;
    },
  };
}
