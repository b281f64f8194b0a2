import type { SqlAuthDatabase } from './sql-auth-database.js';

declare module './tables.js' {
  interface Tables {
    /** By our own ids; of users who live elsewhere, by theirs. */
    latchkey_user_activity: { user_id: string; active_at_ms: number };
  }
}

const ROWS_IN_A_STATEMENT = 500;

/** When each user was last active. */
export class UserActivityStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** A time that is later than the one stored replaces it. @param seen times by ids as they are shown */
  async write(seen: ReadonlyMap<string, number>): Promise<void> {
    const all = [...seen];
    for (let start = 0; start < all.length; start += ROWS_IN_A_STATEMENT) {
      await this.writeSome(all.slice(start, start + ROWS_IN_A_STATEMENT));
    }
  }

  async countSince(sinceMs: number): Promise<number> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_user_activity')
      .select(({ fn }) => fn.countAll<number>().as('users'))
      .where('active_at_ms', '>=', sinceMs)
      .executeTakeFirstOrThrow();
    return Number(row.users);
  }

  async deleteOfUsers(userIds: string[]): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_user_activity').where('user_id', 'in', userIds).execute();
  }

  /** @returns the ids that others know the users by, as far as there are such */
  async externalIdsOf(userIds: string[]): Promise<string[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_user_id_mappings')
      .select('external_user_id')
      .where('user_id', 'in', userIds)
      .execute();
    return rows.map((row) => row.external_user_id);
  }

  private async writeSome(seen: [userId: string, activeAtMs: number][]): Promise<void> {
    const db = await this.database.tables();
    const mappings = await db
      .selectFrom('latchkey_user_id_mappings')
      .select(['external_user_id', 'user_id'])
      .where(
        'external_user_id',
        'in',
        seen.map(([userId]) => userId),
      )
      .execute();
    const ownIds = new Map(mappings.map((row) => [row.external_user_id, row.user_id]));
    // A statement must not write one row twice.
    const times = new Map<string, number>();
    for (const [userId, activeAtMs] of seen) {
      const ownId = ownIds.get(userId) ?? userId;
      times.set(ownId, Math.max(activeAtMs, times.get(ownId) ?? 0));
    }
    // One order for all, or two processes that write the same users would wait for each other.
    const rows = [...times].map(([user_id, active_at_ms]) => ({ user_id, active_at_ms }));
    await db
      .insertInto('latchkey_user_activity')
      .values(rows.sort((a, b) => (a.user_id < b.user_id ? -1 : 1)))
      .onConflict((conflict) =>
        conflict
          .column('user_id')
          .doUpdateSet(({ ref }) => ({ active_at_ms: ref('excluded.active_at_ms') }))
          .whereRef('latchkey_user_activity.active_at_ms', '<', 'excluded.active_at_ms'),
      )
      .execute();
  }
}
