import type { Selectable } from 'kysely';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { SigningKeysTable } from './tables.js';

export type SigningKeyRow = Selectable<SigningKeysTable>;

export class SigningKeysStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /** Oldest first within a kind. */
  async list(): Promise<SigningKeyRow[]> {
    const db = await this.database.tables();
    return db.selectFrom('latchkey_signing_keys').selectAll().orderBy('kind').orderBy('sequence').execute();
  }

  /** Leaves out a key whose place in the sequence another process has filled. */
  async insert(row: SigningKeyRow): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_signing_keys')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async delete(kids: string[]): Promise<void> {
    if (kids.length === 0) return;
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_signing_keys').where('kid', 'in', kids).execute();
  }
}
