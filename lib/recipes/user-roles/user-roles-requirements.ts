import type { PrimitiveArrayClaim } from '../session/index.js';
import type { SessionRequirement } from '../../claims/session-requirement.js';
import type { Permission, Role } from './role-names.js';
import { PermissionClaim, UserRoleClaim } from './user-roles-claims.js';
import type { UserRolesConfig } from './user-roles.options.js';

/** One name; or several, of which a session needs one, or all. */
export type NamesNeeded<Name extends string> =
  readonly [Name] | { readonly anyOf: readonly [Name, ...Name[]] } | { readonly allOf: readonly [Name, ...Name[]] };

declare module '../../claims/session-requirement.js' {
  interface SessionRequirementOptions {
    /** A role that the session's user needs in its tenant: `['admin']`, `{ anyOf: […] }` or `{ allOf: […] }`. @default none */
    roles?: NamesNeeded<Role>;
    /** What the roles of the session's user must permit, in the same way. @default nothing */
    permissions?: NamesNeeded<Permission>;
  }
}

type List = 'roles' | 'permissions';

const FORMS = "['one'], { anyOf: ['one', 'other'] } or { allOf: ['one', 'other'] }";

/** The options `roles` and `permissions` of `@Session()`. */
export const userRolesRequirements: readonly SessionRequirement<UserRolesConfig>[] = [
  requirement('roles', UserRoleClaim as PrimitiveArrayClaim<string>),
  requirement('permissions', PermissionClaim as PrimitiveArrayClaim<string>),
];

function requirement(option: List, claim: PrimitiveArrayClaim<string>): SessionRequirement<UserRolesConfig> {
  return {
    option,
    mistake: (value, config) => mistake(option, value, config[option]),
    validators(value) {
      const { how, names } = read(value)!;
      return [how === 'anyOf' ? claim.validators.includesAny(names) : claim.validators.includesAll(names)];
    },
  };
}

function mistake(option: List, value: unknown, listed: ReadonlyMap<string, unknown> | undefined): string | undefined {
  const needed = read(value);
  if (needed === undefined) return `is ${JSON.stringify(value)}. Give ${FORMS}.`;
  const { names } = needed;
  if (names.length === 0) return `names none, so that everybody with a session would be let in. Give ${FORMS}.`;
  if (Array.isArray(value) && names.length > 1) {
    const list = JSON.stringify(names);
    return `is ${list}, which does not say whether one of them is enough. Write { anyOf: ${list} } or { allOf: ${list} }.`;
  }
  const unknown = names.find((name) => listed?.has(name) === false);
  if (unknown === undefined) return undefined;
  return `names ${JSON.stringify(unknown)}, which is not in ${option} of UserRolesRecipe.init. Add it there, or correct its name.`;
}

/** @returns undefined where it has none of the forms */
function read(value: unknown): { how: 'anyOf' | 'allOf'; names: string[] } | undefined {
  if (Array.isArray(value)) return areNames(value) ? { how: 'allOf', names: value } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const [[how, names] = ['', undefined], ...others] = Object.entries(value) as [string, unknown][];
  if (others.length > 0 || (how !== 'anyOf' && how !== 'allOf') || !areNames(names)) return undefined;
  return { how, names };
}

function areNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name.trim() !== '');
}
