import { z } from 'zod';
import { ConfigurationError } from '../../core/auth.error.js';
import { anythingSchema, checkOptions, onFirstUse } from '../../core/check-options.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';
import type { Permission, Role } from './role-names.js';

/** The options of `UserRolesRecipe.init`. */
export interface UserRolesOptions {
  /** Every permission that the application has, with what it allows. `@Session()` with another one stops the boot. @default any */
  permissions?: Readonly<Record<Permission, string>>;
  /**
   * Roles that the application names, and what they permit. At boot those that are missing are made, and missing permissions
   * added. What a role has besides stays, since an administrator may have added it. @default none
   */
  roles?: Readonly<Record<Role, readonly Permission[]>>;
  /** Whether new sessions are made without `UserRoleClaim`; guards that ask for roles fetch it. @default false */
  skipAddingRolesToAccessToken?: boolean;
  /** Whether new sessions are made without `PermissionClaim`; guards that ask for permissions fetch it. @default false */
  skipAddingPermissionsToAccessToken?: boolean;
  /**
   * How large each of the two claims may be in an access token, in bytes of JSON. A larger one is left out, and read from the
   * database by each guard that asks for it: browsers drop cookies of more than 4096 bytes. @default 768
   */
  maxClaimBytes?: number;
}

/** The options with their defaults, as `options.config` of an API method would hold them. */
export interface UserRolesConfig {
  /** Undefined where the application lists none. */
  permissions: ReadonlyMap<string, string> | undefined;
  /** Undefined where the application lists none. */
  roles: ReadonlyMap<string, readonly string[]> | undefined;
  skipAddingRolesToAccessToken: boolean;
  skipAddingPermissionsToAccessToken: boolean;
  maxClaimBytes: number;
}

const DEFAULT_MAX_CLAIM_BYTES = 768;
const NAME = /^\S(?:[^\0]{0,253}\S)?$/;

const userRolesOptionsSchema = onFirstUse(() =>
  z.strictObject(
    {
      permissions: z
        .record(z.string(), z.string('what the permission allows, in words'), "{ 'invoices:read': 'See invoices' }")
        .optional(),
      roles: z
        .record(
          z.string(),
          z.array(z.string('a permission'), 'a list of permissions'),
          "{ accountant: ['invoices:read'] }",
        )
        .optional(),
      skipAddingRolesToAccessToken: z.boolean('true or false').optional(),
      skipAddingPermissionsToAccessToken: z.boolean('true or false').optional(),
      maxClaimBytes: z.int('a number of bytes').min(0, 'a number of bytes').max(65_536, 'at most 65536').optional(),
      override: anythingSchema().optional(),
    },
    '{ permissions, roles }',
  ),
);

/** @throws {ConfigurationError} */
export function normaliseUserRolesOptions(input: UserRolesOptions, _appInfo: NormalisedAppInfo): UserRolesConfig {
  checkOptions<unknown>('UserRolesRecipe.init', userRolesOptionsSchema(), input);
  const permissions = input.permissions && new Map<string, string>(Object.entries(input.permissions));
  const roles = input.roles && new Map<string, readonly string[]>(Object.entries(input.roles));
  for (const permission of permissions?.keys() ?? []) assertName(permission, 'permissions');
  for (const [role, ofRole] of roles ?? []) {
    assertName(role, 'roles');
    for (const permission of ofRole) assertName(permission, `roles.${role}`);
    const unknown = ofRole.find((permission) => permissions?.has(permission) === false);
    if (unknown === undefined) continue;
    throw new ConfigurationError(
      `UserRolesRecipe.init: option roles.${role} has ${JSON.stringify(unknown)}, which is not in permissions. ` +
        'Add it there, or correct its name.',
    );
  }
  return {
    permissions,
    roles,
    skipAddingRolesToAccessToken: input.skipAddingRolesToAccessToken ?? false,
    skipAddingPermissionsToAccessToken: input.skipAddingPermissionsToAccessToken ?? false,
    maxClaimBytes: input.maxClaimBytes ?? DEFAULT_MAX_CLAIM_BYTES,
  };
}

/** @throws {ConfigurationError} */
function assertName(name: string, option: string): void {
  if (NAME.test(name)) return;
  throw new ConfigurationError(
    `UserRolesRecipe.init: option ${option} has ${JSON.stringify(name)}. Give names of 1 to 255 characters without spaces around them.`,
  );
}

/** The token of the normalised options, `UserRolesConfig`. */
export const USER_ROLES_CONFIG = Symbol('latchkey.user-roles.config');
