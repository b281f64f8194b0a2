import type { Generated } from 'kysely';

/** The application's own tables. Times are text, `2026-11-26T21:00:00.000Z`, which SQLite and PostgreSQL sort alike. */
export interface AppTables {
  profiles: ProfilesTable;
  projects: ProjectsTable;
  invitations: InvitationsTable;
  audit_log: AuditLogTable;
}

export interface ProfilesTable {
  user_id: string;
  display_name: string;
}

export interface ProjectsTable {
  id: string;
  name: string;
  owner_id: string;
  created_at: string;
}

export interface InvitationsTable {
  /** An email address, or `@example.com` for everybody there. */
  address: string;
  invited_at: string;
}

export interface AuditLogTable {
  id: Generated<number>;
  event: string;
  email: string;
  /** The browser, by its own account. */
  user_agent: string;
  at: string;
}
