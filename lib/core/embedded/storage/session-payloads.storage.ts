import type { SessionGroup } from '../../sessions.core.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SessionRow } from './sessions.storage.js';
import { everyUserId } from './user-ids.js';

export type PayloadRow = Pick<SessionRow, 'session_handle' | 'access_token_payload'>;
export type SessionGroupRows = SessionGroup & { handles: string[] };

/** The custom claims of sessions, where they are changed by what they are. */
export class SessionPayloadsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns undefined, and nothing is written, when the session is gone or its payload is not `from` any more */
  async replace(sessionHandle: string, from: string, to: string, nowMs: number): Promise<SessionRow | undefined> {
    const db = await this.database.tables();
    return db
      .updateTable('latchkey_sessions')
      .set({ access_token_payload: to })
      .where('session_handle', '=', sessionHandle)
      .where('access_token_payload', '=', from)
      .where('expires_at_ms', '>', nowMs)
      .returningAll()
      .executeTakeFirst();
  }

  /**
   * The sessions of a user, by login method and tenant.
   * @param recipeUserId those of one login method only
   */
  async groupsOf(userId: string, recipeUserId: string | undefined, nowMs: number): Promise<SessionGroupRows[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_sessions')
      .select(['session_handle', 'user_id', 'recipe_user_id', 'tenant_id'])
      .where('user_id', 'in', everyUserId(userId))
      .$if(recipeUserId !== undefined, (query) => query.where('recipe_user_id', 'in', everyUserId(recipeUserId!)))
      .where('expires_at_ms', '>', nowMs)
      .orderBy('session_handle')
      .execute();
    const groups = new Map<string, SessionGroupRows>();
    for (const row of rows) {
      const [userId, recipeUserId, tenantId] = [row.user_id, row.recipe_user_id, row.tenant_id];
      const key = JSON.stringify([userId, recipeUserId, tenantId]);
      const group = groups.get(key) ?? { userId, recipeUserId, tenantId, handles: [] };
      group.handles.push(row.session_handle);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  /** Within a transaction: nobody else changes them until its end. In one order, or two who lock some would deadlock. */
  async lock(sessionHandles: string[]): Promise<PayloadRow[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_sessions')
      .select(['session_handle', 'access_token_payload'])
      .where('session_handle', 'in', sessionHandles)
      .orderBy('session_handle')
      .$if(this.database.hasRowLocks, (query) => query.forUpdate())
      .execute();
  }

  /** One statement for all; they are locked before. */
  async set(rows: PayloadRow[]): Promise<void> {
    const [first, ...others] = rows;
    if (first === undefined) return;
    const db = await this.database.tables();
    await db
      .updateTable('latchkey_sessions')
      .set(({ case: choose, ref }) => {
        const start = choose(ref('session_handle')).when(first.session_handle).then(first.access_token_payload);
        const payload = others.reduce(
          (branches, row) => branches.when(row.session_handle).then(row.access_token_payload),
          start,
        );
        return { access_token_payload: payload.else(ref('access_token_payload')).end() };
      })
      .where(
        'session_handle',
        'in',
        rows.map((row) => row.session_handle),
      )
      .execute();
  }
}
