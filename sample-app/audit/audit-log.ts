import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';

export type AuditEvent = 'signed up' | 'sign-up refused' | 'signed in' | 'sign-in refused' | 'password reset';

export interface AuditEntry {
  event: AuditEvent;
  email: string;
  /** The browser, by its own account. */
  userAgent: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

const MAX_USER_AGENT_LENGTH = 200;

@Injectable()
export class AuditLog {
  constructor(private readonly database: AppDatabase) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS audit_log (
        id INTEGER PRIMARY KEY, event TEXT NOT NULL, email TEXT NOT NULL, user_agent TEXT NOT NULL, at INTEGER NOT NULL
      );
      CREATE INDEX IF NOT EXISTS audit_log_by_email ON audit_log (email, id);
    `);
  }

  record(event: AuditEvent, email: string, userAgent = ''): void {
    this.database
      .prepare('INSERT INTO audit_log (event, email, user_agent, at) VALUES (?, ?, ?, ?)')
      .run(event, email, userAgent.slice(0, MAX_USER_AGENT_LENGTH), Date.now());
  }

  /** The newest first. */
  listOf(email: string): AuditEntry[] {
    return this.database
      .prepare<[string], AuditEntry>(
        'SELECT event, email, user_agent AS userAgent, at FROM audit_log WHERE email = ? ORDER BY id DESC LIMIT 20',
      )
      .all(email);
  }
}
