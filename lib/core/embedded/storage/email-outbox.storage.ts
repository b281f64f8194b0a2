import type { Selectable } from 'kysely';
import { GIVEN_UP } from '../../email-outbox.core.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { EmailOutboxTable } from './tables.js';
import { storedUserId } from './user-ids.js';

export type EmailOutboxRow = Selectable<EmailOutboxTable>;

interface Claim {
  emailId: string;
  attempt: number;
}

interface DueRows {
  nowMs: number;
  leaseEndMs: number;
  limit: number;
  line: string;
  emailIds?: string[];
}

export class EmailOutboxStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  async insert(row: EmailOutboxRow): Promise<void> {
    const db = await this.database.tables();
    const recipe_user_id = storedUserId(row.recipe_user_id);
    await db
      .insertInto('latchkey_email_outbox')
      .values({ ...row, recipe_user_id })
      .execute();
  }

  /**
   * One statement: of several who claim at once, each gets rows that nobody else gets. The due ones are found by themselves
   * first: PostgreSQL may run a subquery again for each row, and what that has locked already, it passes over as well.
   */
  async claimDue({ nowMs, leaseEndMs, limit, line, emailIds }: DueRows): Promise<EmailOutboxRow[]> {
    const db = await this.database.tables();
    const rows = await db
      .with(
        (name) => name('found').materialized(),
        (tables) =>
          tables
            .selectFrom('latchkey_email_outbox')
            .select('email_id')
            .where('line', '=', line)
            .where('due_at_ms', '<=', nowMs)
            .$if(emailIds !== undefined, (query) => query.where('email_id', 'in', emailIds!))
            .orderBy('due_at_ms')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
      )
      .updateTable('latchkey_email_outbox')
      .set((eb) => ({ due_at_ms: leaseEndMs, attempts: eb('attempts', '+', 1) }))
      .where('email_id', 'in', ({ selectFrom }) => selectFrom('found').select('email_id'))
      .where('due_at_ms', '<=', nowMs)
      .returningAll()
      .execute();
    return rows.sort((one, other) => one.created_at_ms - other.created_at_ms);
  }

  /** @returns how many of a line there are, and when the oldest was written */
  async waiting(line: string): Promise<{ waiting: number; oldestAtMs?: number }> {
    const db = await this.database.tables();
    const { waiting, oldest } = await db
      .selectFrom('latchkey_email_outbox')
      .select(({ fn }) => [fn.countAll().as('waiting'), fn.min('created_at_ms').as('oldest')])
      .where('line', '=', line)
      .executeTakeFirstOrThrow();
    return { waiting: Number(waiting), ...(oldest === null ? {} : { oldestAtMs: Number(oldest) }) };
  }

  /** @returns whether the claim still held */
  async setDue({ emailId, attempt }: Claim, dueAtMs: number): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .updateTable('latchkey_email_outbox')
      .set({ due_at_ms: dueAtMs })
      .where('email_id', '=', emailId)
      .where('attempts', '=', attempt)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /** @returns whether the claim still held */
  async delete({ emailId, attempt }: Claim): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_email_outbox')
      .where('email_id', '=', emailId)
      .where('attempts', '=', attempt)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  /** @returns false where the claim is void, or the email has expired */
  async giveUp({ emailId, attempt }: Claim, nowMs: number): Promise<boolean> {
    const db = await this.database.tables();
    const result = await db
      .updateTable('latchkey_email_outbox')
      .set(({ ref }) => ({ line: GIVEN_UP, due_at_ms: ref('expires_at_ms') }))
      .where('email_id', '=', emailId)
      .where('attempts', '=', attempt)
      .where('line', '!=', GIVEN_UP)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /** @returns how many there were */
  async retryGivenUp(nowMs: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .updateTable('latchkey_email_outbox')
      .set({ line: 'messages', due_at_ms: nowMs, attempts: 0 })
      .where('line', '=', GIVEN_UP)
      .where('due_at_ms', '>', nowMs)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async deleteUserData(recipeUserIds: string[]): Promise<void> {
    if (recipeUserIds.length === 0) return;
    const db = await this.database.tables();
    await db.deleteFrom('latchkey_email_outbox').where('recipe_user_id', 'in', recipeUserIds).execute();
  }

  /** @param recipeUserId only of that login method */
  async deleteTenantData(tenantId: string, recipeUserId?: string): Promise<void> {
    const db = await this.database.tables();
    let deletion = db.deleteFrom('latchkey_email_outbox').where('tenant_id', '=', tenantId);
    if (recipeUserId !== undefined) deletion = deletion.where('recipe_user_id', '=', recipeUserId);
    await deletion.execute();
  }

  /** @returns how many rows were deleted, at most `limit` */
  async deleteExpired(beforeMs: number, limit: number): Promise<number> {
    const db = await this.database.tables();
    const result = await db
      .deleteFrom('latchkey_email_outbox')
      .where('email_id', 'in', ({ selectFrom }) =>
        selectFrom('latchkey_email_outbox as expired')
          .select('expired.email_id')
          .where('expired.due_at_ms', '<=', beforeMs)
          .where('expired.expires_at_ms', '<=', beforeMs)
          .limit(limit),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
