import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeleteQueryBuilder } from 'kysely';
import type { SessionsOfUser } from '../../sessions.core.js';
import type { RevocationLog } from './revocation-log.js';
import type { SessionAge } from './session-age.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { sessionsOfUser } from './sessions-of-user.js';
import type { SessionsTable, Tables } from './tables.js';
import { everyUserId } from './user-ids.js';

/** Fewer than the parameters any of the databases takes in one statement, and a few milliseconds of work. */
const BATCH_SIZE = 500;

type EndedSession = Pick<SessionsTable, 'session_handle' | 'created_at_ms' | 'expires_at_ms'>;
type SessionsToEnd = DeleteQueryBuilder<Tables, 'latchkey_sessions', object>;

/** Whatever ends a session before its time comes through `end`, which tells the log in the same transaction. */
export class EndedSessionsStorage {
  /** @param log undefined where nobody reads it: then access tokens go on until they expire */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly age: SessionAge,
    private readonly log?: RevocationLog,
  ) {}

  /** @param narrow to at most some thousand sessions */
  async end(narrow: (sessions: SessionsToEnd) => SessionsToEnd): Promise<EndedSession[]> {
    const remove = async () => {
      const db = await this.database.tables();
      const sessions = narrow(db.deleteFrom('latchkey_sessions') as SessionsToEnd);
      return sessions.returning(['session_handle', 'created_at_ms', 'expires_at_ms']).execute();
    };
    const { log } = this;
    if (log === undefined) return remove();
    const removeAndTell = async () => {
      const rows = await remove();
      await log.write(
        'sessions',
        rows.map((row) => row.session_handle),
      );
      return rows;
    };
    return this.database.transaction(removeAndTell, { repeatable: true });
  }

  /**
   * A batch at a time, so that others get their turns between; all at once within a transaction.
   * @returns the handles of those that were alive
   */
  async delete(sessionHandles: string[], nowMs: number): Promise<string[]> {
    const deleted: string[] = [];
    for (let start = 0; start < sessionHandles.length; start += BATCH_SIZE) {
      if (start > 0) await nextTurn();
      const batch = sessionHandles.slice(start, start + BATCH_SIZE);
      const rows = await this.end((sessions) => sessions.where('session_handle', 'in', batch));
      deleted.push(...this.liveHandles(rows, nowMs));
    }
    return deleted;
  }

  /** As `delete`. Others may be ending some of them at the same time: none is there at the end. */
  async deleteOfUser(sessions: SessionsOfUser, nowMs: number): Promise<string[]> {
    const deleted: string[] = [];
    for (;;) {
      const db = await this.database.tables();
      const some = await sessionsOfUser(db, sessions).limit(BATCH_SIZE).execute();
      const handles = some.map((row) => row.session_handle);
      deleted.push(...(await this.delete(handles, nowMs)));
      if (handles.length < BATCH_SIZE) return deleted;
      await nextTurn();
    }
  }

  /** @param input with our own ids of a login method and its user, or without, for everybody in the tenant */
  async deleteOfTenant(input: { tenantId: string; userId?: string; recipeUserId?: string }): Promise<void> {
    const { tenantId, userId, recipeUserId } = input;
    await this.end((sessions) =>
      sessions
        .where('tenant_id', '=', tenantId)
        .$if(recipeUserId !== undefined, (query) => query.where('recipe_user_id', 'in', everyUserId(recipeUserId!)))
        .$if(userId !== undefined, (query) => query.where('user_id', 'in', everyUserId(userId!))),
    );
  }

  private liveHandles(rows: EndedSession[], nowMs: number): string[] {
    return rows
      .filter((row) => this.age.cut(row.expires_at_ms, row.created_at_ms) > nowMs)
      .map((row) => row.session_handle);
  }
}
