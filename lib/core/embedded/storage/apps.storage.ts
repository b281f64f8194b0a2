import type { Selectable } from 'kysely';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { AppsTable } from './tables.js';

export type AppRow = Selectable<AppsTable>;

export class AppsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async find(appId: string): Promise<AppRow | undefined> {
    const db = await this.database.tables();
    return db.selectFrom('latchkey_apps').selectAll().where('app_id', '=', appId).executeTakeFirst();
  }

  async list(): Promise<AppRow[]> {
    const db = await this.database.tables();
    return db.selectFrom('latchkey_apps').selectAll().orderBy('created_at_ms').orderBy('app_id').execute();
  }

  /** @returns false when it was there already */
  async insert(row: AppRow): Promise<boolean> {
    const db = await this.database.tables();
    const rows = await db
      .insertInto('latchkey_apps')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('app_id')
      .execute();
    return rows.length === 1;
  }

  /** Takes the row's lock, where the database has such. */
  async lock(appId: string): Promise<AppRow | undefined> {
    const db = await this.database.tables();
    return db.selectFrom('latchkey_apps').selectAll().where('app_id', '=', appId).forUpdate().executeTakeFirst();
  }

  async setConfig(appId: string, coreConfig: string): Promise<void> {
    const db = await this.database.tables();
    await db.updateTable('latchkey_apps').set({ core_config: coreConfig }).where('app_id', '=', appId).execute();
  }

  async delete(appId: string): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db.deleteFrom('latchkey_apps').where('app_id', '=', appId).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }
}
