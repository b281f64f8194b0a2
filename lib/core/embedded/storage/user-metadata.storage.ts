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
