import type { DeletedUser, NeedsHousekeeping, OwnsUserData } from './engine-part.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { UserActivityStorage } from './storage/user-activity.storage.js';

/** Of so many users the times are kept in memory. */
const MAX_UNWRITTEN = 10_000;

/**
 * When users were last active: when they got a session, or refreshed one. The times are kept in memory and written together once
 * a minute, so that a refresh costs no statement more. A process that is killed loses those of a minute.
 */
export class UserActivity implements NeedsHousekeeping, OwnsUserData {
  private readonly storage: UserActivityStorage;
  private unwritten = new Map<string, number>();

  constructor(private readonly database: SqlAuthDatabase) {
    this.storage = new UserActivityStorage(database);
  }

  /** @param userId as it is shown. Within a transaction, it counts once that is committed */
  async note(userId: string, activeAtMs: number): Promise<void> {
    await this.database.afterCommit(() => {
      this.unwritten.set(userId, activeAtMs);
      if (this.unwritten.size >= MAX_UNWRITTEN) void this.write().catch(() => undefined);
    });
  }

  /** Of this process up to now, of others as they have written it. */
  async countSince(sinceMs: number): Promise<number> {
    // What is written in a transaction that is rolled back would be forgotten.
    if (!this.database.inTransaction) await this.write();
    return this.storage.countSince(sinceMs);
  }

  async write(): Promise<void> {
    const { unwritten } = this;
    if (unwritten.size === 0) return;
    this.unwritten = new Map();
    try {
      await this.storage.write(unwritten);
    } catch (error) {
      // Next time, unless there are too many by then.
      for (const [userId, activeAtMs] of unwritten) {
        if (this.unwritten.size < MAX_UNWRITTEN && !this.unwritten.has(userId)) this.unwritten.set(userId, activeAtMs);
      }
      throw error;
    }
  }

  async housekeep(): Promise<void> {
    await this.write();
  }

  async deleteUserData({ userId, recipeUserIds }: DeletedUser): Promise<void> {
    const ids = [...new Set([userId, ...recipeUserIds])];
    for (const id of [...ids, ...(await this.storage.externalIdsOf(ids))]) this.unwritten.delete(id);
    await this.storage.deleteOfUsers(ids);
  }
}
