import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';

export interface Invitation {
  /** An email address, or `@example.com` for everybody there. */
  address: string;
  invitedAt: string;
}

@Injectable()
export class InvitesService implements OnApplicationBootstrap {
  constructor(private readonly database: AppDatabase) {}

  onApplicationBootstrap(): Promise<void> {
    return this.add('@example.com');
  }

  async has(email: string): Promise<boolean> {
    const domain = email.slice(email.lastIndexOf('@'));
    const db = await this.database.current();
    const found = await db
      .selectFrom('invitations')
      .select('address')
      .where('address', 'in', [email, domain])
      .executeTakeFirst();
    return found !== undefined;
  }

  /** Inviting twice changes nothing. @param address in lower case, as emails are compared */
  async add(address: string): Promise<void> {
    const db = await this.database.current();
    const invitation = { address, invited_at: new Date().toISOString() };
    await db
      .insertInto('invitations')
      .values(invitation)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** The newest first. */
  async list(): Promise<Invitation[]> {
    const db = await this.database.current();
    return db
      .selectFrom('invitations')
      .select(['address', 'invited_at as invitedAt'])
      .orderBy('invited_at', 'desc')
      .limit(100)
      .execute();
  }
}
