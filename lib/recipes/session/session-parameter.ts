import type { ExecutionContext } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { httpExchangeOf } from '../../http/http-exchange.js';
import type { SessionContainer } from './session-container.js';
import { findVerified, findVerifiedCall } from './session-on-request.js';
import { hasParameterLevel } from './session-requirements.js';
import type { SessionDecoratorOptions } from './session.functions.types.js';

/** What `@Session('…')` hands over. */
const properties = {
  /** `SessionContainer.getUserId()` */
  userId: (session: SessionContainer) => session.getUserId(),
  /** `SessionContainer.getRecipeUserId()` */
  recipeUserId: (session: SessionContainer) => session.getRecipeUserId(),
  /** `SessionContainer.getTenantId()` */
  tenantId: (session: SessionContainer) => session.getTenantId(),
  /** `SessionContainer.getHandle()` */
  handle: (session: SessionContainer) => session.getHandle(),
  /** `SessionContainer.getAccessToken()` */
  accessToken: (session: SessionContainer) => session.getAccessToken(),
  /** `SessionContainer.getAccessTokenPayload()` */
  accessTokenPayload: (session: SessionContainer) => session.getAccessTokenPayload(),
};

/** A property of a session, as `@Session('userId')` names it. */
export type SessionProperty = keyof typeof properties;

/** The type of a parameter with `@Session('…')`: `SessionPropertyType<'accessTokenPayload'>`. */
export type SessionPropertyType<Property extends SessionProperty> = ReturnType<(typeof properties)[Property]>;

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
  const isSeen = options === undefined || hasParameterLevel(context.getHandler());
  const verified = isSeen ? find(context) : undefined;
  if (verified !== undefined) return verified.session as SessionContainer | undefined;
  throw new ConfigurationError(
    `@Session() on a parameter of ${context.getClass().name}.${context.getHandler().name}: the session guard has not run for ` +
      'it. Where a decorator replaces the method, write @Session() above it as well.',
  );
}

/** As `readSessionParameter`, for one property of the session. */
export function readSessionProperty(property: SessionProperty, context: ExecutionContext): unknown {
  const session = readSessionParameter({}, context);
  return session && properties[property](session);
}

function find(context: ExecutionContext): { session?: unknown } | undefined {
  if (context.getType<string>() !== 'http') return findVerifiedCall(context);
  const exchange = httpExchangeOf(context);
  return exchange && findVerified(context, exchange.request);
}
