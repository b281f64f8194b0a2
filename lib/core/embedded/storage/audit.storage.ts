import type { SqlAuthDatabase } from './sql-auth-database.js';

export interface AuditRow {
  entry_id: string;
  at_ms: number;
  action: string;
  actor: string;
  tenant_id: string;
  user_id: string | null;
  address: string | null;
  detail: string;
}

declare module './tables.js' {
  interface Tables {
    latchkey_audit: AuditRow;
  }
}

export type AuditPosition = Pick<AuditRow, 'at_ms' | 'entry_id'>;

/** What was done in the dashboard. */
export class AuditStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async insert(row: AuditRow): Promise<void> {
    const db = await this.database.tables();
    await db.insertInto('latchkey_audit').values(row).execute();
  }

  /** One walk along an index, the latest first. @param after the last entry of the page before */
  async page(userId: string | undefined, after: AuditPosition | undefined, limit: number): Promise<AuditRow[]> {
    const db = await this.database.tables();
    return db
      .selectFrom('latchkey_audit')
      .selectAll()
      .$if(userId !== undefined, (query) => query.where('user_id', '=', userId!))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('at_ms', 'entry_id'), '<', tuple(after!.at_ms, after!.entry_id)),
        ),
      )
      .orderBy('at_ms', 'desc')
      .orderBy('entry_id', 'desc')
      .limit(limit)
      .execute();
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteBefore(beforeMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_audit')
      .where('entry_id', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_audit as old').select('old.entry_id').where('old.at_ms', '<', beforeMs).limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
