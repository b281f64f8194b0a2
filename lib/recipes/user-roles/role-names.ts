/**
 * The permissions of the application. It adds its own, so that one that is misspelt does not compile:
 *
 * ```ts
 * declare module 'latchkey' {
 *   interface PermissionNames extends Record<keyof typeof permissions, true> {}
 * }
 * ```
 */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface PermissionNames {}

/** The roles that the application itself names, added as its permissions are. Administrators may make more. */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface RoleNames {}

/** A permission of the application; any text where it has declared none in `PermissionNames`. */
export type Permission = [keyof PermissionNames] extends [never] ? string : keyof PermissionNames & string;

/** A role of the application; any text where it has declared none in `RoleNames`. */
export type Role = [keyof RoleNames] extends [never] ? string : keyof RoleNames & string;
