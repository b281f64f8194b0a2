import type { CanActivate, Type } from '@nestjs/common';
import type { SessionClaimValidator } from '../../claims/session-claim.js';
import type { CallSite } from '../../core/call-site.js';
import { type MaybePromise, whenThere } from '../../core/maybe-promise.js';
import { GUARDS_METADATA } from '../../http/nest-metadata.js';
import { PUBLIC_ACCESS } from '../../http/public-access.decorator.js';
import { namedOptions } from './named-requirements.js';
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
 * validators add up, and so does what recipes offer, such as roles. A method that asks for a session is not public because its
 * controller is.
 * @param validatorsOf what such options of one level ask for
 */
export function readSessionRequirements(
  controller: Function,
  handler: Function,
  validatorsOf: (level: SessionDecoratorOptions) => SessionClaimValidator[] = () => [],
): SessionRequirements {
  const levels = [...levelsAround(controller), ...levelsOfMethod(handler)];
  const isOpen = isPublic(controller) && !asksForSession(handler);
  return { isPublic: isPublic(handler) || isOpen, options: combine(levels, validatorsOf) };
}

/** What stands on a class, and on those that it extends. */
export function levelsAround(controller: Function): SessionDecoratorOptions[] {
  return levelsOf(ON_CLASS_OR_METHOD, controller);
}

/** What stands on a method and its parameters. */
export function levelsOfMethod(handler: Function): SessionDecoratorOptions[] {
  return [...levelsOf(ON_CLASS_OR_METHOD, handler), ...levelsOf(ON_PARAMETER, handler)];
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

/** Where the decorators are whose options have to be checked at boot. */
const callSites = new WeakMap<SessionDecoratorOptions, CallSite>();

/** @returns undefined for options that ask for nothing that a recipe offers */
export function callSiteOf(level: SessionDecoratorOptions): CallSite | undefined {
  return callSites.get(level);
}

/**
 * Adds a level to those that the target, or the class that it extends, has already.
 * @param calledAt where the decorator is
 */
export function addLevel(
  metadata: string,
  options: SessionDecoratorOptions,
  target: Function,
  calledAt?: CallSite,
): void {
  // An option that is undefined was not given, and must not erase one that was.
  const level = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (calledAt !== undefined && namedOptions(level).length > 0) callSites.set(level, calledAt);
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

type Override = NonNullable<VerifySessionOptions['overrideGlobalClaimValidators']>;

function combine(
  levels: SessionDecoratorOptions[],
  validatorsOf: (level: SessionDecoratorOptions) => SessionClaimValidator[],
): VerifySessionOptions {
  const { sessionRequired, antiCsrfCheck, checkDatabase } = Object.assign({}, ...levels) as SessionDecoratorOptions;
  const flags = withoutUndefined({ sessionRequired, antiCsrfCheck, checkDatabase });
  const from = levels.findLastIndex(({ dropOuterClaimValidators }) => dropOuterClaimValidators);
  const overrides = levels
    .slice(Math.max(from, 0))
    .map((level) => withNamed(level, validatorsOf(level)))
    .filter((override) => override !== undefined);
  const [first, ...others] = overrides;
  if (first === undefined) return { ...flags, overrideGlobalClaimValidators: undefined };
  return { ...flags, overrideGlobalClaimValidators: others.reduce(inside, first) };
}

function withoutUndefined(flags: VerifySessionOptions): VerifySessionOptions {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

/** What a level asks for by its own function, and by what recipes offer. */
function withNamed(
  { overrideGlobalClaimValidators: override }: SessionDecoratorOptions,
  named: SessionClaimValidator[],
): Override | undefined {
  if (named.length === 0) return override;
  if (override === undefined) return (validators) => [...validators, ...named];
  return (...input) => whenThere(override(...input), (validators) => [...validators, ...named]);
}

/** Each is given what the levels around it ask for, and can only add to that. Nothing waits that need not. */
function inside(outer: Override, inner: Override): Override {
  return (globalClaimValidators, session, userContext) =>
    whenThere(outer(globalClaimValidators, session, userContext), (validators): MaybePromise<SessionClaimValidator[]> =>
      whenThere(inner([...validators], session, userContext), (added) => [...new Set([...validators, ...added])]),
    );
}
