import { createParamDecorator } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { guardFirst, noteGuardedMethod } from './guarded-methods.js';
import { readSessionParameter } from './session-parameter.js';
import { addLevel, ON_CLASS_OR_METHOD, ON_PARAMETER } from './session-requirements.js';
import type { SessionDecoratorOptions } from './session.functions.types.js';

type SessionDecorator = ClassDecorator & MethodDecorator & ParameterDecorator;

const SessionParameter = createParamDecorator(readSessionParameter);

/**
 * On a class or a method: requests need a session. On a parameter: they need one, and the parameter is its
 * `SessionContainer`. Options given in several places are merged: the innermost wins for each flag, and claim validators
 * add up. A place without options changes nothing. Verification comes before the other guards of the same class or method.
 *
 * `@nestjs/common` exports a `Session` of its own, which guards nothing: import this one.
 */
export function Session(options?: SessionDecoratorOptions): SessionDecorator {
  return ((target: object | Function, key?: string | symbol, at?: number | PropertyDescriptor) => {
    if (typeof at === 'number') return guardByParameter(options, target, key, at);
    const guarded = at === undefined ? (target as Function) : (at.value as Function);
    if (options !== undefined) addLevel(ON_CLASS_OR_METHOD, options, guarded);
    guardFirst(guarded);
    if (key !== undefined) noteGuardedMethod(target, key, guarded);
  }) as SessionDecorator;
}

function guardByParameter(
  options: SessionDecoratorOptions | undefined,
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
  addLevel(ON_PARAMETER, options ?? {}, handler);
  guardFirst(handler);
  noteGuardedMethod(target, key, handler);
  SessionParameter(options)(target, key, index);
}
