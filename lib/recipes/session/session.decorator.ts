import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GUARDS_METADATA } from '../../http/nest-metadata.js';
import { ConfigurationError } from '../../core/auth.error.js';
import { SessionContainer } from './session-container.js';
import { SessionGuard } from './session.guard.js';
import { ON_CLASS_OR_METHOD, ON_PARAMETER } from './session-requirements.js';
import type { VerifySessionOptions } from './session.functions.types.js';

type SessionDecorator = ClassDecorator & MethodDecorator & ParameterDecorator;

/** The parameter itself: what the guard put on the request, and nothing that another library put there. */
const SessionParameter = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const { session } = context.switchToHttp().getRequest<{ session?: unknown }>();
  return session instanceof SessionContainer ? session : undefined;
});

/**
 * On a class or a method: requests need a session. On a parameter: they need one, and the parameter is its
 * `SessionContainer`. Options given in several places are merged, the innermost winning for each option;
 * a place without options changes nothing. Verification comes before the other guards of the same class or method.
 *
 * `@nestjs/common` exports a `Session` of its own, which guards nothing: import this one.
 */
export function Session(options?: VerifySessionOptions): SessionDecorator {
  return ((target: object | Function, key?: string | symbol, at?: number | PropertyDescriptor) => {
    if (typeof at === 'number') return guardByParameter(options, target, key, at);
    const guarded = at === undefined ? (target as Function) : (at.value as Function);
    if (options !== undefined) mergeOptions(ON_CLASS_OR_METHOD, options, guarded);
    guardFirst(guarded);
  }) as SessionDecorator;
}

function guardByParameter(
  options: VerifySessionOptions | undefined,
  target: object,
  key: string | symbol | undefined,
  index: number,
): void {
  if (key === undefined) {
    throw new ConfigurationError(
      `@Session() stands on a constructor parameter of ${(target as Function).name}. ` +
        'Sessions belong to requests: put it on a parameter of a route handler.',
    );
  }
  const handler = (target as Record<string | symbol, Function>)[key]!;
  if (options !== undefined) mergeOptions(ON_PARAMETER, options, handler);
  guardFirst(handler);
  SessionParameter()(target, key, index);
}

/** Before the other guards of the same class or method, in whatever order they are written: they may rely on the session. */
function guardFirst(target: Function): void {
  const guards: unknown[] = Reflect.getMetadata(GUARDS_METADATA, target) ?? [];
  const others = guards.filter((guard) => guard !== SessionGuard);
  Reflect.defineMetadata(GUARDS_METADATA, [SessionGuard, ...others], target);
}

/** Onto what the target, or the class that it extends, has already. */
function mergeOptions(metadata: string, options: VerifySessionOptions, target: Function): void {
  // An option that is undefined was not given, and must not erase one that was.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  Reflect.defineMetadata(metadata, { ...Reflect.getMetadata(metadata, target), ...given }, target);
}
