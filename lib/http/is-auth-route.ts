import { SetMetadata, type ExecutionContext } from '@nestjs/common';

const AUTH_ROUTES = 'latchkey:auth-routes';

/** On controllers of recipes. */
export const AuthRoutesController = () => SetMetadata(AUTH_ROUTES, true);

/**
 * Whether the route is one of a recipe, such as `POST /auth/signin`, wherever prefixes move it. Interceptors that wrap every
 * answer leave these out: their clients look for `status` at the top of the body.
 *
 * @returns false for a route of the application that took the place of a disabled one
 */
export function isAuthRoute(context: Pick<ExecutionContext, 'getClass'>): boolean {
  return isAuthController(context.getClass());
}

export function isAuthController(controller: Function): boolean {
  return Reflect.getOwnMetadata(AUTH_ROUTES, controller) === true;
}
