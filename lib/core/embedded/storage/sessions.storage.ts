import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { SessionAge } from './session-age.js';
import { type FoundSession, sharedClaims, sharedClaimsAtMs, withSharedClaims } from './shared-claims.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionsTable } from './tables.js';
import { everyUserId } from './user-ids.js';

export type SessionRow = Selectable<SessionsTable>;
type StoredSession = Parameters<typeof withSharedClaims>[0];

/** Fewer than the parameters any of the databases takes in one statement, and a few milliseconds of work. */
const BATCH_SIZE = 500;

/** Sessions. @see SessionAge for which of them are there */
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

  /**
   * A batch at a time, so that others get their turns between; all at once within a transaction.
   * @returns the handles of those that were alive
   */
  async delete(sessionHandles: string[], nowMs: number): Promise<string[]> {
    const deleted: string[] = [];
    for (let start = 0; start < sessionHandles.length; start += BATCH_SIZE) {
      if (start > 0) await nextTurn();
      const db = await this.database.tables();
      const rows = await db
        .deleteFrom('latchkey_sessions')
        .where('session_handle', 'in', sessionHandles.slice(start, start + BATCH_SIZE))
        .returning(['session_handle', 'created_at_ms', 'expires_at_ms'])
        .execute();
      deleted.push(...this.liveHandles(rows, nowMs));
    }
    return deleted;
  }

  /** As `delete`. Others may be ending some of them at the same time: none is there at the end. */
  async deleteOfUser(userId: string, tenantId: string | undefined, nowMs: number): Promise<string[]> {
    const deleted: string[] = [];
    for (;;) {
      const db = await this.database.tables();
      const some = await db
        .selectFrom('latchkey_sessions')
        .select('session_handle')
        .where('user_id', 'in', everyUserId(userId))
        .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!))
        .limit(BATCH_SIZE)
        .execute();
      const handles = some.map((row) => row.session_handle);
      deleted.push(...(await this.delete(handles, nowMs)));
      if (handles.length < BATCH_SIZE) return deleted;
      await nextTurn();
    }
  }

  /** @param input with our own ids of a login method and its user, or without, for everybody in the tenant */
  async deleteOfTenant(input: { tenantId: string; userId?: string; recipeUserId?: string }): Promise<void> {
    const { tenantId, userId, recipeUserId } = input;
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_sessions')
      .where('tenant_id', '=', tenantId)
      .$if(recipeUserId !== undefined, (query) => query.where('recipe_user_id', 'in', everyUserId(recipeUserId!)))
      .$if(userId !== undefined, (query) => query.where('user_id', 'in', everyUserId(userId!)))
      .execute();
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

  private liveHandles(
    rows: Pick<SessionRow, 'session_handle' | 'created_at_ms' | 'expires_at_ms'>[],
    nowMs: number,
  ): string[] {
    return rows
      .filter((row) => this.age.cut(row.expires_at_ms, row.created_at_ms) > nowMs)
      .map((row) => row.session_handle);
  }
}
