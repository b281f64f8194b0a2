import { BaseRequest, type FrameworkRequest } from './base-request.js';

/** Everything we remember about one request, for as long as it lives. */
export interface RequestState {
  readonly request: BaseRequest;
  /** What a guard or the application verified: a `SessionContainer`. */
  session?: unknown;
  /** The handler it was verified for, so that a guard given twice works once. Of HTTP requests only. */
  verifiedFor?: Function;
  /** What was verified for each call of a resolver. Of GraphQL requests only. */
  graphqlCalls?: WeakMap<object, { session?: unknown }>;
}

/** One property of the framework's request, whose names belong to the application and its libraries. */
const STATE = Symbol('latchkey.request');

/** @param request the framework's own, or ours around it */
export function stateOf(request: unknown): RequestState {
  const original = (request instanceof BaseRequest ? request.original : request) as FrameworkRequest & {
    [STATE]?: RequestState;
  };
  return (original[STATE] ??= {
    request: request instanceof BaseRequest ? request : new BaseRequest(original),
  });
}
