import { BadInputError } from './auth.error.js';

declare module './facts.js' {
  interface FactNames {
    /** Which roles a user has. */
    userRoles: true;
    /** What the roles of a user permit. */
    userPermissions: true;
  }
}

/** That the operation names a role that does not exist. */
export interface UnknownRole {
  status: 'UNKNOWN_ROLE_ERROR';
}

/** A user, a tenant and a role that the user has, is given or loses there. */
export interface RoleOfUser {
  tenantId: string;
  /** Need not be of a user of this core. */
  userId: string;
  role: string;
}

/** Which page of the users who have a role. */
export interface RoleHoldersInput {
  tenantId: string;
  role: string;
  /** 1 to 500. @default all users */
  limit?: number;
  /** As returned with the page before. */
  paginationToken?: string;
}

/** Those who have a role, in an order that does not change; `nextPaginationToken` is absent on the last page. */
export interface RoleHolders {
  status: 'OK';
  users: string[];
  nextPaginationToken?: string;
}

/**
 * Of how many users the sessions are told when a role changes, in the transaction of the change. Where more have the role, their
 * sessions learn of it when their claims are old, so that one change does not hold up everybody else.
 */
export const MAX_HOLDERS_TOLD = 500;

export const MAX_NAME_LENGTH = 255;
const MAX_PERMISSIONS = 10_000;

/**
 * Roles and what they permit, which are the app's, and who has them, which differs by tenant. Names are compared as they are,
 * without spaces around them. Changes are announced as the facts `userRoles` and `userPermissions`.
 *
 * @throws {BadInputError} from each: a name is no text, is empty, or has more than 255 characters
 */
export abstract class UserRolesCore {
  /**
   * Of a role that is deleted at the same time, nobody has it afterwards, or it is unknown here.
   * @throws {UnknownTenantError}
   */
  abstract addRoleToUser(input: RoleOfUser): Promise<{ status: 'OK'; didUserAlreadyHaveRole: boolean } | UnknownRole>;

  /** @throws {UnknownTenantError} */
  abstract removeUserRole(input: RoleOfUser): Promise<{ status: 'OK'; didUserHaveRole: boolean } | UnknownRole>;

  /** @throws {UnknownTenantError} */
  abstract getRolesForUser(input: { tenantId: string; userId: string }): Promise<{ status: 'OK'; roles: string[] }>;

  /**
   * @throws {UnknownTenantError}
   * @throws {BadInputError} a limit out of range, or a token that is not ours
   */
  abstract getUsersThatHaveRole(input: RoleHoldersInput): Promise<RoleHolders | UnknownRole>;

  /** Of permissions that the role has already, nothing changes. */
  abstract createNewRoleOrAddPermissions(input: {
    role: string;
    permissions: string[];
  }): Promise<{ status: 'OK'; createdNewRole: boolean }>;

  abstract getPermissionsForRole(input: {
    role: string;
  }): Promise<{ status: 'OK'; permissions: string[] } | UnknownRole>;

  /** What any of the roles permits, each once; unknown roles permit nothing. */
  abstract getPermissionsForRoles(input: { roles: string[] }): Promise<string[]>;

  /** @param input.permissions absent removes all */
  abstract removePermissionsFromRole(input: {
    role: string;
    permissions?: string[];
  }): Promise<{ status: 'OK' } | UnknownRole>;

  abstract getRolesThatHavePermission(input: { permission: string }): Promise<{ status: 'OK'; roles: string[] }>;

  /** Nobody has the role afterwards, in any tenant. */
  abstract deleteRole(input: { role: string }): Promise<{ status: 'OK'; didRoleExist: boolean }>;

  abstract getAllRoles(): Promise<{ status: 'OK'; roles: string[] }>;
}

/**
 * @param field what is named, such as `role`
 * @returns the name as it is kept
 * @throws {BadInputError} it is no text, is empty or too long
 */
export function checkedName(name: unknown, field: string): string {
  if (typeof name !== 'string') throw new BadInputError(`${field} must be a text`);
  const trimmed = name.trim();
  if (trimmed === '') throw new BadInputError(`Field name '${field}' cannot be an empty String`);
  if (trimmed.length > MAX_NAME_LENGTH) {
    throw new BadInputError(`${field} must have at most ${MAX_NAME_LENGTH} characters`);
  }
  if (/[\0\p{Surrogate}]/u.test(trimmed)) throw new BadInputError(`${field} must not hold NUL or half a character`);
  return trimmed;
}

/** @returns each name once. @throws {BadInputError} no list of names, or too many */
export function checkedNames(names: unknown, field: string): string[] {
  if (!Array.isArray(names)) throw new BadInputError(`${field} must be a list of texts`);
  if (names.length > MAX_PERMISSIONS) {
    throw new BadInputError(`${field} must be at most ${MAX_PERMISSIONS} at a time`);
  }
  return [...new Set(names.map((name) => checkedName(name, field)))];
}
