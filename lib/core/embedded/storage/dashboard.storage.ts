import type { SqlAuthDatabase } from './sql-auth-database.js';

export interface DashboardUserRow {
  user_id: string;
  email: string;
  password_hash: string;
  time_created_ms: number;
}

interface DashboardSessionRow {
  session_handle: string;
  user_id: string;
  secret_hash: string;
  time_created_ms: number;
  expires_at_ms: number;
}

declare module './tables.js' {
  interface Tables {
    latchkey_dashboard_users: DashboardUserRow;
    latchkey_dashboard_sessions: DashboardSessionRow;
  }
}

type UserColumn = { user_id: string } | { email: string };

/** Who may sign in to the dashboard, and their sessions. */
export class DashboardStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns false where another user has the email */
  async insertUser(row: DashboardUserRow): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_dashboard_users')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('user_id')
      .execute();
    return rows.length === 1;
  }

  async findUser(by: UserColumn): Promise<DashboardUserRow | undefined> {
    const db = await this.database.tables();
    const [[column, value]] = Object.entries(by) as [['user_id' | 'email', string]];
    return db.selectFrom('latchkey_dashboard_users').selectAll().where(column, '=', value).executeTakeFirst();
  }

  async updateUser(userId: string, change: Partial<Pick<DashboardUserRow, 'email' | 'password_hash'>>): Promise<void> {
    const db = await this.database.tables();
    await db.updateTable('latchkey_dashboard_users').set(change).where('user_id', '=', userId).execute();
  }

  async deleteUser(userId: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db.deleteFrom('latchkey_dashboard_users').where('user_id', '=', userId).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async users(): Promise<DashboardUserRow[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_dashboard_users')
      .selectAll()
      .orderBy('time_created_ms')
      .orderBy('user_id')
      .execute();
  }

  /**
   * In one statement, which holds the user: nobody deletes it or changes its password meanwhile.
   * @returns false where the password is another one by now
   */
  async insertSession(row: DashboardSessionRow, passwordHash: string): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_dashboard_sessions')
      .columns(['session_handle', 'user_id', 'secret_hash', 'time_created_ms', 'expires_at_ms'])
      .expression(({ selectFrom, val }) =>
        selectFrom('latchkey_dashboard_users as known')
          .select([
            val(row.session_handle).as('session_handle'),
            'known.user_id',
            val(row.secret_hash).as('secret_hash'),
            val(row.time_created_ms).as('time_created_ms'),
            val(row.expires_at_ms).as('expires_at_ms'),
          ])
          .where('known.user_id', '=', row.user_id)
          .where('known.password_hash', '=', passwordHash)
          .forShare(),
      )
      .returning('session_handle')
      .execute();
    return rows.length === 1;
  }

  async findSession(sessionHandle: string, nowMs: number): Promise<{ email: string; secret_hash: string } | undefined> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_dashboard_sessions as session')
      .innerJoin('latchkey_dashboard_users as owner', 'owner.user_id', 'session.user_id')
      .select(['owner.email', 'session.secret_hash'])
      .where('session.session_handle', '=', sessionHandle)
      .where('session.expires_at_ms', '>', nowMs)
      .executeTakeFirst();
  }

  async sessionsOf(userId: string, nowMs: number): Promise<DashboardSessionRow[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_dashboard_sessions')
      .selectAll()
      .where('user_id', '=', userId)
      .where('expires_at_ms', '>', nowMs)
      .orderBy('time_created_ms')
      .execute();
  }

  async deleteSession(sessionHandle: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_dashboard_sessions').where('session_handle', '=', sessionHandle).execute();
  }

  async deleteSessionsOf(userId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_dashboard_sessions').where('user_id', '=', userId).execute();
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteExpiredSessions(nowMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_dashboard_sessions')
      .where('session_handle', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_dashboard_sessions as expired')
          .select('expired.session_handle')
          .where('expired.expires_at_ms', '<=', nowMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
