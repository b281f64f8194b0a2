import { Inject, Injectable } from '@nestjs/common';
import type { ClaimSource } from '../../claims/recipe-claim.js';
import type { UserContext } from '../../http/user-context.js';
import { UserRolesFunctions } from './user-roles.functions.js';
import { USER_ROLES_CONFIG, type UserRolesConfig } from './user-roles.options.js';

interface Holder {
  userId: string;
  tenantId: string;
  userContext: UserContext;
}

/** How this application fetches a claim of the recipe: by its functions, so that overrides of them are seen. */
abstract class UserRolesSource implements ClaimSource<string[]> {
  @Inject(USER_ROLES_CONFIG) protected readonly config!: UserRolesConfig;
  @Inject(UserRolesFunctions) protected readonly functions!: UserRolesFunctions;

  abstract isAddedToSessions(): boolean;

  protected abstract fetch(holder: Holder): Promise<string[]>;

  maxBytes(): number {
    return this.config.maxClaimBytes;
  }

  fetchValue(
    userId: string,
    _recipeUserId: string,
    tenantId: string,
    _currentPayload: unknown,
    userContext: UserContext,
  ): Promise<string[]> {
    return this.fetch({ userId, tenantId, userContext });
  }
}

/** Of `UserRoleClaim`. */
@Injectable()
export class RolesSource extends UserRolesSource {
  override isAddedToSessions(): boolean {
    return !this.config.skipAddingRolesToAccessToken;
  }

  protected override async fetch(holder: Holder): Promise<string[]> {
    return (await this.functions.getRolesForUser(holder)).roles;
  }
}

/** Of `PermissionClaim`. */
@Injectable()
export class PermissionsSource extends UserRolesSource {
  override isAddedToSessions(): boolean {
    return !this.config.skipAddingPermissionsToAccessToken;
  }

  protected override async fetch(holder: Holder): Promise<string[]> {
    return (await this.functions.getPermissionsForUser(holder)).permissions;
  }
}
