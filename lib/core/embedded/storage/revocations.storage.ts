import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { RevocationsTable } from './tables.js';

const PAGE_SIZE = 2000;

/** Something that every process has to know of before it accepts another access token. */
export interface Revocation {
  kind: RevocationsTable['kind'];
  /** Session handles, or user ids as tokens have them. */
  subjects: string[];
  writtenAtMs: number;
}

/** Behind which row the next one is read. */
export interface PagePosition {
  position: string;
  id: string;
}

interface StoredRevocation extends Revocation, PagePosition {}

/**
 * The last revocations, in an order in which no reader misses one. Readers remember a horizon: rows that they did not see, since
 * their transactions were not committed yet, come at it or after it. Rows at the horizon may be read twice.
 */
export class RevocationsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async insert({ kind, subjects, writtenAtMs }: Revocation): Promise<void> {
    const db = await this.database.tables();
    await db
      .insertInto('latchkey_revocations')
      .values({
        revocation_id: randomUUID(),
        position: this.database.revocationOrder.next,
        kind,
        subjects: JSON.stringify(subjects),
        written_at_ms: writtenAtMs,
      })
      .execute();
  }

  /** To be asked for before rows are read, and to be read from the next time. */
  async horizon(): Promise<string> {
    const db = await this.database.tables();
    const { horizon } = await db
      .selectNoFrom(this.database.revocationOrder.horizon.as('horizon'))
      .executeTakeFirstOrThrow();
    return String(horizon);
  }

  /** In pages, so that others get their turns between. */
  async *readFrom(horizon: string): AsyncGenerator<StoredRevocation[]> {
    let after = { position: horizon, id: '' };
    for (;;) {
      const rows = await this.readPage(after, PAGE_SIZE);
      yield rows;
      if (rows.length < PAGE_SIZE) return;
      after = rows.at(-1)!;
    }
  }

  async readPage(after: PagePosition, limit: number): Promise<StoredRevocation[]> {
    const db = await this.database.tables();
    const rows = await db
      .selectFrom('latchkey_revocations')
      .selectAll()
      .where('position', '>=', after.position)
      .where((eb) => eb.or([eb('position', '>', after.position), eb('revocation_id', '>', after.id)]))
      .orderBy('position')
      .orderBy('revocation_id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.revocation_id,
      position: String(row.position),
      kind: row.kind,
      subjects: JSON.parse(row.subjects) as string[],
      writtenAtMs: row.written_at_ms,
    }));
  }

  /** All but the last one, after which positions are counted. @returns how many rows were deleted, at most `limit` */
  async deleteBefore(writtenAtMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_revocations')
      .where('revocation_id', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_revocations as old')
          .select('old.revocation_id')
          .where('old.written_at_ms', '<', writtenAtMs)
          .where('old.position', '<', ({ selectFrom: last }) =>
            last('latchkey_revocations as newer').select(sql<number>`max(newer.position)`.as('position')),
          )
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
