import { BaseRequest, type FrameworkRequest } from './base-request.js';
import { BaseResponse } from './base-response.js';
import { ExpressResponse, type ExpressOriginalResponse } from './express.response.js';
import { FastifyResponse, type FastifyOriginalResponse } from './fastify.response.js';

export type FrameworkResponse = ExpressOriginalResponse | FastifyOriginalResponse;

const REQUEST = Symbol('latchkey.request');
const RESPONSE = Symbol('latchkey.response');

/** @returns the same object for the same request, so that everyone sees one state */
export function wrapRequest(request: unknown): BaseRequest {
  if (request instanceof BaseRequest) return request;
  const original = request as FrameworkRequest & { [REQUEST]?: BaseRequest };
  return (original[REQUEST] ??= new BaseRequest(original));
}

/** @returns the same object for the same response, so that everyone sees one state */
export function wrapResponse(response: unknown): BaseResponse {
  if (response instanceof BaseResponse) return response;
  const original = response as FrameworkResponse & { [RESPONSE]?: BaseResponse };
  return (original[RESPONSE] ??= isFastify(original) ? new FastifyResponse(original) : new ExpressResponse(original));
}

function isFastify(response: FrameworkResponse): response is FastifyOriginalResponse {
  return 'raw' in response;
}
