import { Injectable } from '@nestjs/common';
import { UserRolesFunctions } from 'latchkey';
import { AppDatabase } from '../database/app-database.js';

/** What the application keeps for each user besides the account. */
@Injectable()
export class NewUsers {
  constructor(
    private readonly database: AppDatabase,
    private readonly userRoles: UserRolesFunctions,
  ) {}

  /** To be called in the transaction that makes the user. */
  async welcome(userId: string, email: string): Promise<void> {
    const db = await this.database.current();
    await db
      .insertInto('profiles')
      .values({ user_id: userId, display_name: email.split('@')[0]! })
      .execute();
    await this.userRoles.addRoleToUser({ userId, role: 'member' });
  }

  async displayNameOf(userId: string): Promise<string | undefined> {
    const db = await this.database.current();
    const profile = await db
      .selectFrom('profiles')
      .select('display_name')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return profile?.display_name;
  }
}
