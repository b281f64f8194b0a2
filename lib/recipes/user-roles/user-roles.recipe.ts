import { Injectable } from '@nestjs/common';
import { UserRolesCore } from '../../core/user-roles.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { ListedRoles } from './listed-roles.js';
import { PermissionClaim, UserRoleClaim } from './user-roles-claims.js';
import { userRolesRequirements } from './user-roles-requirements.js';
import { PermissionsSource, RolesSource } from './user-roles-sources.js';
import { UserRolesFunctions } from './user-roles.functions.js';
import { normaliseUserRolesOptions, USER_ROLES_CONFIG } from './user-roles.options.js';

declare module '../recipe.js' {
  interface RecipeIds {
    userroles: true;
  }
}

/** The recipe has no routes. */
@Injectable()
export class UserRolesApi {}

/** Roles of users and what they permit, in sessions and in guards. */
export const UserRolesRecipe = builtInRecipe({
  id: 'userroles',
  name: 'UserRolesRecipe',
  api: UserRolesApi,
  functions: UserRolesFunctions,
  routes: {},
  config: USER_ROLES_CONFIG,
  normalise: normaliseUserRolesOptions,
  needs: ['session'],
  ports: [UserRolesCore],
  providers: [RolesSource, PermissionsSource, ListedRoles],
  claims: [
    { claim: UserRoleClaim, facts: ['userRoles'], source: RolesSource },
    { claim: PermissionClaim, facts: ['userRoles', 'userPermissions'], source: PermissionsSource },
  ],
  requirements: userRolesRequirements,
});
