import type { ExecutionContext } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { exchangeOf } from '../../http/http-exchange.js';
import { stateOf } from '../../http/request-state.js';
import type { SessionContainer } from './session-container.js';
import { getSessionFromRequest } from './session-on-request.js';
import { hasParameterLevel } from './session-requirements.js';
import type { SessionDecoratorOptions } from './session.functions.types.js';

/**
 * The value of a `@Session()` parameter: what the guard verified for this very handler, and nothing that another library
 * put on the request.
 * @returns undefined where there is no session and none is required
 * @throws {ConfigurationError} the guard has not seen this parameter, so that nobody knows whether one is required
 */
export function readSessionParameter(
  options: SessionDecoratorOptions | undefined,
  context: ExecutionContext,
): SessionContainer | undefined {
  const exchange = exchangeOf(context);
  if (exchange !== undefined && hasBeenGuarded(exchange.request, options, context)) {
    return getSessionFromRequest(exchange.request);
  }
  throw new ConfigurationError(
    `@Session() on a parameter of ${context.getClass().name}.${context.getHandler().name}: the session guard has not run for ` +
      'it. Where a decorator replaces the method, write @Session() above it as well.',
  );
}

function hasBeenGuarded(
  request: unknown,
  options: SessionDecoratorOptions | undefined,
  context: ExecutionContext,
): boolean {
  const handler = context.getHandler();
  // Of one GraphQL request many resolvers are verified: there the guard is known to run by standing on the handler.
  if (context.getType<string>() !== 'http') return hasParameterLevel(handler);
  const isVerified = stateOf(request).verifiedFor === handler;
  return isVerified && (options === undefined || hasParameterLevel(handler));
}
