import { Injectable } from '@nestjs/common';
import { Users } from 'latchkey';

/** The first account is the administrator, as in many applications that one installs oneself. */
@Injectable()
export class Administrators {
  constructor(private readonly users: Users) {}

  async include(userId: string): Promise<boolean> {
    const { users } = await this.users.getUsersOldestFirst({ limit: 1 });
    return users[0]?.id === userId;
  }
}
