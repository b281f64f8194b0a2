import { GUARDS_METADATA } from '../../http/nest-metadata.js';
import { PUBLIC_ACCESS } from '../../http/public-access.decorator.js';
import type { VerifySessionOptions } from './session.functions.types.js';

export const ON_CLASS_OR_METHOD = 'latchkey:session-options';
export const ON_PARAMETER = 'latchkey:session-parameter-options';

export interface SessionRequirements {
  isPublic: boolean;
  options: VerifySessionOptions;
}

/**
 * What the class, the method and its parameters ask of a request together; the innermost wins for each option.
 * @param guard a method that names it, or a subclass, is not public because its controller is
 */
export function readSessionRequirements(controller: Function, handler: Function, guard: Function): SessionRequirements {
  const given = [
    Reflect.getMetadata(ON_CLASS_OR_METHOD, controller),
    Reflect.getMetadata(ON_CLASS_OR_METHOD, handler),
    Reflect.getMetadata(ON_PARAMETER, handler),
  ] as (VerifySessionOptions | undefined)[];
  const guards: unknown[] = Reflect.getMetadata(GUARDS_METADATA, handler) ?? [];
  const asksForSession = guards.some(
    (one) => typeof one === 'function' && (one === guard || one.prototype instanceof guard),
  );
  return {
    isPublic: isPublic(handler) || (isPublic(controller) && !asksForSession),
    options: Object.assign({}, ...given) as VerifySessionOptions,
  };
}

function isPublic(target: Function): boolean {
  return Reflect.getMetadata(PUBLIC_ACCESS, target) === true;
}
