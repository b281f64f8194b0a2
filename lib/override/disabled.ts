/**
 * Disables an API: `override signUpPOST = DISABLED`. Its route is not registered, so that a request for
 * it reaches the application's own route of that path, or a 404. Typed `never`, so that a further
 * subclass cannot call it by `super`.
 */
export const DISABLED = undefined as never;

/** A disabled API is an own property with the value undefined, so `in` would still find it. */
export function isDisabled(api: object, method: string): boolean {
  return (api as Record<string, unknown>)[method] === undefined;
}
