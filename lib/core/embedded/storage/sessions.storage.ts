import type { Selectable } from 'kysely';
import { type FoundSession, sharedClaims, sharedClaimsAtMs, withSharedClaims } from './shared-claims.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionsTable } from './tables.js';
import { everyUserId } from './user-ids.js';

export type SessionRow = Selectable<SessionsTable>;

/** Fewer than the parameters any of the databases takes in one statement. */
const MAX_HANDLES_PER_STATEMENT = 500;

/** Sessions. One whose time is over is not there, even while its row is. */
export class SessionsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @param options.lock keeps others from changing it until the end of the transaction */
  async find(sessionHandle: string, nowMs: number, { lock = false } = {}): Promise<FoundSession | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_sessions')
      .selectAll()
      .select(sharedClaims())
      .where('session_handle', '=', sessionHandle)
      .where('expires_at_ms', '>', nowMs)
      .$if(lock && this.database.hasRowLocks, (query) => query.forUpdate())
      .executeTakeFirst();
    return withSharedClaims(row);
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
      .where('expires_at_ms', '>', nowMs)
      .returningAll()
      .returning(sharedClaims())
      .executeTakeFirst();
    return withSharedClaims(row);
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
      .where('expires_at_ms', '>', nowMs)
      .returningAll()
      .returning(sharedClaims())
      .executeTakeFirst();
    return withSharedClaims(row);
  }

  async handlesOfUser(userId: string, tenantId: string | undefined, nowMs: number): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_sessions')
      .select('session_handle')
      .where('user_id', 'in', everyUserId(userId))
      .where('expires_at_ms', '>', nowMs)
      .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!))
      .orderBy('created_at_ms')
      .orderBy('session_handle')
      .execute();
    return rows.map((row) => row.session_handle);
  }

  /** @returns the handles of those that were alive */
  async delete(sessionHandles: string[], nowMs: number): Promise<string[]> {
    return this.database.transaction(
      async () => {
        const deleted: string[] = [];
        for (let start = 0; start < sessionHandles.length; start += MAX_HANDLES_PER_STATEMENT) {
          const db = await this.database.tables();
          const rows = await db
            .deleteFrom('latchkey_sessions')
            .where('session_handle', 'in', sessionHandles.slice(start, start + MAX_HANDLES_PER_STATEMENT))
            .returning(['session_handle', 'expires_at_ms'])
            .execute();
          deleted.push(...liveHandles(rows, nowMs));
        }
        return deleted;
      },
      { repeatable: true },
    );
  }

  /** @returns the handles of those that were alive */
  async deleteOfUser(userId: string, tenantId: string | undefined, nowMs: number): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .deleteFrom('latchkey_sessions')
      .where('user_id', 'in', everyUserId(userId))
      .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!))
      .returning(['session_handle', 'expires_at_ms'])
      .execute();
    return liveHandles(rows, nowMs);
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
}

function liveHandles(rows: Pick<SessionRow, 'session_handle' | 'expires_at_ms'>[], nowMs: number): string[] {
  return rows.filter((row) => row.expires_at_ms > nowMs).map((row) => row.session_handle);
}
