import type { ServerResponse } from 'node:http';
import { ConfigurationError } from '../core/auth.error.js';
import { BaseRequest } from './base-request.js';
import { BaseResponse } from './base-response.js';
import { ExpressResponse, type ExpressOriginalResponse } from './express.response.js';
import { FastifyResponse, type FastifyOriginalResponse } from './fastify.response.js';
import { RawResponse } from './raw.response.js';
import { stateOf } from './request-state.js';

/** Node's and Express's responses know their request as `req`, Fastify's as `request`. */
interface AnswersRequest {
  req?: unknown;
  request?: unknown;
}

type AnyResponse = Partial<ExpressOriginalResponse> | Partial<FastifyOriginalResponse>;

/** Only of responses that know no request, such as those of an application's own tests. */
const RESPONSE = Symbol('latchkey.response');

/** @returns the same object for the same request, so that everyone sees one state */
export function wrapRequest(request: unknown): BaseRequest {
  return request instanceof BaseRequest ? request : stateOf(request).request;
}

/**
 * @returns the same object for the same response, so that everyone sees one state
 * @throws {ConfigurationError} it is a response of neither Express, Fastify nor Node
 */
export function wrapResponse(response: unknown): BaseResponse {
  if (response instanceof BaseResponse) return response;
  const original = (response ?? {}) as AnyResponse & AnswersRequest & { [RESPONSE]?: BaseResponse };
  const request = original.req ?? original.request;
  if (typeof request !== 'object' || request === null) return (original[RESPONSE] ??= around(original));
  const state = stateOf(request);
  return (state.response ??= around(original));
}

function around(response: AnyResponse): BaseResponse {
  if ('raw' in response) return new FastifyResponse(response as FastifyOriginalResponse);
  if ('send' in response) return new ExpressResponse(response as ExpressOriginalResponse);
  // Nest's middleware on Fastify is given these.
  if ('setHeader' in response) return new RawResponse(response as ServerResponse);
  throw new ConfigurationError(
    'What was given as the response is not one of Express, Fastify or Node. Give the object that the framework gave you, ' +
      'such as @Res({ passthrough: true }).',
  );
}
