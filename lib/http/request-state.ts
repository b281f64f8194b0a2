import { BaseRequest, type FrameworkRequest } from './base-request.js';
import type { BaseResponse } from './base-response.js';

/** Everything we remember about one request, for as long as it lives. */
class RequestState {
  /** Ours around the response of this request. */
  response: BaseResponse | undefined = undefined;
  /** What a guard or the application verified: a `SessionContainer`. */
  session: unknown = undefined;
  /** The handler it was verified for, so that a guard given twice works once. Of HTTP requests only. */
  verifiedFor: Function | undefined = undefined;

  constructor(readonly request: BaseRequest) {}
}

/**
 * One property of the framework's request, whose names belong to the application and its libraries. Each further one costs
 * more than what is done with it: objects of another shape slow down all of the framework's code that reads them.
 */
const STATE = Symbol('latchkey.request');

/** @param request the framework's own, or ours around it */
export function stateOf(request: unknown): RequestState {
  const original = (request instanceof BaseRequest ? request.original : request) as FrameworkRequest & {
    [STATE]?: RequestState;
  };
  return (original[STATE] ??= new RequestState(request instanceof BaseRequest ? request : new BaseRequest(original)));
}
