import type { BaseRequest } from './base-request.js';
import type { UserContext } from './user-context.types.js';

export type { UserContext } from './user-context.types.js';

/** @returns undefined where the call did not start with a request, such as in a job or a script */
export function getRequestFromUserContext(userContext: UserContext | undefined): BaseRequest | undefined {
  return userContext?._default?.request;
}

/** The context given, holding the request where it holds none yet. */
export function withRequest(userContext: UserContext | undefined, request: BaseRequest): UserContext {
  if (userContext === undefined) return { _default: { request } };
  if (userContext._default?.request === undefined) {
    userContext._default = { ...userContext._default, request };
  }
  return userContext;
}
