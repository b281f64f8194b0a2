import type { Selectable } from 'kysely';
import type { UserIdType } from '../../user-id-mapping.core.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { UserIdMappingsTable } from './tables.js';

export type UserIdMappingRow = Selectable<UserIdMappingsTable>;

export class UserIdMappingStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** @returns whether it is the id of a user or of a login method, and not one of another system */
  async isOwnId(id: string): Promise<boolean> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_login_methods')
      .select('recipe_user_id')
      .where((eb) => eb.or([eb('recipe_user_id', '=', id), eb('user_id', '=', id)]))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** @returns false, and nothing is written, when one of both ids is mapped already */
  async insert(row: UserIdMappingRow): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_user_id_mappings')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('user_id')
      .execute();
    return rows.length === 1;
  }

  /** @returns at most one of each kind of id */
  async find(userId: string, externalUserId: string): Promise<UserIdMappingRow[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_user_id_mappings')
      .selectAll()
      .where((eb) => eb.or([eb('user_id', '=', userId), eb('external_user_id', '=', externalUserId)]))
      .execute();
  }

  /** @returns the mapping of the id; where both kinds are meant, our own ids come first */
  async get(id: string, type: UserIdType): Promise<UserIdMappingRow | undefined> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_user_id_mappings')
      .selectAll()
      .where((eb) =>
        eb.or([
          ...(type === 'EXTERNAL' ? [] : [eb('user_id', '=', id)]),
          ...(type === 'SUPERTOKENS' ? [] : [eb('external_user_id', '=', id)]),
        ]),
      )
      .execute();
    return rows.find((row) => row.user_id === id) ?? rows[0];
  }

  async delete(userId: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db.deleteFrom('latchkey_user_id_mappings').where('user_id', '=', userId).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async updateInfo(userId: string, info: string | null): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .updateTable('latchkey_user_id_mappings')
      .set({ external_user_id_info: info })
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }
}
