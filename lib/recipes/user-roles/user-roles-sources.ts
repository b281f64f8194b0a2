import { Inject, Injectable } from '@nestjs/common';
import type { ClaimSource } from '../../claims/recipe-claim.js';
import type { UserContext } from '../../http/user-context.js';
import { UserRolesFunctions } from './user-roles.functions.js';
import { USER_ROLES_CONFIG, type UserRolesConfig } from './user-roles.options.js';

/** How this application fetches `UserRoleClaim`: by the functions of the recipe, so that overrides of them are seen. */
@Injectable()
export class RolesSource implements ClaimSource<string[]> {
  @Inject(USER_ROLES_CONFIG) private readonly config!: UserRolesConfig;
  @Inject(UserRolesFunctions) private readonly functions!: UserRolesFunctions;

  isAddedToSessions(): boolean {
    return !this.config.skipAddingRolesToAccessToken;
  }

  maxBytes(): number {
    return this.config.maxClaimBytes;
  }

  async fetchValue(
    userId: string,
    _recipeUserId: string,
    tenantId: string,
    _currentPayload: unknown,
    userContext: UserContext,
  ): Promise<string[]> {
    return (await this.functions.getRolesForUser({ userId, tenantId, userContext })).roles;
  }
}

/** The same for `PermissionClaim`. */
@Injectable()
export class PermissionsSource implements ClaimSource<string[]> {
  @Inject(USER_ROLES_CONFIG) private readonly config!: UserRolesConfig;
  @Inject(UserRolesFunctions) private readonly functions!: UserRolesFunctions;

  isAddedToSessions(): boolean {
    return !this.config.skipAddingPermissionsToAccessToken;
  }

  maxBytes(): number {
    return this.config.maxClaimBytes;
  }

  async fetchValue(
    userId: string,
    _recipeUserId: string,
    tenantId: string,
    _currentPayload: unknown,
    userContext: UserContext,
  ): Promise<string[]> {
    return (await this.functions.getPermissionsForUser({ userId, tenantId, userContext })).permissions;
  }
}
