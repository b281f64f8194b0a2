import { CompiledStatement } from './compiled-statement.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';

/** An attempt that fills the bucket for `stepMs`; there is room as long as it is full for less than `capacityMs`. */
interface StoredAttempt {
  bucket: string;
  nowMs: number;
  stepMs: number;
  capacityMs: number;
}

interface Taking extends Pick<StoredAttempt, 'bucket' | 'nowMs' | 'stepMs'> {
  /** Where the bucket was empty. */
  freeAtMs: number;
  /** There is room in one that is free by then. */
  roomUntilMs: number;
}

/** One row for each bucket: when it is as good as new (the generic cell rate algorithm, ITU-T I.371). */
export class AttemptsStorage {
  private readonly taking: CompiledStatement<Taking, unknown>;

  constructor(private readonly database: SqlAuthDatabase) {
    this.taking = new CompiledStatement(database, (db, { bucket, nowMs, stepMs, freeAtMs, roomUntilMs }) =>
      db
        .insertInto('latchkey_attempts')
        .values({ bucket, free_at_ms: freeAtMs })
        .onConflict((conflict) =>
          conflict
            .column('bucket')
            .doUpdateSet(({ eb }) => ({
              free_at_ms: eb
                .case()
                .when('latchkey_attempts.free_at_ms', '>', nowMs)
                .then(eb('latchkey_attempts.free_at_ms', '+', stepMs))
                .else(eb.ref('excluded.free_at_ms'))
                .end(),
            }))
            .where('latchkey_attempts.free_at_ms', '<=', roomUntilMs),
        )
        .returning('free_at_ms'),
    );
  }

  /** One statement, so that of several at once none is lost. @returns whether there was room; else nothing is written */
  async take({ bucket, nowMs, stepMs, capacityMs }: StoredAttempt): Promise<boolean> {
    const [freeAtMs, roomUntilMs] = [nowMs + stepMs, nowMs + capacityMs - stepMs];
    const rows = await this.taking.execute({ bucket, nowMs, stepMs, freeAtMs, roomUntilMs });
    return rows.length === 1;
  }

  async findFreeAtMs(bucket: string): Promise<number | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_attempts')
      .select('free_at_ms')
      .where('bucket', '=', bucket)
      .executeTakeFirst();
    return row?.free_at_ms;
  }

  async giveBack(bucket: string, stepMs: number): Promise<void> {
    const db = await this.database.tables();
    await db
      .updateTable('latchkey_attempts')
      .set(({ eb }) => ({ free_at_ms: eb('free_at_ms', '-', stepMs) }))
      .where('bucket', '=', bucket)
      .execute();
  }

  async delete(buckets: string[]): Promise<void> {
    if (buckets.length === 0) return;
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_attempts').where('bucket', 'in', buckets).execute();
  }

  /** @param prefix ends with a full stop, as the column is sorted by bytes */
  async deleteByPrefix(prefix: string): Promise<void> {
    const db = await this.database.tables();
    await db
      .deleteFrom('latchkey_attempts')
      .where('bucket', '>=', prefix)
      .where('bucket', '<', `${prefix.slice(0, -1)}/`)
      .execute();
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteFreeBy(freeByMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_attempts')
      .where('bucket', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_attempts as free')
          .select('free.bucket')
          .where('free.free_at_ms', '<=', freeByMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  /** Up to when those are free that are too many: the fullest `kept` stay. @returns undefined where there are not so many */
  async findExcess(kept: number): Promise<number | undefined> {
    const db = await this.database.tables();
    const row = await db
      .selectFrom('latchkey_attempts')
      .select('free_at_ms')
      .orderBy('free_at_ms', 'desc')
      .offset(kept)
      .limit(1)
      .executeTakeFirst();
    return row?.free_at_ms;
  }
}
