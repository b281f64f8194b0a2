export type { RoleHolders, UnknownRole } from '../../core/user-roles.core.js';
// As a whole: only so can applications add to `PermissionNames` and `RoleNames`.
export type * from './role-names.js';
export type { NamesNeeded } from './user-roles-requirements.js';
export { PermissionClaim, UserRoleClaim } from './user-roles-claims.js';
export {
  UserRolesFunctions,
  type CreateRoleInput,
  type RemovePermissionsInput,
  type RoleInput,
  type RolesForUserInput,
  type RolesThatHavePermissionInput,
  type UserRoleInput,
  type UsersThatHaveRoleInput,
} from './user-roles.functions.js';
export type { UserRolesConfig, UserRolesOptions } from './user-roles.options.js';
export { UserRolesApi, UserRolesRecipe } from './user-roles.recipe.js';
