import { createParamDecorator } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { CallSite } from '../../core/call-site.js';
import { guardFirst, noteGuardedMethod } from './guarded-methods.js';
import { readSessionParameter, readSessionProperty, type SessionProperty } from './session-parameter.js';
import { addLevel, ON_CLASS_OR_METHOD, ON_PARAMETER } from './session-requirements.js';
import type { SessionDecoratorOptions } from './session.functions.types.js';

type SessionDecorator = ClassDecorator & MethodDecorator & ParameterDecorator;

const SessionParameter = createParamDecorator(readSessionParameter);
const SessionPropertyParameter = createParamDecorator(readSessionProperty);

/**
 * On a class or a method: requests need a session. On a parameter: they need one, and the parameter is its
 * `SessionContainer`. Options given in several places are merged: the innermost wins for each flag; claim validators, roles,
 * permissions and whatever else recipes offer add up. A place without options changes nothing. Verification comes before the
 * other guards of the same class or method.
 *
 * `@nestjs/common` exports a `Session` of its own, which guards nothing: import this one.
 */
export function Session(options?: SessionDecoratorOptions): SessionDecorator;
/**
 * On a parameter: requests need a session, and the parameter is one property of it, such as its `userId`; `undefined` for a
 * request without a session, where none is required.
 */
export function Session(property: SessionProperty, options?: SessionDecoratorOptions): ParameterDecorator;
export function Session(
  optionsOrProperty?: SessionDecoratorOptions | SessionProperty,
  optionsBeside?: SessionDecoratorOptions,
): SessionDecorator | ParameterDecorator {
  const property = typeof optionsOrProperty === 'string' ? optionsOrProperty : undefined;
  const options = typeof optionsOrProperty === 'string' ? optionsBeside : optionsOrProperty;
  const calledAt = options === undefined ? undefined : new CallSite(Session);
  return ((target: object | Function, key?: string | symbol, at?: number | PropertyDescriptor) => {
    if (typeof at === 'number') {
      guardByParameter('@Session()', options, target, key, calledAt);
      const parameter = property === undefined ? SessionParameter(options) : SessionPropertyParameter(property);
      return parameter(target, key, at);
    }
    if (property !== undefined) throw notAParameter(property, target);
    const guarded = at === undefined ? (target as Function) : (at.value as Function);
    if (options !== undefined) addLevel(ON_CLASS_OR_METHOD, options, guarded, calledAt);
    guardFirst(guarded);
    if (key !== undefined) noteGuardedMethod(target, key, guarded);
  }) as SessionDecorator;
}

/**
 * Guards the handler that a parameter belongs to.
 * @param decorator in messages
 * @throws {ConfigurationError} it is the parameter of a constructor
 */
export function guardByParameter(
  decorator: string,
  options: SessionDecoratorOptions | undefined,
  target: object,
  key: string | symbol | undefined,
  calledAt?: CallSite,
): void {
  if (key === undefined) {
    throw new ConfigurationError(
      `${decorator} stands on a constructor parameter of ${(target as Function).name}. ` +
        'Sessions belong to requests: put it on a parameter of a route handler.',
    );
  }
  const handler = (target as Record<string | symbol, Function>)[key]!;
  addLevel(ON_PARAMETER, options ?? {}, handler, calledAt);
  guardFirst(handler);
  noteGuardedMethod(target, key, handler);
}

function notAParameter(property: string, target: object | Function): ConfigurationError {
  const { name } = typeof target === 'function' ? target : target.constructor;
  return new ConfigurationError(
    `@Session('${property}') of ${name} is not on a parameter, so there is nothing to hand it to. Put it on a parameter of a ` +
      'route handler; on a class or a method, write @Session().',
  );
}
