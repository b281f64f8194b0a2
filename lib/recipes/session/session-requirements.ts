import { PUBLIC_ACCESS } from '../../http/public-access.decorator.js';
import type { VerifySessionOptions } from './session.functions.types.js';

export const ON_CLASS_OR_METHOD = 'latchkey:session-options';
export const ON_PARAMETER = 'latchkey:session-parameter-options';

export interface SessionRequirements {
  isPublic: boolean;
  options: VerifySessionOptions;
}

/** What the class, the method and its parameters ask of a request together; the innermost wins for each option. */
export function readSessionRequirements(controller: Function, handler: Function): SessionRequirements {
  const given = [
    Reflect.getMetadata(ON_CLASS_OR_METHOD, controller),
    Reflect.getMetadata(ON_CLASS_OR_METHOD, handler),
    Reflect.getMetadata(ON_PARAMETER, handler),
  ] as (VerifySessionOptions | undefined)[];
  return {
    isPublic: [handler, controller].some((target) => Reflect.getMetadata(PUBLIC_ACCESS, target) === true),
    options: Object.assign({}, ...given.map(withoutUndefined)) as VerifySessionOptions,
  };
}

/** An option that is undefined was not given, and must not erase one that was. */
function withoutUndefined(options: VerifySessionOptions | undefined): VerifySessionOptions {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
}
