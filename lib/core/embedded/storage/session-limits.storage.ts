import type { EndedSessionsStorage } from './ended-sessions.storage.js';
import type { SessionAge } from './session-age.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionRow } from './sessions.storage.js';
import { everyUserId } from './user-ids.js';

type OwnedSession = Pick<SessionRow, 'session_handle' | 'user_id' | 'tenant_id'>;

/** How many sessions a user has in a tenant. */
export class SessionLimitsStorage {
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly age: SessionAge,
    private readonly ended: EndedSessionsStorage,
  ) {}

  /** Reads no more rows than there may be, and one. */
  async isExceeded(session: OwnedSession, max: number, nowMs: number): Promise<boolean> {
    const beyond = (await this.ofSameUser(session, nowMs)).offset(max).limit(1);
    return (await beyond.executeTakeFirst()) !== undefined;
  }

  /**
   * Ends the oldest of the user's other sessions beyond the limit, as long as this one is there: of two that were made at once,
   * one may have ended the other. Within a transaction, and once the row of the session is committed: everyone who ends
   * sessions of the user locks the rows of all, so that who comes second sees what the first has left.
   * @returns how many were ended, at most `limit`
   */
  async endOldest(session: OwnedSession, max: number, nowMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const all = await this.ofSameUser(session, nowMs);
    if (this.database.hasRowLocks) await all.orderBy('session_handle').forUpdate().execute();
    const oldest = all
      .where('session_handle', '!=', session.session_handle)
      .orderBy('created_at_ms', 'desc')
      .orderBy('session_handle')
      .offset(max - 1)
      .limit(limit);
    const thisSession = db
      .selectFrom('latchkey_sessions as own')
      .select('own.session_handle')
      .where('own.session_handle', '=', session.session_handle);
    const rows = await this.ended.end((sessions) =>
      sessions.where('session_handle', 'in', oldest).where(({ exists }) => exists(thisSession)),
    );
    return rows.length;
  }

  private async ofSameUser({ user_id, tenant_id }: OwnedSession, nowMs: number) {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_sessions')
      .select('session_handle')
      .where('user_id', 'in', everyUserId(user_id))
      .where('tenant_id', '=', tenant_id)
      .where(this.age.isLive(nowMs));
  }
}
