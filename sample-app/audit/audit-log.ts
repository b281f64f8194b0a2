import { Injectable } from '@nestjs/common';
import { getRequestFromUserContext, type UserContext } from 'latchkey';
import { AppDatabase } from '../database/app-database.js';

export type AuditEvent = 'signed up' | 'sign-up refused' | 'signed in' | 'sign-in refused' | 'password reset';

export interface AuditEntry {
  event: string;
  email: string;
  /** The browser, by its own account. */
  userAgent: string;
  at: string;
}

const MAX_USER_AGENT_LENGTH = 200;

@Injectable()
export class AuditLog {
  constructor(private readonly database: AppDatabase) {}

  /** @param userContext of the call that is written down: it knows the request, where there is one */
  async record(event: AuditEvent, email: string, userContext: UserContext | undefined): Promise<void> {
    const userAgent = getRequestFromUserContext(userContext)?.getHeaderValue('user-agent') ?? '';
    const db = await this.database.current();
    const entry = { event, email, user_agent: userAgent.slice(0, MAX_USER_AGENT_LENGTH), at: new Date().toISOString() };
    await db.insertInto('audit_log').values(entry).execute();
  }

  /** The newest first. */
  async listOf(emails: string[]): Promise<AuditEntry[]> {
    if (emails.length === 0) return [];
    const db = await this.database.current();
    return db
      .selectFrom('audit_log')
      .select(['event', 'email', 'user_agent as userAgent', 'at'])
      .where('email', 'in', emails)
      .orderBy('id', 'desc')
      .limit(20)
      .execute();
  }
}
