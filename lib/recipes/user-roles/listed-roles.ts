import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { UserRolesFunctions } from './user-roles.functions.js';
import { USER_ROLES_CONFIG, type UserRolesConfig } from './user-roles.options.js';

/**
 * Makes the roles that the application lists, before it listens. Each is one transaction that holds the role, so replicas that boot
 * at once make it once, and nothing is taken from a role.
 */
@Injectable()
export class ListedRoles implements OnApplicationBootstrap {
  @Inject(USER_ROLES_CONFIG) private readonly config!: UserRolesConfig;
  @Inject(UserRolesFunctions) private readonly functions!: UserRolesFunctions;

  async onApplicationBootstrap(): Promise<void> {
    for (const [role, permissions] of this.config.roles ?? []) {
      const stored = await this.functions.getPermissionsForRole({ role });
      const isComplete = stored.status === 'OK' && permissions.every((each) => stored.permissions.includes(each));
      if (!isComplete) await this.functions.createNewRoleOrAddPermissions({ role, permissions: [...permissions] });
    }
  }
}
