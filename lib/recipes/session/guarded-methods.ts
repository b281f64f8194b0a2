import { GUARDS_METADATA } from '../../http/nest-metadata.js';
import { copyLevels } from './session-requirements.js';
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

/** Puts the guard onto the functions that took the place of guarded ones. To be called before Nest makes the routes. */
export function restoreGuards(controller: Function): void {
  for (
    let prototype: unknown = controller.prototype;
    typeof prototype === 'object' && prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const guarded = Reflect.getOwnMetadata(GUARDED_METHODS, prototype) as GuardedMethods | undefined;
    for (const [key, original] of guarded ?? []) {
      const handler = (prototype as Record<string | symbol, unknown>)[key];
      if (typeof handler !== 'function' || handler === original) continue;
      copyLevels(original, handler);
      guardFirst(handler);
    }
  }
}
