import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { UserRolesFunctions, Users } from 'latchkey';

/** Makes the owner of one address an administrator, once the address is verified: anybody can sign up with it. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly users: Users,
    private readonly userRoles: UserRolesFunctions,
  ) {}

  async onApplicationBootstrap(email = process.env.FIRST_ADMINISTRATOR): Promise<void> {
    if (email === undefined) return;
    for (const user of await this.users.listUsersByAccountInfo({ email })) {
      const isVerified = user.loginMethods.some((method) => method.email === email && method.verified);
      if (isVerified) await this.userRoles.addRoleToUser({ userId: user.id, role: 'administrator' });
    }
  }
}
