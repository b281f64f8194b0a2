import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';

export interface Invitation {
  /** An email address, or `@example.com` for everybody there. */
  address: string;
  /** Milliseconds since the Unix epoch. */
  invitedAt: number;
}

@Injectable()
export class InvitesService {
  constructor(private readonly database: AppDatabase) {
    database.exec('CREATE TABLE IF NOT EXISTS invitations (address TEXT PRIMARY KEY, invited_at INTEGER NOT NULL)');
    this.add('@example.com');
  }

  has(email: string): boolean {
    const domain = email.slice(email.lastIndexOf('@'));
    return this.database.prepare('SELECT 1 FROM invitations WHERE address IN (?, ?)').get(email, domain) !== undefined;
  }

  /** Inviting twice changes nothing. @param address in lower case, as emails are compared */
  add(address: string): void {
    this.database.prepare('INSERT OR IGNORE INTO invitations VALUES (?, ?)').run(address, Date.now());
  }

  /** The newest first. */
  list(): Invitation[] {
    return this.database
      .prepare<[], Invitation>('SELECT address, invited_at AS invitedAt FROM invitations ORDER BY rowid DESC LIMIT 100')
      .all();
  }
}
