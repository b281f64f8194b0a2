import { ConfigurationError } from '../../core/auth.error.js';
import { GUARDS_METADATA } from '../../http/nest-metadata.js';
import { letsOthersIn } from './any-of.js';
import { asksForSession, copyLevels, guardsOf, isPublic } from './session-requirements.js';
import { SessionGuard } from './session.guard.js';

const GUARDED_METHODS = 'latchkey:guarded-methods';

type GuardedMethods = ReadonlyMap<string | symbol, Function>;

/** Before the other guards of the same class or method, in whatever order they are written: they may rely on the session. */
export function guardFirst(target: Function): void {
  const guards: unknown[] = Reflect.getMetadata(GUARDS_METADATA, target) ?? [];
  const others = guards.filter((guard) => guard !== SessionGuard);
  Reflect.defineMetadata(GUARDS_METADATA, [SessionGuard, ...others], target);
}

/**
 * `AnyOf` before the guard that `@Session()` has put first: a bad session must not refuse those whom another guard lets in. It
 * tells that guard what it has found.
 */
export function alternativesFirst(target: Function): void {
  const guards = guardsOf(target);
  if (!guards.includes(SessionGuard) || !guards.some(letsOthersIn)) return;
  const others = guards.filter((guard) => !letsOthersIn(guard));
  Reflect.defineMetadata(GUARDS_METADATA, [...guards.filter(letsOthersIn), ...others], target);
}

/**
 * Metadata lies on the function of a method. A decorator above `@Session()` that replaces the function, for caching or
 * transactions say, would leave the guard behind: so the class knows, too, which of its methods are guarded.
 */
export function noteGuardedMethod(prototype: object, key: string | symbol, handler: Function): void {
  Reflect.defineMetadata(
    GUARDED_METHODS,
    new Map([
      ...((Reflect.getOwnMetadata(GUARDED_METHODS, prototype) as GuardedMethods | undefined) ?? []),
      [key, handler],
    ]),
    prototype,
  );
}

/**
 * Puts the guard onto the functions that took the place of guarded ones: by a decorator, or by a subclass that overrides
 * the method and says nothing of its own. To be called before Nest makes the routes.
 * @returns whether there was one
 */
export function restoreGuards(controller: Function): boolean {
  let isRestored = false;
  for (const prototype of prototypesOf(controller)) {
    const guarded = Reflect.getOwnMetadata(GUARDED_METHODS, prototype) as GuardedMethods | undefined;
    for (const [key, original] of guarded ?? []) {
      for (const holder of prototypesOf(controller)) {
        isRestored = guardAgain(holder, key, original, prototype) || isRestored;
        if (holder === prototype) break;
      }
    }
  }
  return isRestored;
}

function guardAgain(holder: object, key: string | symbol, original: Function, guarded: object): boolean {
  const handler: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  if (typeof handler !== 'function' || handler === original) return false;
  const decides = isPublic(handler) || isPublic(holder.constructor) || asksForSession(handler);
  if (holder !== guarded && decides) return false;
  assertKeepsAlternatives(original, handler, `${holder.constructor.name}.${String(key)}`);
  copyLevels(original, handler);
  guardFirst(handler);
  return true;
}

/** Without `AnyOf` its route would be open, since it allows for requests without a session. */
function assertKeepsAlternatives(original: Function, handler: Function, name: string): void {
  const lost = guardsOf(original).find((guard) => letsOthersIn(guard) && !guardsOf(handler).includes(guard));
  if (lost === undefined) return;
  throw new ConfigurationError(
    `${name} takes the place of a method that ${(lost as Function).name} guards, and has lost that guard. Write ` +
      '@UseGuards() above what replaces the method, and on methods that override it.',
  );
}

/** From the class itself to the outermost that it extends. */
function* prototypesOf(controller: Function): Generator<object> {
  let prototype: unknown = controller.prototype;
  while (typeof prototype === 'object' && prototype !== null) {
    yield prototype;
    prototype = Object.getPrototypeOf(prototype);
  }
}
