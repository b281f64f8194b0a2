import type { SqlAuthDatabase } from './sql-auth-database.js';
import { storedUserId } from './user-ids.js';

/** JSON texts by user; ids as they come from outside. */
export class UserMetadataStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async find(userId: string): Promise<string | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_user_metadata')
      .select('metadata')
      .where('user_id', '=', storedUserId(userId))
      .executeTakeFirst();
    return row?.metadata;
  }

  /** @returns by the ids that are given */
  async findMany(userIds: readonly string[]): Promise<Map<string, string>> {
    if (userIds.length === 0) return new Map();
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_user_metadata as stored')
      .leftJoin('latchkey_user_id_mappings as mapping', 'mapping.user_id', 'stored.user_id')
      .select(['stored.user_id', 'stored.metadata', 'mapping.external_user_id'])
      .where('stored.user_id', 'in', userIds.map(storedUserId))
      .execute();
    const found = new Map<string | null, string>();
    for (const { user_id, external_user_id, metadata } of rows) {
      found.set(user_id, metadata).set(external_user_id, metadata);
    }
    return new Map(userIds.flatMap((userId) => (found.has(userId) ? [[userId, found.get(userId)!] as const] : [])));
  }

  /**
   * What is stored, made where there is nothing. Within a transaction: writing the row keeps others from
   * reading it until the end, so that of two who change it the second sees what the first has made of it.
   */
  async lock(userId: string): Promise<string> {
    const db = await this.database.tables();
    const row = await db
      .insertInto('latchkey_user_metadata')
      .values({ user_id: storedUserId(userId), metadata: '{}' })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet(({ ref }) => ({ user_id: ref('excluded.user_id') })),
      )
      .returning('metadata')
      .executeTakeFirstOrThrow();
    return row.metadata;
  }

  async replace(userId: string, metadata: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .updateTable('latchkey_user_metadata')
      .set({ metadata })
      .where('user_id', '=', storedUserId(userId))
      .execute();
  }

  async delete(userId: string): Promise<void> {
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_user_metadata').where('user_id', '=', storedUserId(userId)).execute();
  }
}
