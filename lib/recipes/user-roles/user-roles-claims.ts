import { ConfigurationError } from '../../core/auth.error.js';
import { PrimitiveArrayClaim } from '../session/index.js';
import type { Permission, Role } from './role-names.js';

/** They have no services of their own: the recipe tells the sessions of each application how to fetch them. */
const refuse = (name: string) => (): never => {
  throw new ConfigurationError(
    `${name}: the value is fetched by UserRolesRecipe. Add UserRolesRecipe.init() to recipeList, and ask for the claim by a ` +
      `session, such as session.fetchAndSetClaim(${name}).`,
  );
};

/** The roles that the session's user has in its tenant: `st-role: { v, t }` in the access token. */
export const UserRoleClaim = new PrimitiveArrayClaim<Role>({ key: 'st-role', fetchValue: refuse('UserRoleClaim') });

/** What those roles permit: `st-perm: { v, t }` in the access token. */
export const PermissionClaim = new PrimitiveArrayClaim<Permission>({
  key: 'st-perm',
  fetchValue: refuse('PermissionClaim'),
});
