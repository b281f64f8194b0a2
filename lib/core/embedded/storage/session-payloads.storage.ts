import type { SessionGroup } from '../../sessions.core.js';
import type { SessionAge } from './session-age.js';
import { type FoundSession, sharedClaims, withSharedClaims } from './shared-claims.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import { everyUserId } from './user-ids.js';

/** The custom claims of sessions, where they are changed by what they are. */
export class SessionPayloadsStorage {
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly age: SessionAge,
  ) {}

  /**
   * @param read the session as it was found
   * @returns undefined, and nothing is written, when the session is gone or its row holds another payload by now
   */
  async replace(
    read: Pick<FoundSession, 'session_handle' | 'stored_payload' | 'claims_at_ms'>,
    payload: string,
    nowMs: number,
  ): Promise<FoundSession | undefined> {
    const db = await this.database.tables();
    const row = await db
      .updateTable('latchkey_sessions')
      .set({ access_token_payload: payload, claims_at_ms: read.claims_at_ms })
      .where('session_handle', '=', read.session_handle)
      .where('access_token_payload', '=', read.stored_payload)
      .where(this.age.isLive(nowMs))
      .returningAll()
      .returning(sharedClaims())
      .executeTakeFirst();
    return withSharedClaims(row);
  }

  /**
   * The login methods and tenants that a user has sessions of.
   * @param recipeUserId one login method only
   */
  async groupsOf(userId: string, recipeUserId: string | undefined, nowMs: number): Promise<SessionGroup[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_sessions')
      .select(['user_id as userId', 'recipe_user_id as recipeUserId', 'tenant_id as tenantId'])
      .distinct()
      .where('user_id', 'in', everyUserId(userId))
      .$if(recipeUserId !== undefined, (query) => query.where('recipe_user_id', 'in', everyUserId(recipeUserId!)))
      .where(this.age.isLive(nowMs))
      .orderBy('user_id')
      .orderBy('recipe_user_id')
      .orderBy('tenant_id')
      .execute();
  }
}
