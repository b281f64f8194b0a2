import type { Selectable } from 'kysely';
import { SessionAge } from './session-age.js';
import { type FoundSession, sharedClaims, sharedClaimsAtMs, withSharedClaims } from './shared-claims.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionsTable } from './tables.js';
import { everyUserId } from './user-ids.js';

export type SessionRow = Selectable<SessionsTable>;
type StoredSession = Parameters<typeof withSharedClaims>[0];

/** Sessions while they last. @see SessionAge for which of them are there, EndedSessionsStorage for their ends */
export class SessionsStorage {
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly age = new SessionAge(),
  ) {}

  /** @param options.lock keeps others from changing it until the end of the transaction */
  async find(sessionHandle: string, nowMs: number, { lock = false } = {}): Promise<FoundSession | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_sessions')
      .selectAll()
      .select(sharedClaims())
      .where('session_handle', '=', sessionHandle)
      .where(this.age.isLive(nowMs))
      .$if(lock && this.database.hasRowLocks, (query) => query.forUpdate())
      .executeTakeFirst();
    return this.found(row);
  }

  /**
   * Puts the successor in place of the parent, if the parent still is the current refresh token.
   * @returns the row as it is then; undefined when somebody else was faster, or the session has ended
   */
  async rotate(
    sessionHandle: string,
    parentHash: string,
    successorHash: string,
    nowMs: number,
    expiresAtMs: number,
  ): Promise<FoundSession | undefined> {
    const db = await this.database.tables();
    const row = await db
      .updateTable('latchkey_sessions')
      .set({
        refresh_token_hash: successorHash,
        previous_refresh_token_hash: parentHash,
        rotated_at_ms: nowMs,
        expires_at_ms: expiresAtMs,
      })
      .where('session_handle', '=', sessionHandle)
      .where('refresh_token_hash', '=', parentHash)
      .where(this.age.isLive(nowMs))
      .returningAll()
      .returning(sharedClaims())
      .executeTakeFirst();
    return this.found(row);
  }

  /** The parent of `currentHash` does not work any more then. Nothing happens when the session has moved on. */
  async forgetPrevious(sessionHandle: string, currentHash: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .updateTable('latchkey_sessions')
      .set({ previous_refresh_token_hash: null })
      .where('session_handle', '=', sessionHandle)
      .where('refresh_token_hash', '=', currentHash)
      .execute();
  }

  /**
   * @param change a payload with the `claims_at_ms` of the session that it was made from; one without replaces everything
   * @returns the row as it is then, or undefined when the session does not exist
   */
  async update(
    sessionHandle: string,
    change: Partial<Pick<SessionRow, 'access_token_payload' | 'session_data' | 'claims_at_ms'>>,
    nowMs: number,
  ): Promise<FoundSession | undefined> {
    const db = await this.database.tables();
    const replacesClaims = change.access_token_payload !== undefined && change.claims_at_ms === undefined;
    const row = await db
      .updateTable('latchkey_sessions')
      .set(replacesClaims ? { ...change, claims_at_ms: sharedClaimsAtMs() } : change)
      .where('session_handle', '=', sessionHandle)
      .where(this.age.isLive(nowMs))
      .returningAll()
      .returning(sharedClaims())
      .executeTakeFirst();
    return this.found(row);
  }

  async handlesOfUser(userId: string, tenantId: string | undefined, nowMs: number): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_sessions')
      .select('session_handle')
      .where('user_id', 'in', everyUserId(userId))
      .where(this.age.isLive(nowMs))
      .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!))
      .orderBy('created_at_ms')
      .orderBy('session_handle')
      .execute();
    return rows.map((row) => row.session_handle);
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteExpired(nowMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_sessions')
      .where('session_handle', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_sessions as expired')
          .select('expired.session_handle')
          .where('expired.expires_at_ms', '<=', nowMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  private found<Row extends StoredSession | undefined>(row: Row): FoundSession | Extract<Row, undefined> {
    if (row === undefined) return undefined as Extract<Row, undefined>;
    return withSharedClaims({ ...row, expires_at_ms: this.age.cut(row.expires_at_ms, row.created_at_ms) });
  }
}
