import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { UserRolesFunctions, Users } from 'latchkey';
import { Settings } from '../settings/settings.js';

/** Makes the owner of ADMIN_EMAIL an administrator, once the address is confirmed: anybody can sign up with it. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  private readonly logger = new Logger('FirstAdministrator');

  constructor(
    private readonly users: Users,
    private readonly userRoles: UserRolesFunctions,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.appoint(this.settings.administratorEmail);
  }

  /** @param email that was confirmed just now; nobody else’s changes anything */
  async appoint(email: string): Promise<void> {
    if (email !== this.settings.administratorEmail) return;
    for (const user of await this.users.listUsersByAccountInfo({ email })) {
      if (!user.loginMethods.some((method) => method.email === email && method.verified)) continue;
      const result = await this.userRoles.addRoleToUser({ userId: user.id, role: 'administrator' });
      if (result.status === 'OK' && !result.didUserAlreadyHaveRole) this.logger.log(`${email} is an administrator now`);
    }
  }
}
